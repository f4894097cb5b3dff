import { gunzipSync } from 'node:zlib';
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
  type PutSubscriptionFilterCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, adminKey, guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';

let plane: LogsPlane;
let client: CloudWatchLogsClient;
let s3: S3Client;
beforeAll(async () => {
  plane = await startLogsPlane();
  client = plane.client();
  s3 = new S3Client({
    region: 'us-east-1',
    endpoint: plane.test.url,
    forcePathStyle: true,
    credentials: { accessKeyId: adminKey, secretAccessKey },
  });
});
afterAll(async () => {
  s3.destroy();
  await plane[Symbol.asyncDispose]();
});

let made = 0;
async function newGroup(input: { logGroupClass?: 'INFREQUENT_ACCESS' } = {}): Promise<string> {
  const logGroupName = `/sub/group-${++made}`;
  await client.send(new CreateLogGroupCommand({ logGroupName, ...input }));
  for (const logStreamName of ['s', 't'])
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  return logGroupName;
}

async function newBucket(): Promise<string> {
  const Bucket = `sub-bucket-${++made}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

const trust = {
  Effect: 'Allow',
  Principal: { Service: 'logs.amazonaws.com' },
  Action: 'sts:AssumeRole',
  Condition: { StringLike: { 'aws:SourceArn': `arn:aws:logs:us-east-1:${account}:*` } },
};

function newRole(bucket: string, statement: object = trust): string {
  const allowed = { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/*` };
  return plane.test.directory.addRole(`sub-${++made}`, [statement], [allowed]);
}

const arnOf = (group: string) => `arn:aws:logs:us-east-1:${account}:log-group:${group}`;

function subscribe(
  logGroupName: string,
  destinationArn: string,
  input: Partial<PutSubscriptionFilterCommandInput> = {},
) {
  return client.send(
    new PutSubscriptionFilterCommand({
      logGroupName,
      filterName: 'f',
      filterPattern: '',
      destinationArn,
      ...input,
    }),
  );
}

async function put(logGroupName: string, messages: readonly string[], logStreamName = 's'): Promise<void> {
  const logEvents = messages.map((message) => ({ timestamp: Date.now(), message }));
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

async function messagesIn(
  logGroupName: string,
  logStreamName = 's',
): Promise<readonly (string | undefined)[]> {
  const found = await client.send(
    new FilterLogEventsCommand({ logGroupName, logStreamNames: [logStreamName] }),
  );
  return (found.events ?? []).map(({ message }) => message);
}

interface Delivered {
  readonly messageType: string;
  readonly logStream: string;
  readonly logEvents: readonly {
    readonly id: string;
    readonly timestamp: number;
    readonly message: string;
  }[];
}

/** The objects of a bucket, by key. */
async function objectsIn(Bucket: string): Promise<readonly Delivered[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return JSON.parse(gunzipSync(bytes).toString()) as Delivered;
    }),
  );
}

const deliveredTo = async (bucket: string, stream: string) =>
  (await objectsIn(bucket))
    .filter(({ messageType, logStream }) => messageType === 'DATA_MESSAGE' && logStream === stream)
    .flatMap(({ logEvents }) => logEvents.map(({ message }) => message));

