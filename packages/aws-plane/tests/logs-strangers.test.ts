// Calls from another account: nothing of a group or of a query is theirs unless a resource policy says so.
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeQueriesCommand,
  DescribeResourcePoliciesCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  GetLogRecordCommand,
  GetQueryResultsCommand,
  ListLogGroupsForQueryCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutLogGroupDeletionProtectionCommand,
  PutResourcePolicyCommand,
  PutSubscriptionFilterCommand,
  StartLiveTailCommand,
  StartQueryCommand,
  StopQueryCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, otherAccount, refusalOf, secretAccessKey, strangerKey } from './plane.ts';

const logGroupName = '/owned/group';
const logStreamName = 's';
const arn = `arn:aws:logs:us-east-1:${account}:log-group:${logGroupName}`;
const stranger = `arn:aws:iam::${otherAccount}:user/admin`;
const now = Date.now();

let plane: LogsPlane;
let owner: CloudWatchLogsClient;
let other: CloudWatchLogsClient;
let queryId: string | undefined;
let pointer: string | undefined;

const start = (by: CloudWatchLogsClient) =>
  by.send(
    new StartQueryCommand({
      logGroupIdentifiers: [arn],
      queryString: 'fields @message',
      startTime: 0,
      endTime: Math.ceil(now / 1_000),
    }),
  );

async function ended(by: CloudWatchLogsClient, id: string | undefined) {
  const read = () => by.send(new GetQueryResultsCommand({ queryId: id }));
  await vi.waitUntil(async () => (await read()).status === 'Complete', { interval: 10, timeout: 15_000 });
  return (await read()).results ?? [];
}

beforeAll(async () => {
  plane = await startLogsPlane();
  owner = plane.client();
  const credentials = { accessKeyId: strangerKey, secretAccessKey };
  other = plane.client({ credentials, disableHostPrefix: true });
  await owner.send(new CreateLogGroupCommand({ logGroupName }));
  await owner.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = [{ timestamp: now, message: 'secret' }];
  await owner.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  ({ queryId } = await start(owner));
  const [row = []] = await ended(owner, queryId);
  pointer = row.find(({ field }) => field === '@ptr')?.value;
});
afterAll(() => plane[Symbol.asyncDispose]());

/** Sets the group's policy: it lets the stranger do this. */
async function share(by: CloudWatchLogsClient, Action: readonly string[]): Promise<string> {
  const statement = { Effect: 'Allow', Principal: { AWS: stranger }, Action, Resource: `${arn}:*` };
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await by.send(new PutResourcePolicyCommand({ resourceArn: arn, policyDocument }));
  return policyDocument;
}

it.each([
  ['its events', () => new FilterLogEventsCommand({ logGroupIdentifier: arn })],
  ['its streams', () => new GetLogEventsCommand({ logGroupIdentifier: arn, logStreamName })],
  ['its live tail', () => new StartLiveTailCommand({ logGroupIdentifiers: [arn] })],
  ['an event by its pointer', () => new GetLogRecordCommand({ logRecordPointer: pointer })],
  ['its tags', () => new ListTagsForResourceCommand({ resourceArn: arn })],
  ['tagging it', () => new TagResourceCommand({ resourceArn: arn, tags: { mine: 'yes' } })],
  ['its policy', () => new DescribeResourcePoliciesCommand({ resourceArn: arn })],
  ['setting its policy', () => new PutResourcePolicyCommand({ resourceArn: arn, policyDocument: '{}' })],
  [
    'its protection',
    () =>
      new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: arn, deletionProtectionEnabled: true }),
  ],
])('a stranger is denied %s', async (_, command) => {
  const send = other.send.bind(other) as (one: unknown) => Promise<unknown>;
  const denial = await refusalOf(send(command()));
  expect(denial.code).toBe('AccessDeniedException');
  expect(denial.message).toContain('because no resource-based policy allows');
});

it('a stranger finds neither the group nor the query', async () => {
  expect((await other.send(new DescribeLogGroupsCommand({ logGroupIdentifiers: [arn] }))).logGroups).toEqual(
    [],
  );
  expect((await other.send(new DescribeQueriesCommand({}))).queries).toEqual([]);
  const absent = { code: 'ResourceNotFoundException' };
  expect(await refusalOf(other.send(new GetQueryResultsCommand({ queryId })))).toMatchObject(absent);
  expect(await refusalOf(other.send(new StopQueryCommand({ queryId })))).toMatchObject(absent);
  expect(await refusalOf(other.send(new ListLogGroupsForQueryCommand({ queryId })))).toMatchObject(absent);
  expect((await refusalOf(start(other))).code).toBe('AccessDeniedException');
});

it('a stranger cannot be handed the role of another account, nor deliver into its groups', async () => {
  await other.send(new CreateLogGroupCommand({ logGroupName }));
  const subscribe = (destination: { readonly destinationArn: string; readonly roleArn?: string }) =>
    other.send(
      new PutSubscriptionFilterCommand({ logGroupName, filterName: 'f', filterPattern: '', ...destination }),
    );
  const roleArn = plane.test.directory.addRole('writer', [
    { Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ]);
  const denial = await refusalOf(subscribe({ destinationArn: 'arn:aws:s3:::bucket', roleArn }));
  expect(denial.message).toContain('iam:PassRole');
  expect((await refusalOf(subscribe({ destinationArn: arn }))).code).toBe('InvalidParameterException');
});

it('a stranger does what the policy of the group says, and no more', async () => {
  const actions = ['logs:FilterLogEvents', 'logs:StartQuery', 'logs:GetLogRecord', 'logs:PutResourcePolicy'];
  await share(owner, actions);
  const { events } = await other.send(new FilterLogEventsCommand({ logGroupIdentifier: arn }));
  expect(events?.map(({ message }) => message)).toEqual(['secret']);
  const { queryId: own } = await start(other);
  const [row] = await ended(other, own);
  expect(row).toContainEqual({ field: '@message', value: 'secret' });
  expect((await refusalOf(owner.send(new GetQueryResultsCommand({ queryId: own })))).code).toBe(
    'ResourceNotFoundException',
  );
  const { logRecord } = await other.send(new GetLogRecordCommand({ logRecordPointer: pointer }));
  expect(logRecord?.['@message']).toBe('secret');
  const unmasked = new GetLogRecordCommand({ logRecordPointer: pointer, unmask: true });
  expect((await refusalOf(other.send(unmasked))).message).toContain('logs:Unmask');
  // A policy that the stranger may set is the group's own, wherever it comes from.
  const policyDocument = await share(other, ['logs:GetLogRecord']);
  const { resourcePolicies } = await owner.send(new DescribeResourcePoliciesCommand({ resourceArn: arn }));
  expect(resourcePolicies?.map((policy) => policy.policyDocument)).toEqual([policyDocument]);
  const filter = new FilterLogEventsCommand({ logGroupIdentifier: arn });
  expect((await refusalOf(other.send(filter))).code).toBe('AccessDeniedException');
});
