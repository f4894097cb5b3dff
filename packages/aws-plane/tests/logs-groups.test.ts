import {
  AssociateKmsKeyCommand,
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DisassociateKmsKeyCommand,
  GetLogEventsCommand,
  ListLogGroupsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
  PutLogEventsCommand,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupAt } from '../src/services/logs/groups.ts';
import { logsOf } from '../src/services/logs/logs-context.ts';
import { refOf } from '../src/services/logs/state.ts';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, refusalOf } from './plane.ts';

let plane: LogsPlane;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  plane = await startLogsPlane();
  client = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

const arnOf = (name: string) => `arn:aws:logs:us-east-1:${account}:log-group:${name}`;
const create = (logGroupName: string, input = {}) =>
  client.send(new CreateLogGroupCommand({ logGroupName, ...input }));
const described = async (logGroupNamePrefix: string) =>
  (await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }))).logGroups ?? [];

describe('groups', () => {
  it('are shown as they were made', async () => {
    const before = Date.now();
    const kmsKeyId = `arn:aws:kms:us-east-1:${account}:key/1234`;
    await create('/shown/all', { kmsKeyId, tags: { team: 'shop' }, logGroupClass: 'INFREQUENT_ACCESS' });
    const [group] = await described('/shown/');
    expect(group).toEqual({
      logGroupName: '/shown/all',
      creationTime: expect.any(Number),
      metricFilterCount: 0,
      arn: `${arnOf('/shown/all')}:*`,
      logGroupArn: arnOf('/shown/all'),
      storedBytes: 0,
      kmsKeyId,
      logGroupClass: 'INFREQUENT_ACCESS',
      deletionProtectionEnabled: false,
      bearerTokenAuthenticationEnabled: false,
    });
    expect(group?.creationTime).toBeGreaterThanOrEqual(before);
  });

  it('have one name once, and only allowed ones', async () => {
    await create('once');
    expect(await refusalOf(create('once'))).toMatchObject({
      code: 'ResourceAlreadyExistsException',
      status: 400,
      message: 'The specified log group already exists',
    });
    const bad = await refusalOf(create('no spaces'));
    expect(bad.code).toBe('InvalidParameterException');
    expect(bad.message).toContain(
      "Value 'no spaces' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    );
    expect((await refusalOf(create('x'.repeat(513)))).message).toContain('length less than or equal to 512');
    expect((await refusalOf(create('aws/mine'))).message).toContain('reserved for AWS');
    expect((await refusalOf(create('tagged', { tags: { 'aws:x': '1' } }))).code).toBe(
      'InvalidParameterException',
    );
  });

  it('are found by prefix, pattern, class and identifier, page by page', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `/walk/${n}`);
    for (const name of names) await create(name);
    const pages: number[] = [];
    const seen: string[] = [];
    for await (const page of paginateDescribeLogGroups(
      { client, pageSize: 3 },
      { logGroupNamePrefix: '/walk/' },
    )) {
      pages.push(page.logGroups?.length ?? 0);
      seen.push(...(page.logGroups ?? []).map((group) => group.logGroupName ?? ''));
    }
    expect(pages).toEqual([3, 3, 1]);
    expect(seen).toEqual(names);
    const byPattern = await client.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'alk/4' }));
    expect(byPattern.logGroups?.map((group) => group.logGroupName)).toEqual(['/walk/4']);
    const named = await client.send(
      new DescribeLogGroupsCommand({ logGroupIdentifiers: ['/walk/5', arnOf('/walk/2'), 'absent'] }),
    );
    expect(named.logGroups?.map((group) => group.logGroupName)).toEqual(['/walk/2', '/walk/5']);
    const listed = await client.send(new ListLogGroupsCommand({ logGroupNamePattern: '^/walk/1|alk/6' }));
    expect(listed.logGroups?.map((group) => group.logGroupName)).toEqual(['/walk/1', '/walk/6']);
    const both = new DescribeLogGroupsCommand({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' });
    expect((await refusalOf(client.send(both))).code).toBe('InvalidParameterException');
    const forged = new DescribeLogGroupsCommand({ nextToken: Buffer.from('"x"').toString('base64url') });
    expect(await refusalOf(client.send(forged))).toMatchObject({
      code: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
    });
  });

  it('are of one region', async () => {
    await create('regional');
    const elsewhere = plane.client({ region: 'eu-west-1' });
    expect((await elsewhere.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
    await elsewhere.send(new CreateLogGroupCommand({ logGroupName: 'regional' }));
    // Nor is a group reached from another region by its ARN: the policies of that region would not be asked.
    const resourceArn = arnOf('regional');
    expect(await refusalOf(elsewhere.send(new ListTagsForResourceCommand({ resourceArn })))).toMatchObject({
      code: 'InvalidParameterException',
      message: 'Invalid ARN.',
    });
  });

  it('go with their streams and events, and come back empty', async () => {
    const logGroupName = 'gone';
    const logStreamName = 's';
    await create(logGroupName);
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    const logEvents = [{ timestamp: Date.now(), message: 'old' }];
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    await client.send(new DeleteLogGroupCommand({ logGroupName }));
    const gone = { code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' };
    expect(await refusalOf(client.send(new DeleteLogGroupCommand({ logGroupName })))).toMatchObject(gone);
    const get = new GetLogEventsCommand({ logGroupName, logStreamName });
    expect(await refusalOf(client.send(get))).toMatchObject(gone);
    await create(logGroupName);
    expect((await client.send(new DescribeLogStreamsCommand({ logGroupName }))).logStreams).toEqual([]);
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    expect((await client.send(get)).events).toEqual([]);
  });

  it('may be protected from deletion', async () => {
    await create('kept', { deletionProtectionEnabled: true });
    const remove = () => client.send(new DeleteLogGroupCommand({ logGroupName: 'kept' }));
    const refusal = {
      code: 'ValidationException',
      message: expect.stringContaining(
        'with deletion protection enabled. Disable deletion protection first.',
      ),
    };
    expect(await refusalOf(remove())).toMatchObject(refusal);
    const stream = { logGroupName: 'kept', logStreamName: 's' };
    await client.send(new CreateLogStreamCommand(stream));
    const removeStream = () => client.send(new DeleteLogStreamCommand(stream));
    expect(await refusalOf(removeStream())).toMatchObject(refusal);
    await client.send(
      new PutLogGroupDeletionProtectionCommand({
        logGroupIdentifier: arnOf('kept'),
        deletionProtectionEnabled: false,
      }),
    );
    await removeStream();
    await remove();
  });

  it('keep a key and a retention of allowed days', async () => {
    const logGroupName = 'settings';
    await create(logGroupName);
    const put = (retentionInDays: number) =>
      client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    await put(3653);
    expect((await described(logGroupName))[0]?.retentionInDays).toBe(3653);
    expect((await refusalOf(put(6))).message).toContain(
      "Value '6' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5, 7, 14,",
    );
    await client.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    expect((await described(logGroupName))[0]?.retentionInDays).toBeUndefined();
    const kmsKeyId = `arn:aws:kms:us-east-1:${account}:key/abc`;
    await client.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId }));
    expect((await described(logGroupName))[0]?.kmsKeyId).toBe(kmsKeyId);
    await client.send(new DisassociateKmsKeyCommand({ resourceIdentifier: arnOf(logGroupName) }));
    expect((await described(logGroupName))[0]?.kmsKeyId).toBeUndefined();
    const noKey = new AssociateKmsKeyCommand({ logGroupName, kmsKeyId: 'abc' });
    expect((await refusalOf(client.send(noKey))).code).toBe('InvalidParameterException');
    await create('delivered', { logGroupClass: 'DELIVERY' });
    expect((await described('delivered'))[0]?.retentionInDays).toBe(2);
    const fixed = new PutRetentionPolicyCommand({ logGroupName: 'delivered', retentionInDays: 7 });
    expect((await refusalOf(client.send(fixed))).code).toBe('InvalidParameterException');
  });
});

