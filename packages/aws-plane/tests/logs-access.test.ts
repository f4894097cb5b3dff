import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteResourcePolicyCommand,
  DescribeLogGroupsCommand,
  DescribeResourcePoliciesCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';

let plane: LogsPlane;
let admin: CloudWatchLogsClient;
let guest: CloudWatchLogsClient;
const logGroupName = '/guarded/group';
const logStreamName = 'cart';
const prefix = `arn:aws:logs:us-east-1:${account}:log-group`;
const guestArn = `arn:aws:iam::${account}:user/guest`;

beforeAll(async () => {
  plane = await startLogsPlane();
  admin = plane.client();
  guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
  await admin.send(new CreateLogGroupCommand({ logGroupName, tags: { team: 'shop' } }));
  await admin.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
});
afterAll(() => plane[Symbol.asyncDispose]());
beforeEach(() => allow());

/** Gives the guest these statements and no others. */
function allow(...statements: object[]): void {
  const policies = statements.length > 0 ? [policyOf('inline:guest', statements)] : [];
  plane.test.directory.userPolicies.set('guest', policies);
}
const put = () =>
  guest.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: [{ timestamp: Date.now(), message: 'm' }],
    }),
  );

describe('policies', () => {
  it('deny in the words of AWS: who, what, on which resource', async () => {
    const denied = { code: 'AccessDeniedException', status: 400 };
    const message = (action: string, resource: string) =>
      `User: ${guestArn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
    expect(await refusalOf(put())).toMatchObject({
      ...denied,
      message: message('logs:PutLogEvents', `${prefix}:${logGroupName}:log-stream:${logStreamName}`),
    });
    const describeAll = guest.send(new DescribeLogGroupsCommand({}));
    expect(await refusalOf(describeAll)).toMatchObject({
      ...denied,
      message: message('logs:DescribeLogGroups', `${prefix}::log-stream:`),
    });
    const retention = guest.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    expect(await refusalOf(retention)).toMatchObject({
      ...denied,
      message: message('logs:PutRetentionPolicy', `${prefix}:${logGroupName}:log-stream:`),
    });
    const absent = guest.send(new GetLogEventsCommand({ logGroupName: 'absent', logStreamName }));
    expect(await refusalOf(absent)).toMatchObject(denied);
  });

  it.each([
    ['everything of the service, as the seed writes it', 'arn:aws:logs:*:*:*', true],
    ['everything', '*', true],
    ['the group with all that is in it', `${prefix}:${logGroupName}:*`, true],
    ['the stream', `${prefix}:${logGroupName}:log-stream:${logStreamName}`, true],
    ['another stream', `${prefix}:${logGroupName}:log-stream:other`, false],
    ['another group', `${prefix}:/guarded/other:*`, false],
    ['another region', `arn:aws:logs:eu-west-1:${account}:log-group:${logGroupName}:*`, false],
    ['the group without what is in it', `${prefix}:${logGroupName}`, false],
  ])('allow putting events on %s', async (_, Resource, allowed) => {
    allow({ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource });
    if (allowed) await put();
    else expect((await refusalOf(put())).code).toBe('AccessDeniedException');
  });

  it('look at the tags of the group and of the request', async () => {
    const on = (team: string) => ({
      Effect: 'Allow',
      Action: 'logs:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/team': team } },
    });
    allow(on('other'));
    expect((await refusalOf(put())).code).toBe('AccessDeniedException');
    allow(on('shop'));
    await put();
    allow({
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:TagResource'],
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } },
    });
    const create = (name: string, tags: Record<string, string>) =>
      guest.send(new CreateLogGroupCommand({ logGroupName: name, tags }));
    await create('/guarded/tagged', { team: 'x' });
    expect((await refusalOf(create('/guarded/strange', { cost: 'x' }))).code).toBe('AccessDeniedException');
    allow({ Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: '*' });
    await guest.send(new CreateLogGroupCommand({ logGroupName: '/guarded/untagged' }));
    expect((await refusalOf(create('/guarded/more', { team: 'x' }))).message).toBe(
      `User with accountId: ${account} is not authorized to perform CreateLogGroup with Tags. An additional permission "logs:TagResource" is required.`,
    );
    const tag = new TagResourceCommand({ resourceArn: `${prefix}:${logGroupName}`, tags: { a: 'b' } });
    expect((await refusalOf(guest.send(tag))).message).toContain(
      `logs:TagResource on resource: ${prefix}:${logGroupName} because`,
    );
  });
});

describe('resource policies', () => {
  const document = (changes: object = {}) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'guests',
          Effect: 'Allow',
          Principal: { AWS: guestArn },
          Action: 'logs:PutLogEvents',
          Resource: `${prefix}:${logGroupName}:*`,
          ...changes,
        },
      ],
    });
  const set = (policyName: string, policyDocument = document()) =>
    admin.send(new PutResourcePolicyCommand({ policyName, policyDocument }));

  it('of the account take part in decisions, and are kept and removed by name', async () => {
    const answer = await set('guests');
    expect(answer.resourcePolicy).toMatchObject({ policyName: 'guests', policyScope: 'ACCOUNT' });
    await put();
    await set('nobody', document({ Effect: 'Deny', Principal: '*' }));
    expect((await refusalOf(put())).message).toContain('with an explicit deny in a resource-based policy');
    await admin.send(new DeleteResourcePolicyCommand({ policyName: 'nobody' }));
    await put();
    const listed = await admin.send(new DescribeResourcePoliciesCommand({}));
    expect(listed.resourcePolicies?.map((policy) => policy.policyName)).toEqual(['guests']);
    expect(listed.resourcePolicies?.[0]?.policyDocument).toBe(document());
    await admin.send(new DeleteResourcePolicyCommand({ policyName: 'guests' }));
    expect((await refusalOf(put())).code).toBe('AccessDeniedException');
    const again = new DeleteResourcePolicyCommand({ policyName: 'guests' });
    expect((await refusalOf(admin.send(again))).code).toBe('ResourceNotFoundException');
  });

  it('have variables only where their own version has them', async () => {
    const Resource = `${prefix}:${logGroupName}:log-stream:\${aws:username}`;
    const named = () =>
      guest.send(
        new PutLogEventsCommand({
          logGroupName,
          logStreamName: 'guest',
          logEvents: [{ timestamp: Date.now(), message: 'm' }],
        }),
      );
    await admin.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'guest' }));
    const version = (Version: string) => JSON.stringify({ ...JSON.parse(document({ Resource })), Version });
    await set('a first one', document({ Resource: `${prefix}:elsewhere:*` }));
    await set('old', version('2008-10-17'));
    expect((await refusalOf(named())).code).toBe('AccessDeniedException');
    await set('old', version('2012-10-17'));
    await named();
    for (const policyName of ['a first one', 'old'])
      await admin.send(new DeleteResourcePolicyCommand({ policyName }));
  });

  it('of a group are for that group, and guarded by their revision', async () => {
    const resourceArn = `${prefix}:${logGroupName}`;
    const { revisionId } = await admin.send(
      new PutResourcePolicyCommand({ resourceArn, policyDocument: document() }),
    );
    await put();
    const stale = new PutResourcePolicyCommand({
      resourceArn,
      policyDocument: document(),
      expectedRevisionId: 'other',
    });
    expect((await refusalOf(admin.send(stale))).code).toBe('OperationAbortedException');
    const listed = await admin.send(new DescribeResourcePoliciesCommand({ resourceArn }));
    expect(listed.resourcePolicies?.[0]).toMatchObject({ resourceArn, revisionId, policyScope: 'RESOURCE' });
    await admin.send(new DeleteResourcePolicyCommand({ resourceArn, expectedRevisionId: revisionId }));
    expect((await refusalOf(put())).code).toBe('AccessDeniedException');
  });

  it('must be policies, and no more than ten', async () => {
    expect((await refusalOf(set('bad', '{}'))).code).toBe('InvalidParameterException');
    expect((await refusalOf(set('bad', 'no JSON'))).code).toBe('InvalidParameterException');
    for (let n = 0; n < 10; n++) await set(`p${n}`);
    expect((await refusalOf(set('one too many'))).code).toBe('LimitExceededException');
    await set('p3', document({ Sid: 'changed' }));
    for (let n = 0; n < 10; n++) await admin.send(new DeleteResourcePolicyCommand({ policyName: `p${n}` }));
  });
});