describe('subscription filters into a bucket', () => {
  it('deliver what matches, after a control message, as AWS does', async () => {
    const [group, bucket] = [await newGroup(), await newBucket()];
    await put(group, ['ERROR before']);
    const destinationArn = `arn:aws:s3:::${bucket}/my/prefix`;
    await subscribe(group, destinationArn, {
      roleArn: newRole(bucket),
      filterPattern: '[level=ERROR, text]',
    });
    const [control] = await objectsIn(bucket);
    expect(control).toMatchObject({
      messageType: 'CONTROL_MESSAGE',
      owner: 'CloudwatchLogs',
      logEvents: [{ id: '', message: 'CWL CONTROL MESSAGE: Checking health of destination S3 bucket.' }],
    });
    await put(group, ['INFO a', 'ERROR b c']);
    await put(group, ['ERROR d'], 't');
    await expect.poll(() => deliveredTo(bucket, 't'), { timeout: 10_000 }).toEqual(['ERROR d']);
    const data = (await objectsIn(bucket)).find(({ logStream }) => logStream === 's');
    expect(data).toEqual({
      messageType: 'DATA_MESSAGE',
      owner: account,
      logGroup: group,
      logStream: 's',
      subscriptionFilters: ['f'],
      logEvents: [
        {
          id: expect.stringMatching(/^\d{56}$/),
          timestamp: expect.any(Number),
          message: 'ERROR b c',
          extractedFields: { level: 'ERROR', text: 'b c' },
        },
      ],
    });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    for (const { Key } of Contents)
      expect(Key).toMatch(/^my\/prefix\/\.sub\.group-\d+\/\d{4}\/\d\d\/\d\d\/\d\d\/f-/);
  });

  it('deliver in order, and what could not be delivered later', async () => {
    const [group, bucket] = [await newGroup(), await newBucket()];
    const roleArn = newRole(bucket);
    await subscribe(group, `arn:aws:s3:::${bucket}`, { roleArn });
    const roleName = roleArn.split('/')[1] ?? '';
    const { rolePolicies } = plane.test.directory;
    const allowed = rolePolicies.get(roleName) ?? [];
    rolePolicies.set(roleName, []);
    const first = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    await put(group, first);
    await expect
      .poll(
        () =>
          plane.test.records
            .list({ limit: 100 })
            .some((call) => call.operation === 'PutObject' && call.status === 403),
        { timeout: 10_000 },
      )
      .toBe(true);
    expect(await deliveredTo(bucket, 's')).toEqual([]);
    rolePolicies.set(roleName, allowed);
    await put(group, ['after']);
    await expect.poll(() => deliveredTo(bucket, 's'), { timeout: 10_000 }).toEqual([...first, 'after']);
  });

  it('are refused when the role or the bucket does not allow it', async () => {
    const [group, bucket] = [await newGroup(), await newBucket()];
    const destinationArn = `arn:aws:s3:::${bucket}`;
    const untrusted = newRole(bucket, { ...trust, Principal: { Service: 'ec2.amazonaws.com' } });
    const elsewhere = { ...trust, Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } };
    const refusals = [
      [{}, 'destinationArn for vendor s3 cannot be used without roleArn'],
      [{ roleArn: untrusted }, 'Could not deliver test message to specified S3 bucket'],
      [{ roleArn: newRole(bucket, elsewhere) }, 'AccessDenied'],
      [{ roleArn: newRole('other-bucket') }, 's3:PutObject'],
      [{ roleArn: `arn:aws:iam::${account}:role/none` }, 'AccessDenied'],
    ] as const;
    for (const [input, message] of refusals) {
      await expect(refusalOf(subscribe(group, destinationArn, input))).resolves.toMatchObject({
        code: 'InvalidParameterException',
        status: 400,
        message: expect.stringContaining(message),
      });
    }
    const gone = await newBucket();
    await s3.send(new DeleteBucketCommand({ Bucket: gone }));
    const missing = subscribe(group, `arn:aws:s3:::${gone}`, { roleArn: newRole(gone) });
    await expect(refusalOf(missing)).resolves.toMatchObject({
      message: expect.stringContaining('NoSuchBucket'),
    });
  });
});

describe('subscription filters into a log group', () => {
  it('copy what matches, in order, with its time and its stream', async () => {
    const [source, target] = [await newGroup(), await newGroup()];
    await subscribe(source, arnOf(target), { filterPattern: 'ERROR' });
    const lines = Array.from({ length: 3_000 }, (_, index) =>
      index % 3 === 0 ? `ERROR ${index}` : `INFO ${index}`,
    );
    await put(source, lines.slice(0, 1_500));
    await put(source, lines.slice(1_500));
    const errors = lines.filter((line) => line.startsWith('ERROR'));
    await expect.poll(() => messagesIn(target), { timeout: 10_000 }).toEqual(errors);
  });

  it('follow each other, but never in a circle', async () => {
    const [one, two, three] = [await newGroup(), await newGroup(), await newGroup()];
    await subscribe(one, arnOf(two));
    await subscribe(two, arnOf(three));
    for (const [from, to] of [
      [three, one],
      [two, one],
      [one, one],
    ] as const) {
      const refused = subscribe(from, arnOf(to), { filterName: 'back' });
      await expect(refusalOf(refused)).resolves.toMatchObject({
        message: expect.stringContaining('without end'),
      });
    }
    await put(one, ['a']);
    await expect.poll(() => messagesIn(three), { timeout: 10_000 }).toEqual(['a']);
  });

  it('need a group that is there, and no role', async () => {
    const group = await newGroup();
    await expect(refusalOf(subscribe(group, arnOf('/none')))).resolves.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    const role = subscribe(group, arnOf(await newGroup()), { roleArn: newRole('any') });
    await expect(refusalOf(role)).resolves.toMatchObject({
      message: 'destinationArn for vendor logs cannot be used with roleArn',
    });
  });
});

