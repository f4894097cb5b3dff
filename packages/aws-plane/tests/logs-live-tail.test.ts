// Live Tail through the real server: the SDK for JavaScript, boto3 and the AWS CLI with their own host prefix, raw bytes.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  type CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  StartLiveTailCommand,
  type StartLiveTailCommandInput,
  type StartLiveTailResponseStream,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Logger, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore } from '@pergola/store';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAwsPlane } from '../src/index.ts';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, adminKey, guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';

/** What the plane has logged as its own fault: a client that goes is none. */
const bugs: unknown[] = [];
const logger: Logger = { ...silentLogger, error: (fields) => void bugs.push(fields), child: () => logger };

let plane: LogsPlane;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  plane = await startLogsPlane({ logger });
  client = plane.client({ disableHostPrefix: true });
});
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
  expect(bugs).toEqual([]);
});

let groups = 0;
/** A new group with the stream `s`, by its ARN. */
async function newGroup(input: { logGroupClass?: 'INFREQUENT_ACCESS' } = {}): Promise<string> {
  const logGroupName = `/tail/group-${++groups}`;
  await client.send(new CreateLogGroupCommand({ logGroupName, ...input }));
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
  return `arn:aws:logs:us-east-1:${account}:log-group:${logGroupName}`;
}

async function put(arn: string, ...messages: string[]): Promise<void> {
  const logGroupName = arn.split(':log-group:')[1];
  const logEvents = messages.map((message) => ({ timestamp: Date.now(), message }));
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
}

/** A session of a client of its own: only its end closes the connection. */
async function tail(input: StartLiveTailCommandInput, config: Partial<CloudWatchLogsClientConfig> = {}) {
  const own = plane.client({ disableHostPrefix: true, ...config });
  const { responseStream } = await own.send(new StartLiveTailCommand(input));
  if (!responseStream) throw new Error('no stream');
  const messages = responseStream[Symbol.asyncIterator]();
  const next = async (): Promise<StartLiveTailResponseStream> => (await messages.next()).value;
  return { next, close: () => own.destroy() };
}

const present = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const cli = spawnSync('aws', ['--version'], { encoding: 'utf8' }).stdout as string | null;

