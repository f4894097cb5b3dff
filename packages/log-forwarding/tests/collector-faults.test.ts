import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CloudWatchOutput } from '../src/config/collector-config.ts';
import { type Collector, startCollector } from '../src/collector/start-collector.ts';
import {
  eachOnItsOwnNode,
  configOf,
  type NodeFolder,
  optionsOf,
  output,
  writeLines,
} from './collector-setup.ts';
import type { FakeCall, FakeLogs, Fault } from './fake-logs.ts';

const pod = 'shop_web-1_11111111-1111-1111-1111-111111111111';
const group = 'rosa.shop';
const stream = `kubernetes.var.log.pods.${pod}.main.0.log`;
const slow = { timeout: 10_000 };
const denial =
  'User: arn:aws:sts::123456789012:assumed-role/logs/s is not authorized to perform: logs:PutLogEvents on resource: ' +
  'arn:aws:logs:eu-west-1:123456789012:log-group:rosa.shop:log-stream:x because no identity-based policy allows ' +
  'the logs:PutLogEvents action';

let logs: FakeLogs;
let endpoint: string;
let folder: NodeFolder;
eachOnItsOwnNode((parts) => ({ logs, endpoint, folder } = parts));

function texts(): string[] {
  return logs.messages(group, stream).map((message) => JSON.parse(message).message);
}

function start(changes: Partial<CloudWatchOutput> = {}): Promise<Collector> {
  const options = optionsOf(folder, configOf([output(folder, endpoint, changes)]));
  return startCollector({ ...options, callTimeoutMs: 300 });
}

/** Fails the first `times` calls of an operation. */
function failing(operation: string, times: number, fault: Fault): (call: FakeCall) => Fault | undefined {
  let left = times;
  return (call) => (call.operation === operation && left-- > 0 ? fault : undefined);
}

describe('a failing endpoint', () => {
  it.each<[string, Fault]>([
    ['throttling', { status: 400, code: 'ThrottlingException', retryAfter: 1 }],
    ['a server error', { status: 500, code: 'InternalFailure' }],
    ['a service that is not there', { status: 503, code: 'ServiceUnavailableException' }],
    ['a cut connection', 'reset'],
    ['no answer at all', 'hang'],
    ['an expired token', { status: 400, code: 'ExpiredTokenException' }],
    ['an unknown key', { status: 400, code: 'UnrecognizedClientException' }],
    ['a denial', { status: 400, code: 'AccessDeniedException', message: denial }],
    ['a limit', { status: 400, code: 'LimitExceededException' }],
  ])('after %s delivers everything once', async (_, fault) => {
    logs.fault = failing('PutLogEvents', 3, fault);
    writeLines(folder.logOf(pod), ['one', 'two']);
    await using _collector = await start();
    await expect.poll(texts, slow).toEqual(['one', 'two']);
  });

  it('sends again what an answer was lost for, and counts it', async () => {
    writeLines(folder.logOf(pod), ['first']);
    await using collector = await start();
    await expect.poll(texts, slow).toEqual(['first']);
    logs.fault = failing('PutLogEvents', 1, 'halfAnswer');
    writeLines(folder.logOf(pod), ['second'], 1);
    await expect.poll(texts, slow).toEqual(['first', 'second', 'second']);
    await expect.poll(() => collector.report().outputs['cw']?.retriedEvents, slow).toBe(1);
  });

  it.each(['CreateLogStream', 'CreateLogGroup'])('tries again when %s fails', async (operation) => {
    logs.fault = failing(operation, 2, { status: 400, code: 'OperationAbortedException' });
    writeLines(folder.logOf(pod), ['one']);
    await using _ = await start();
    await expect.poll(texts, slow).toEqual(['one']);
  });

  it('makes group and stream again when somebody deletes them', async () => {
    writeLines(folder.logOf(pod), ['one']);
    await using _ = await start();
    await expect.poll(texts, slow).toEqual(['one']);
    logs.groups.clear();
    writeLines(folder.logOf(pod), ['two'], 1);
    await expect.poll(texts, slow).toEqual(['two']);
  });

  it('gives retention, tags and key to the groups that it makes', async () => {
    writeLines(folder.logOf(pod), ['one']);
    await using _ = await start({ retentionDays: 7, tags: { team: 'a' }, kmsKeyId: 'arn:aws:kms:x' });
    await expect.poll(texts, slow).toEqual(['one']);
    const made = logs.calls.filter(
      ({ operation }) => operation === 'CreateLogGroup' || operation === 'PutRetentionPolicy',
    );
    expect(made.map(({ body }) => body)).toEqual([
      { logGroupName: group, tags: { team: 'a' }, kmsKeyId: 'arn:aws:kms:x' },
      { logGroupName: group, retentionInDays: 7 },
    ]);
  });
});

describe('the end of a collector', () => {
  it('does not wait for an output that goes on failing, and loses nothing', async () => {
    logs.fault = () => ({ status: 400, code: 'AccessDeniedException', message: denial });
    writeLines(folder.logOf(pod), ['one', 'two']);
    const drainMs = 600_000;
    const options = { ...optionsOf(folder, configOf([output(folder, endpoint)])), drainMs };
    const collector = await startCollector(options);
    await expect.poll(() => collector.report().outputs['cw']?.failure, slow).toBeDefined();
    await collector[Symbol.asyncDispose]();
    logs.fault = () => undefined;
    await using _ = await start();
    await expect.poll(texts, slow).toEqual(['one', 'two']);
  });
});