describe('subscription filters', () => {
  it('are shown, replaced and deleted, two for each group', async () => {
    const [source, one, two] = [await newGroup(), await newGroup(), await newGroup()];
    await subscribe(source, arnOf(one), { filterName: 'b' });
    await subscribe(source, arnOf(two), { filterName: 'a', distribution: 'Random' });
    const third = subscribe(source, arnOf(two), { filterName: 'c' });
    await expect(refusalOf(third)).resolves.toMatchObject({ code: 'LimitExceededException' });
    await subscribe(source, arnOf(one), { filterName: 'b', filterPattern: 'x' });
    const shown = await client.send(new DescribeSubscriptionFiltersCommand({ logGroupName: source }));
    expect(shown.subscriptionFilters).toMatchObject([
      { filterName: 'a', destinationArn: arnOf(two), distribution: 'Random', logGroupName: source },
      { filterName: 'b', destinationArn: arnOf(one), distribution: 'ByLogStream', filterPattern: 'x' },
    ]);
    await client.send(new DeleteSubscriptionFilterCommand({ logGroupName: source, filterName: 'b' }));
    await put(source, ['x']);
    await expect.poll(() => messagesIn(two), { timeout: 10_000 }).toEqual(['x']);
    expect(await messagesIn(one)).toEqual([]);
    const again = client.send(new DeleteSubscriptionFilterCommand({ logGroupName: source, filterName: 'b' }));
    await expect(refusalOf(again)).resolves.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('end with their group', async () => {
    const [source, target] = [await newGroup(), await newGroup()];
    await subscribe(source, arnOf(target));
    await client.send(new DeleteLogGroupCommand({ logGroupName: source }));
    await client.send(new CreateLogGroupCommand({ logGroupName: source }));
    const shown = await client.send(new DescribeSubscriptionFiltersCommand({ logGroupName: source }));
    expect(shown.subscriptionFilters).toEqual([]);
  });

  it('are not made for a group that took the place of theirs meanwhile', async () => {
    const [logGroupName, bucket] = [await newGroup(), await newBucket()];
    const { ports } = plane.test.plane;
    const { callInside } = ports;
    const replaced: typeof callInside = async (call) => {
      Object.assign(ports, { callInside });
      await client.send(new DeleteLogGroupCommand({ logGroupName }));
      await client.send(new CreateLogGroupCommand({ logGroupName }));
      return callInside(call);
    };
    const role = { roleArn: newRole(bucket) };
    Object.assign(ports, { callInside: replaced });
    const refused = subscribe(logGroupName, `arn:aws:s3:::${bucket}`, role);
    expect(await refusalOf(refused)).toMatchObject({ code: 'ResourceNotFoundException' });
    const shown = await client.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
    expect(shown.subscriptionFilters).toEqual([]);
  });

  it.each([
    [`arn:aws:kinesis:us-east-1:${account}:stream/s`, 'kinesis'],
    [`arn:aws:lambda:us-east-1:${account}:function:f`, 'lambda'],
    [`arn:aws:firehose:us-east-1:${account}:deliverystream/d`, 'firehose'],
    [`arn:aws:logs:us-east-1:${account}:destination:d`, 'logs'],
  ])('refuse %s', async (destinationArn, vendor) => {
    await expect(refusalOf(subscribe(await newGroup(), destinationArn))).resolves.toMatchObject({
      code: 'InvalidParameterException',
      message: `PutSubscriptionFilter operation cannot work with destinationArn for vendor ${vendor}: this endpoint delivers to log groups and to S3 buckets only.`,
    });
  });

  it('ask whether the caller may pass the role on, and write to the group', async () => {
    const [group, target, bucket] = [await newGroup(), await newGroup(), await newBucket()];
    const roleArn = newRole(bucket);
    const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
    const subscribing = allow('logs:PutSubscriptionFilter', `${arnOf(group)}:*`);
    const { userPolicies } = plane.test.directory;
    const guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
    const attempt = (destinationArn: string, role?: string) =>
      guest.send(
        new PutSubscriptionFilterCommand({
          logGroupName: group,
          filterName: 'g',
          filterPattern: '',
          destinationArn,
          roleArn: role,
        }),
      );
    userPolicies.set('guest', [policyOf('sub', [subscribing])]);
    for (const denied of [attempt(`arn:aws:s3:::${bucket}`, roleArn), attempt(arnOf(target))])
      await expect(refusalOf(denied)).resolves.toMatchObject({ code: 'AccessDeniedException' });
    const passing = allow('iam:PassRole', roleArn);
    userPolicies.set('guest', [policyOf('sub', [subscribing, passing])]);
    await attempt(`arn:aws:s3:::${bucket}`, roleArn);
    const writing = allow('logs:PutLogEvents', `${arnOf(target)}:*`);
    userPolicies.set('guest', [policyOf('sub', [subscribing, writing])]);
    // Streams are made there too.
    expect((await refusalOf(attempt(arnOf(target)))).message).toContain('logs:CreateLogStream');
    const making = allow('logs:CreateLogStream', `${arnOf(target)}:*`);
    userPolicies.set('guest', [policyOf('sub', [subscribing, writing, making])]);
    await attempt(arnOf(target));
  });
});
