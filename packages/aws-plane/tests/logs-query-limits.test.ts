// Queries that do not come to an end by themselves: stopped, counted, and harmless to others.
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeQueriesCommand,
  GetQueryResultsCommand,
  PutLogEventsCommand,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { refusalOf, secretAccessKey, strangerKey } from './plane.ts';

const logGroupName = '/query/endless';
const logStreamName = 's';
const now = Date.now();
/** Of the length of the message, its time is a power of two. */
const ENDLESS = 'filter @message like /^(a+)+$/';
const QUERIES_MAX = 100;

let plane: LogsPlane;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  plane = await startLogsPlane();
  client = plane.client();
  await fill(client);
});
afterAll(() => plane[Symbol.asyncDispose]());

async function fill(by: CloudWatchLogsClient): Promise<void> {
  await by.send(new CreateLogGroupCommand({ logGroupName }));
  await by.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = [{ timestamp: now, message: `${'a'.repeat(60)}!` }];
  await by.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

const start = async (queryString: string, by = client) => {
  const span = { startTime: 0, endTime: Math.ceil(now / 1_000) };
  return (await by.send(new StartQueryCommand({ logGroupName, queryString, ...span }))).queryId;
};
const read = (queryId: string | undefined) => client.send(new GetQueryResultsCommand({ queryId }));
const stop = (queryId: string | undefined) => client.send(new StopQueryCommand({ queryId }));
const statusOf = async (queryId: string | undefined) => (await read(queryId)).status;

it('a query that runs can be stopped, once, and leaves its place to others', async () => {
  const endless = await Promise.all(Array.from({ length: 4 }, () => start(ENDLESS)));
  const [first] = endless;
  expect(await statusOf(first)).toBe('Running');
  const waiting = await start('filter @message like /^a+!$/');
  expect(await statusOf(waiting)).toBe('Scheduled');
  expect((await stop(first)).success).toBe(true);
  expect(await read(first)).toMatchObject({ status: 'Cancelled', results: [] });
  expect(await refusalOf(stop(first))).toMatchObject({
    code: 'InvalidParameterException',
    message: 'The specified query is not running.',
  });
  for (const id of endless.slice(1)) await stop(id);
  await expect.poll(() => statusOf(waiting), { timeout: 20_000 }).toBe('Complete');
  expect((await read(waiting)).statistics?.recordsMatched).toBe(1);
  expect(await Promise.all(endless.map(statusOf))).toEqual(Array(4).fill('Cancelled'));
});

it('an account has at most 100 queries that have not ended', async () => {
  const ids: (string | undefined)[] = [];
  for (let n = 0; n < QUERIES_MAX; n++) ids.push(await start(ENDLESS));
  expect(await refusalOf(start(ENDLESS))).toMatchObject({
    code: 'LimitExceededException',
    message: `Account maximum query concurrency limit of [${QUERIES_MAX}] reached.`,
  });
  const credentials = { accessKeyId: strangerKey, secretAccessKey };
  const other = plane.client({ credentials });
  await fill(other);
  await start('fields @message', other);
  await stop(ids.pop());
  ids.push(await start(ENDLESS));
  const scheduled = await client.send(new DescribeQueriesCommand({ status: 'Scheduled' }));
  expect(scheduled.queries).toHaveLength(QUERIES_MAX - 4);
  for (const id of ids) await stop(id);
  const left = await client.send(new DescribeQueriesCommand({ status: 'Running' }));
  expect(left.queries).toEqual([]);
});