describe('the report', () => {
  it('explains a denial, and forgets it when delivery goes on', async () => {
    logs.fault = ({ operation }) =>
      operation === 'PutLogEvents'
        ? { status: 400, code: 'AccessDeniedException', message: denial }
        : undefined;
    writeLines(folder.logOf(pod), ['one']);
    await using collector = await start();
    const reported = () => collector.report().outputs['cw'];
    await expect
      .poll(() => reported()?.failure, slow)
      .toMatchObject({
        reason: 'AccessDenied',
        operation: 'logs:PutLogEvents',
        message: denial,
        link: 'P1',
        evidence: { action: 'logs:PutLogEvents', resource: expect.stringContaining('log-group:rosa.shop') },
        fix: expect.stringContaining('aws iam put-role-policy --role-name logs'),
      });
    expect(reported()).toMatchObject({ deliveredEvents: 0, backlogEvents: 1 });
    logs.fault = () => undefined;
    await expect.poll(reported, slow).toMatchObject({ deliveredEvents: 1, backlogEvents: 0 });
    expect(reported()?.failure).toBeUndefined();
    expect(reported()?.lastDelivered).toBeDefined();
  });

  it('counts what AWS took and will not show, by reason', async () => {
    logs.rejected = () => ({
      tooOldLogEventEndIndex: 1,
      expiredLogEventEndIndex: 3,
      tooNewLogEventStartIndex: 4,
    });
    writeLines(folder.logOf(pod), ['a', 'b', 'c', 'd', 'e']);
    await using collector = await start();
    await expect
      .poll(() => collector.report().outputs['cw'], slow)
      .toMatchObject({ deliveredEvents: 1, rejectedEvents: { tooOld: 1, expired: 2, tooNew: 1 } });
  });

  it('finds the one event that AWS refuses, delivers the others and counts it', async () => {
    logs.fault = ({ operation, body }) =>
      operation === 'PutLogEvents' && JSON.stringify(body).includes('poison')
        ? { status: 400, code: 'InvalidParameterException' }
        : undefined;
    writeLines(folder.logOf(pod), ['a', 'b', 'poison', 'd', 'e']);
    await using collector = await start();
    await expect.poll(texts, slow).toEqual(['a', 'b', 'd', 'e']);
    await expect
      .poll(() => collector.report().outputs['cw'], slow)
      .toMatchObject({ deliveredEvents: 4, rejectedEvents: { invalid: 1 }, backlogEvents: 0 });
  });

  it('tells bytes by namespace, and what pruning would save', async () => {
    writeLines(folder.logOf(pod), ['one']);
    await using collector = await start();
    await expect.poll(texts, slow).toEqual(['one']);
    const [message = ''] = logs.messages(group, stream);
    expect(collector.report().namespaces['shop']).toEqual({
      rawBytes: 30 + ' stdout F one\n'.length,
      sentBytes: Buffer.byteLength(message),
      prunableBytes: 0,
      events: 1,
    });
  });
});

describe('a web identity', () => {
  const claims = (subject: string) =>
    `h.${Buffer.from(JSON.stringify({ sub: subject, aud: 'openshift', iss: 'https://issuer' })).toString('base64url')}.s`;

  it('that is refused is explained, its token read anew, and delivery goes on when it is accepted', async () => {
    const tokenFile = join(folder.root, 'token');
    writeFileSync(tokenFile, claims('system:serviceaccount:x:wrong'));
    logs.fault = ({ operation, body }) =>
      operation === 'AssumeRoleWithWebIdentity' &&
      body['WebIdentityToken'] !== claims('system:serviceaccount:x:right')
        ? {
            status: 403,
            code: 'AccessDenied',
            message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
          }
        : undefined;
    writeLines(folder.logOf(pod), ['one']);
    const roleArn = 'arn:aws:iam::123456789012:role/logs';
    const authentication = { type: 'iamRole', roleArn, tokenFile, sessionName: 's' } as const;
    const options = optionsOf(folder, configOf([output(folder, endpoint, { authentication })]));
    await using collector = await startCollector({ ...options, env: { AWS_ENDPOINT_URL_STS: endpoint } });
    await expect
      .poll(() => collector.report().outputs['cw']?.failure, slow)
      .toMatchObject({
        reason: 'RoleAssumptionDenied',
        operation: 'sts:AssumeRoleWithWebIdentity',
        requestId: 'request-sts',
        link: 'R4',
        evidence: {
          subject: 'system:serviceaccount:x:wrong',
          audience: 'openshift',
          issuer: 'https://issuer',
          role: roleArn,
        },
      });
    writeFileSync(tokenFile, claims('system:serviceaccount:x:right'));
    await expect.poll(texts, slow).toEqual(['one']);
    await expect.poll(() => collector.report().outputs['cw']?.failure, slow).toBeUndefined();
  });
});