/** The lines of a program that sees the plane under an address with user information, where the host prefix goes. */
function linesOf(command: string, args: readonly string[]) {
  const child = spawn(command, args, {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      AWS_ACCESS_KEY_ID: adminKey,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_PAGER: '',
      PYTHONUNBUFFERED: '1',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: plane.test.url.replace('http://', 'http://stream@'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  return { lines, stop: () => child.kill() };
}

describe('StartLiveTail', () => {
  it('shows what is put while it lasts', async () => {
    const arn = await newGroup();
    await put(arn, 'before');
    const session = await tail({ logGroupIdentifiers: [arn], logEventFilterPattern: 'ERROR' });
    expect(await session.next()).toMatchObject({
      sessionStart: {
        sessionId: expect.any(String),
        logGroupIdentifiers: [arn],
        logEventFilterPattern: 'ERROR',
      },
    });
    await put(arn, 'INFO a', 'ERROR b ü');
    expect(await session.next()).toMatchObject({
      sessionUpdate: {
        sessionMetadata: { sampled: false },
        sessionResults: [
          {
            message: 'ERROR b ü',
            logStreamName: 's',
            logGroupIdentifier: `${account}:/tail/group-${groups}`,
            timestamp: expect.any(Number),
            ingestionTime: expect.any(Number),
          },
        ],
      },
    });
    session.close();
  });

  it('lets a session go with its client', async () => {
    const arn = await newGroup();
    const sessions = [];
    for (let count = 0; count < 15; count++) {
      const session = await tail({ logGroupIdentifiers: [arn] });
      await session.next();
      sessions.push(session);
    }
    const refused = client.send(new StartLiveTailCommand({ logGroupIdentifiers: [arn] }));
    await expect(refusalOf(refused)).resolves.toMatchObject({ code: 'LimitExceededException', status: 400 });
    sessions[0]?.close();
    await expect
      .poll(async () => {
        const again = await tail({ logGroupIdentifiers: [arn] }).catch(() => undefined);
        again?.close();
        return again !== undefined;
      })
      .toBe(true);
    for (const session of sessions) session.close();
  });

  it('refuses what AWS refuses', async () => {
    const arn = await newGroup();
    const other = await newGroup();
    const rare = await newGroup({ logGroupClass: 'INFREQUENT_ACCESS' });
    const refusals: readonly (readonly [StartLiveTailCommandInput, string])[] = [
      [{ logGroupIdentifiers: ['/tail/group-1'] }, 'Invalid ARN.'],
      [{ logGroupIdentifiers: [`${arn}:*`] }, 'regular expression pattern'],
      [{ logGroupIdentifiers: [arn.replace('us-east-1', 'eu-west-1')] }, 'Invalid ARN.'],
      [{ logGroupIdentifiers: [`${arn}x`] }, 'The specified log group does not exist.'],
      [{ logGroupIdentifiers: [arn, other], logStreamNames: ['s'] }, 'single log group'],
      [{ logGroupIdentifiers: [arn], logStreamNames: ['s'], logStreamNamePrefixes: ['s'] }, 'Only one of'],
      [{ logGroupIdentifiers: [arn], logEventFilterPattern: '{ $.a' }, 'it must end with'],
      [{ logGroupIdentifiers: [rare] }, 'do not support Live Tail'],
      [{ logGroupIdentifiers: Array.from({ length: 11 }, () => arn) }, 'less than or equal to 10'],
    ];
    for (const [input, message] of refusals) {
      const refusal = await refusalOf(client.send(new StartLiveTailCommand(input)));
      expect(refusal).toMatchObject({ status: 400, message: expect.stringContaining(message) });
    }
  });

  it('asks policies about every group', async () => {
    const [arn, other] = [await newGroup(), await newGroup()];
    const allowed = { Effect: 'Allow', Action: 'logs:StartLiveTail', Resource: `${arn}:*` };
    plane.test.directory.userPolicies.set('guest', [policyOf('tail', [allowed])]);
    const guest = { credentials: { accessKeyId: guestKey, secretAccessKey } };
    const one = await tail({ logGroupIdentifiers: [arn] }, guest);
    one.close();
    const both = tail({ logGroupIdentifiers: [arn, other] }, guest);
    await expect(refusalOf(both)).resolves.toMatchObject({ code: 'AccessDeniedException' });
  });

  it.each(['stream-127.0.0.1:4566', 'streaming-logs.us-east-1.amazonaws.com', 'stream-localhost'])(
    'takes a request for the host %s',
    async (host) => {
      const arn = await newGroup();
      const body = JSON.stringify({ logGroupIdentifiers: [arn] });
      const signer = new SignatureV4({
        credentials: { accessKeyId: adminKey, secretAccessKey },
        region: 'us-east-1',
        service: 'logs',
        sha256: Sha256,
      });
      const signed = await signer.sign({
        method: 'POST',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: '/',
        headers: {
          host,
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'Logs_20140328.StartLiveTail',
        },
        body,
      });
      const { headers } = signed;
      const outgoing = request({ port: plane.test.port, host: '127.0.0.1', method: 'POST', headers });
      const answer = once(outgoing, 'response') as Promise<[IncomingMessage]>;
      outgoing.end(body);
      const [incoming] = await answer;
      expect(incoming.statusCode).toBe(200);
      expect(incoming.headers['content-type']).toBe('application/vnd.amazon.eventstream');
      const [first] = (await once(incoming, 'data')) as [Buffer];
      expect(first.toString('latin1')).toContain('initial-response');
      outgoing.destroy();
    },
  );

  it('ends when the plane stops', async () => {
    const path = mkdtempSync(join(tmpdir(), 'pergola-tail-'));
    const store = openStore({ path: join(path, 'store'), durability: 'ephemeral' });
    const started = await startAwsPlane({
      store,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      dataDir: path,
      port: 0,
    });
    const { administrator, url: endpoint } = started;
    const own = plane.client({ endpoint, credentials: { ...administrator }, disableHostPrefix: true });
    await own.send(new CreateLogGroupCommand({ logGroupName: 'g' }));
    const arn = `arn:aws:logs:us-east-1:${account}:log-group:g`;
    const { responseStream } = await own.send(new StartLiveTailCommand({ logGroupIdentifiers: [arn] }));
    const messages: StartLiveTailResponseStream[] = [];
    const ended = (async () => {
      for await (const message of responseStream ?? []) messages.push(message);
    })();
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBeGreaterThan(0);
    await started[Symbol.asyncDispose]();
    await ended;
    await store[Symbol.asyncDispose]();
    rmSync(path, { recursive: true, force: true });
  });

  it.skipIf(!present)('is reached by boto3 with its host prefix', async () => {
    const arn = await newGroup();
    const { lines, stop } = linesOf('python3', [
      '-c',
      `
import boto3
logs = boto3.client("logs")
for event in logs.start_live_tail(logGroupIdentifiers=["${arn}"])["responseStream"]:
    if "sessionStart" in event: print("started")
    for found in event.get("sessionUpdate", {}).get("sessionResults", []): print(found["message"])
`,
    ]);
    await expect.poll(() => lines, { timeout: 20_000 }).toContain('started');
    await put(arn, 'one', 'two');
    await expect.poll(() => lines, { timeout: 5_000 }).toEqual(['started', 'one', 'two']);
    stop();
  });

  it.skipIf(cli === null)('is reached by the AWS CLI with its host prefix', async () => {
    const arn = await newGroup();
    // Version 2 draws a screen unless it is told not to; version 1 prints lines.
    const mode = cli?.startsWith('aws-cli/1') ? [] : ['--mode', 'print-only'];
    const command = ['logs', 'start-live-tail', '--log-group-identifiers', arn, ...mode];
    const { lines, stop } = linesOf('aws', command);
    // The CLI prints nothing at the start: lines are put until it shows one.
    let count = 0;
    await expect
      .poll(
        async () => {
          await put(arn, `line ${count++}`);
          return lines.join('\n');
        },
        { timeout: 20_000, interval: 200 },
      )
      .toMatch(/line \d/);
    stop();
  });
});
