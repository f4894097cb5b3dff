import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeExportTasksCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { signRequest } from '@pergola/sigv4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putExport } from '../src/services/logs/exports/export-task.ts';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, adminKey, secretAccessKey } from './plane.ts';

const logGroupName = 'kept';
const logStreamName = 's';
let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pergola-logs-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

async function fill(plane: LogsPlane, count: number): Promise<void> {
  const by = plane.client();
  await by.send(new CreateLogGroupCommand({ logGroupName }));
  await by.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const now = Date.now();
  const logEvents = Array.from({ length: count }, (_, n) => ({ timestamp: now + n, message: `m${n}` }));
  await by.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

describe('a restart', () => {
  it('loses neither events nor the tokens of pages', async () => {
    let tokens: (string | undefined)[];
    {
      await using before = await startLogsPlane({ path });
      await fill(before, 6);
      const client = before.client();
      const get = await client.send(
        new GetLogEventsCommand({ logGroupName, logStreamName, limit: 2, startFromHead: true }),
      );
      const filter = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 2 }));
      tokens = [get.nextForwardToken, filter.nextToken];
    }
    await using after = await startLogsPlane({ path });
    const client = after.client();
    const [nextToken, filterToken] = tokens;
    const get = await client.send(new GetLogEventsCommand({ logGroupName, logStreamName, nextToken }));
    expect(get.events?.map(({ message }) => message)).toEqual(['m2', 'm3', 'm4', 'm5']);
    const filter = await client.send(new FilterLogEventsCommand({ logGroupName, nextToken: filterToken }));
    expect(filter.events?.map(({ message }) => message)).toEqual(['m2', 'm3', 'm4', 'm5']);
    const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
    expect(logGroups[0]?.storedBytes).toBe(6 * (2 + 26));
  });

  it('takes up exports that it interrupted, and ends those that were to be cancelled', async () => {
    const task = (id: string, status: 'RUNNING' | 'PENDING_CANCEL') => ({
      account,
      region: 'us-east-1',
      id,
      name: undefined,
      groupName: logGroupName,
      streamPrefix: undefined,
      fromMs: 0,
      toMs: 1,
      bucket: 'b',
      prefix: 'p',
      status,
      message: '',
      createdMs: 1,
      endedMs: undefined,
    });
    {
      await using before = await startLogsPlane({ path });
      await fill(before, 1);
      await before.test.plane.store.transact((tx) => {
        putExport(tx, task('interrupted', 'RUNNING'));
        putExport(tx, task('unwanted', 'PENDING_CANCEL'));
      });
    }
    await using after = await startLogsPlane({ path });
    const codes = async () => {
      const { exportTasks = [] } = await after.client().send(new DescribeExportTasksCommand({}));
      return exportTasks.map(({ taskId, status }) => `${taskId} ${status?.code}`);
    };
    await expect.poll(codes).toEqual(['interrupted COMPLETED', 'unwanted CANCELLED']);
  });
});

describe('bodies', () => {
  it.each([
    ['gzip', gzipSync, 200],
    ['deflate', deflateSync, 200],
    ['amz-1.0', (bytes: Buffer) => bytes, 200],
    ['zstd', (bytes: Buffer) => bytes, 400],
    ['snappy', (bytes: Buffer) => bytes, 400],
  ] as const)('in %s', async (encoding, encode, status) => {
    await using plane = await startLogsPlane({ path });
    await fill(plane, 1);
    const logEvents = [{ timestamp: Date.now(), message: 'encoded' }];
    const body = encode(Buffer.from(JSON.stringify({ logGroupName, logStreamName, logEvents })));
    const headers = signRequest(
      {
        method: 'POST',
        path: '/',
        query: '',
        headers: {
          host: `127.0.0.1:${plane.test.port}`,
          'content-type': 'application/x-amz-json-1.1',
          'content-encoding': encoding,
          'x-amz-target': 'Logs_20140328.PutLogEvents',
        },
      },
      {
        credentials: { accessKeyId: adminKey, secretAccessKey },
        region: 'us-east-1',
        service: 'logs',
        nowMs: Date.now(),
        body,
      },
    );
    const answer = await fetch(plane.test.url, { method: 'POST', headers, body });
    const text = await answer.text();
    expect(answer.status, text).toBe(status);
    if (status === 400) expect(text).toContain(`The content encoding ${encoding} is not implemented`);
  });
});
