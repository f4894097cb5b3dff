import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { refusalOf } from './plane.ts';

let plane: LogsPlane;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  plane = await startLogsPlane();
  client = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

let groups = 0;
/** A new group with the stream `s`. */
async function newGroup(): Promise<string> {
  const logGroupName = `/test/group-${++groups}`;
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
  return logGroupName;
}

describe('events', () => {
  it('come back as they were put', async () => {
    const logGroupName = await newGroup();
    const logStreamName = 's';
    const now = Date.now();
    const logEvents = [1, 2, 3].map((n) => ({ timestamp: now + n, message: `line ${n} ü` }));
    const put = await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    expect(put.nextSequenceToken).toMatch(/^\d{56}$/);
    expect(put.rejectedLogEventsInfo).toBeUndefined();
    const got = await client.send(new GetLogEventsCommand({ logGroupName, logStreamName }));
    expect(got.events?.map(({ timestamp, message }) => ({ timestamp, message }))).toEqual(logEvents);
    const filtered = await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'line' }));
    expect(filtered.events?.map(({ message }) => message)).toEqual(logEvents.map(({ message }) => message));
    expect(filtered.searchedLogStreams).toEqual([]);
    const described = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    expect(described.logGroups?.[0]?.storedBytes).toBe(3 * (9 + 26));
    await expect(
      refusalOf(client.send(new GetLogEventsCommand({ logGroupName, logStreamName: 'x' }))),
    ).resolves.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 400,
      message: 'The specified log stream does not exist.',
    });
  });
});