describe('tags', () => {
  it('are set and taken away by ARN and by name', async () => {
    const logGroupName = 'tags';
    const resourceArn = arnOf(logGroupName);
    await create(logGroupName, { tags: { a: '1' } });
    await client.send(new TagResourceCommand({ resourceArn, tags: { b: '2' } }));
    await client.send(new TagLogGroupCommand({ logGroupName, tags: { c: '3' } }));
    expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({
      a: '1',
      b: '2',
      c: '3',
    });
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'absent'] }));
    await client.send(new UntagLogGroupCommand({ logGroupName, tags: ['b'] }));
    expect((await client.send(new ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual({ c: '3' });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, '']));
    const tooMany = new TagResourceCommand({ resourceArn, tags: many });
    expect((await refusalOf(client.send(tooMany))).code).toBe('TooManyTagsException');
    const absent = new ListTagsForResourceCommand({ resourceArn: arnOf('absent') });
    expect((await refusalOf(client.send(absent))).code).toBe('ResourceNotFoundException');
    const foreign = new ListTagsForResourceCommand({ resourceArn: 'arn:aws:s3:::bucket' });
    expect((await refusalOf(client.send(foreign))).code).toBe('InvalidParameterException');
  });
});

describe('streams', () => {
  const now = Date.now();
  const logGroupName = 'streams';
  const order = ['delta', 'alpha', 'charlie', 'bravo', 'échо', 'alpha\u0001'];
  beforeAll(async () => {
    await create(logGroupName);
    for (const [index, logStreamName] of order.entries()) {
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const logEvents = [{ timestamp: now + index, message: 'x' }];
      if (index < 5) await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
  });

  const walk = async (input: object, pageSize = 2) => {
    const names: string[] = [];
    for await (const page of paginateDescribeLogStreams({ client, pageSize }, { logGroupName, ...input }))
      names.push(...(page.logStreams ?? []).map((stream) => stream.logStreamName ?? ''));
    return names;
  };

  it('are listed by name and by last event, both ways, each once', async () => {
    const byName = ['alpha', 'alpha\u0001', 'bravo', 'charlie', 'delta', 'échо'];
    expect(await walk({})).toEqual(byName);
    expect(await walk({ descending: true })).toEqual(byName.toReversed());
    const byTime = ['alpha\u0001', 'delta', 'alpha', 'charlie', 'bravo', 'échо'];
    expect(await walk({ orderBy: 'LastEventTime' })).toEqual(byTime);
    expect(await walk({ orderBy: 'LastEventTime', descending: true })).toEqual(byTime.toReversed());
    expect(await walk({ logStreamNamePrefix: 'alpha' })).toEqual(['alpha', 'alpha\u0001']);
    expect(await walk({ logStreamNamePrefix: 'alpha', descending: true }, 1)).toEqual([
      'alpha\u0001',
      'alpha',
    ]);
    const both = new DescribeLogStreamsCommand({
      logGroupName,
      orderBy: 'LastEventTime',
      logStreamNamePrefix: 'a',
    });
    expect((await refusalOf(client.send(both))).code).toBe('InvalidParameterException');
  });

  it('show when their events happened', async () => {
    const answer = await client.send(
      new DescribeLogStreamsCommand({
        logGroupIdentifier: arnOf(logGroupName),
        logStreamNamePrefix: 'bravo',
      }),
    );
    expect(answer.logStreams).toEqual([
      {
        logStreamName: 'bravo',
        arn: `${arnOf(logGroupName)}:log-stream:bravo`,
        creationTime: expect.any(Number),
        firstEventTimestamp: now + 3,
        lastEventTimestamp: now + 3,
        lastIngestionTime: expect.any(Number),
        uploadSequenceToken: expect.stringMatching(/^\d{56}$/),
        storedBytes: 0,
      },
    ]);
  });

  /** What an event leaves that was on its way when its stream was deleted. */
  const leaveBehind = async (stream: string) => {
    const at = { account, region: 'us-east-1', name: logGroupName };
    const { events } = logsOf(plane.test.plane);
    const group = refOf(groupAt(plane.test.plane.store, at));
    await events.append(group, stream, [{ timestampMs: now, message: 'late' }], now);
  };

  it('have one name once, and go with their events', async () => {
    const logStreamName = 'twice';
    const make = () => client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await make();
    expect(await refusalOf(make())).toMatchObject({
      code: 'ResourceAlreadyExistsException',
      message: 'The specified log stream already exists',
    });
    const logEvents = [{ timestamp: now, message: 'old' }];
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    await client.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }));
    await leaveBehind(logStreamName);
    expect(
      await refusalOf(client.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }))),
    ).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
    await make();
    const got = await client.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
    );
    expect(got.events).toEqual([]);
    const colon = new CreateLogStreamCommand({ logGroupName, logStreamName: 'a:b' });
    expect((await refusalOf(client.send(colon))).message).toContain('[^:*]*');
  });
});
