import { decidingStep } from '@pergola/kernel';
import { describe, expect, it } from 'vitest';
import {
  account,
  allow,
  bucketPolicy,
  deny,
  identity,
  issuer,
  otherAccount,
  providerArn,
  request,
  root,
  session,
  type StatementText,
  trust,
  user,
  webIdentity,
} from '../../tests/fixtures.ts';
import { type AuthorizationRequest, evaluate, type PolicySet } from '../index.ts';

const everything = identity(allow('*', '*'));
const nothing = identity(allow('iam:GetUser', '*'));

function stepsOf(changes: Partial<AuthorizationRequest>, policies: Partial<PolicySet>) {
  return evaluate(request(changes), { identity: [], ...policies }).steps;
}

const deciding = (changes: Partial<AuthorizationRequest>, policies: Partial<PolicySet>) =>
  decidingStep(stepsOf(changes, policies));

describe('the steps', () => {
  it('are one for each layer, and say which statement allowed', () => {
    const policies = {
      identity: [identity(allow('s3:*', '*', { Sid: 'Read' }))],
      boundary: everything,
      session: [everything],
      serviceControl: [[everything]],
    };
    expect(stepsOf({}, policies).map(({ check, outcome }) => [check, outcome])).toEqual([
      ['policy.service-control', 'passed'],
      ['policy.identity', 'passed'],
      ['policy.boundary', 'passed'],
      ['policy.session', 'passed'],
    ]);
    expect(stepsOf({}, policies)[1]?.because).toBe(
      'statement 0 ("Read") of inline:p allows s3:GetObject on arn:aws:s3:::b/key',
    );
  });

  it('skip what another layer made needless', () => {
    const resource = bucketPolicy(allow('s3:*', '*', { Principal: '*' }));
    expect(stepsOf({}, { resource })).toMatchObject([
      { check: 'policy.resource', outcome: 'passed' },
      {
        check: 'policy.identity',
        outcome: 'skipped',
        because: expect.stringContaining('need not: statement 0 of bucket-policy:b does'),
      },
    ]);
  });

  it('tell the deciding layer first, and what would fail after it', () => {
    expect(stepsOf({}, { boundary: nothing }).map(({ check, outcome }) => [check, outcome])).toEqual([
      ['policy.identity', 'failed'],
      ['policy.boundary', 'failed'],
    ]);
    expect(
      stepsOf({}, { session: [identity(deny('*', '*'))] }).map(({ check, outcome }) => [check, outcome]),
    ).toEqual([
      ['policy.identity', 'skipped'],
      ['policy.session', 'failed'],
    ]);
  });

  it('say that the root needs no policy', () => {
    expect(stepsOf({ principal: root }, {})).toEqual([
      { check: 'policy.identity', outcome: 'passed', because: 'the account root needs no policy' },
    ]);
  });

  it('are made once', () => {
    const verdict = evaluate(request(), { identity: [] });
    expect(verdict.steps).toBe(verdict.steps);
  });

  it('carry each statement with what matched, the closest first', () => {
    const condition = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
    const near = allow('s3:GetObject', 'arn:aws:s3:::b/*', { ...condition, Sid: 'Near' });
    const step = deciding(
      { context: { 'aws:SourceIp': '192.0.2.1' } },
      { identity: [nothing, identity(near)] },
    );
    expect(step).toMatchObject({
      because: expect.stringContaining(
        'the closest is statement 0 ("Near") of inline:p, but its IpAddress condition on aws:SourceIp wants "10.0.0.0/8", and the request has "192.0.2.1"',
      ),
      evidence: {
        policies: ['inline:p', 'inline:p'],
        statements: [
          {
            sid: 'Near',
            line: 1,
            action: true,
            resource: true,
            conditions: [
              {
                operator: 'IpAddress',
                key: 'aws:SourceIp',
                holds: false,
                actual: ['192.0.2.1'],
                wanted: ['10.0.0.0/8'],
              },
            ],
          },
          { sid: undefined, action: false },
        ],
        nearMisses: [{ kind: 'value-differs' }],
      },
    });
  });

  it('say nothing of statements about something else', () => {
    const step = deciding({}, { identity: [identity(allow('iam:GetUser', 'arn:aws:iam::*:user/x'))] });
    expect(step?.because).toBe(
      'the identity’s set of policies does not allow s3:GetObject on arn:aws:s3:::b/key',
    );
    expect(step?.link).toBe('P1');
  });
});

describe('the links of the layers', () => {
  it.each<[string, Partial<AuthorizationRequest>, Partial<PolicySet>]>([
    ['P1', {}, {}],
    ['P2', {}, { identity: [everything], boundary: nothing }],
    ['P3', {}, { identity: [everything], session: [nothing] }],
    ['P4', { resourceAccount: otherAccount }, { identity: [everything] }],
    ['P5', {}, { identity: [everything], serviceControl: [[everything], [nothing]] }],
    ['P5', {}, { identity: [everything], serviceControl: [[everything, identity(deny('*', '*'))]] }],
    ['R10', { action: 'sts:AssumeRole' }, { identity: [everything], serviceControl: [[nothing]] }],
  ])('%s', (link, changes, policies) => {
    expect(deciding(changes, policies)?.link).toBe(link);
  });
});

describe('near misses of role trust', () => {
  const sub = 'system:serviceaccount:shop:api';
  const token = {
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: `arn:aws:iam::${account}:role/app`,
    principal: webIdentity,
    context: { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: 'sts.amazonaws.com' },
  };
  const good: StatementText = {
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: providerArn },
  };
  const judge = (statement: StatementText) =>
    deciding(token, { resource: trust({ ...good, ...statement }), resourceMode: 'required' });
  const when = (operator: string, key: string, value: unknown) => ({
    Condition: { [operator]: { [key]: value } },
  });

  it('is silent when all is well', () => {
    expect(judge(when('StringEquals', `${issuer}:sub`, sub))).toBeUndefined();
  });

  it.each<[string, string, StatementText, string]>([
    [
      'R1',
      'a wildcard under StringEquals',
      when('StringEquals', `${issuer}:sub`, 'system:serviceaccount:shop:*'),
      'Use StringLike instead of StringEquals',
    ],
    [
      'R2',
      'a key with the scheme',
      when('StringEquals', `https://${issuer}:sub`, sub),
      `Write the condition key as ${issuer}:sub.`,
    ],
    [
      'R2',
      'a key that is an ARN',
      when('StringEquals', `${providerArn}:sub`, sub),
      `Write the condition key as ${issuer}:sub.`,
    ],
    [
      'R2',
      "another cluster's issuer",
      when('StringEquals', 'oidc.example.com/old:sub', sub),
      `Write the condition key as ${issuer}:sub.`,
    ],
    [
      'R3',
      'the audience under sub',
      when('StringEquals', `${issuer}:sub`, 'sts.amazonaws.com'),
      `Put "sts.amazonaws.com" under ${issuer}:aud.`,
    ],
    [
      'R3',
      'the subject under aud',
      when('StringEquals', `${issuer}:aud`, sub),
      `Put "${sub}" under ${issuer}:sub.`,
    ],
    [
      'R4',
      'another service account',
      when('StringEquals', `${issuer}:sub`, 'system:serviceaccount:shop:web'),
      sub,
    ],
    ['R4', 'another namespace', when('StringLike', `${issuer}:sub`, 'system:serviceaccount:store:api'), sub],
    ['R5', 'another provider', { Principal: { Federated: providerArn.replace('rosa', 'old') } }, providerArn],
    [
      'R6',
      'AssumeRole only',
      { Action: 'sts:AssumeRole' },
      'Set the statement’s Action to sts:AssumeRoleWithWebIdentity.',
    ],
  ])('%s: %s', (link, _name, statement, fix) => {
    const step = judge(statement);
    expect(step).toMatchObject({ check: 'policy.trust', outcome: 'failed', link });
    expect(step?.fix).toContain(fix);
  });

  it('says which part of the subject differs', () => {
    expect(judge(when('StringEquals', `${issuer}:sub`, 'system:serviceaccount:shop:web'))?.because).toContain(
      'another service account',
    );
    expect(
      judge(when('StringEquals', `${issuer}:sub`, 'system:serviceaccount:store:api'))?.because,
    ).toContain('another namespace');
  });

  it('tells every mistake of the closest statement', () => {
    const both = {
      Condition: {
        StringEquals: { [`${issuer}:aud`]: 'openshift' },
        StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:a:b' },
      },
    };
    expect(judge(both)?.evidence?.['nearMisses']).toMatchObject([
      { kind: 'value-differs' },
      { kind: 'subject-differs' },
    ]);
  });
});

describe('near misses of resources and conditions', () => {
  const miss = (changes: Partial<AuthorizationRequest>, statement: StatementText) =>
    deciding(changes, { identity: [identity(statement)] });

  it('the objects for the bucket', () => {
    const step = miss(
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::b' },
      allow('s3:*', 'arn:aws:s3:::b/*'),
    );
    expect(step).toMatchObject({ link: 'P1', fix: 'Add arn:aws:s3:::b to the statement’s Resource.' });
  });

  it('the bucket for the objects', () => {
    expect(miss({}, allow('s3:*', 'arn:aws:s3:::b'))).toMatchObject({
      link: 'P1',
      fix: 'Add arn:aws:s3:::b/* to the statement’s Resource.',
    });
  });

  it('a resource for an action without one', () => {
    expect(
      miss({ action: 's3:ListAllMyBuckets', resource: '*' }, allow('s3:*', 'arn:aws:s3:::*'))?.fix,
    ).toContain('Resource "*"');
  });

  it('a log group without its star', () => {
    const group = `arn:aws:logs:us-east-1:${account}:log-group:app`;
    expect(
      miss({ action: 'logs:PutLogEvents', resource: `${group}:log-stream:x` }, allow('logs:*', group))?.fix,
    ).toContain(`${group}:*`);
    expect(
      miss({ action: 'logs:CreateLogStream', resource: `${group}:*` }, allow('logs:*', group))?.link,
    ).toBe('P1');
  });

  it('another case', () => {
    expect(miss({}, allow('s3:*', 'arn:aws:s3:::B/Key'))?.because).toContain('in case');
    const tagged = allow('s3:*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'Blue' } } });
    expect(miss({ context: { 'aws:PrincipalTag/team': 'blue' } }, tagged)?.fix).toContain(
      'StringEqualsIgnoreCase',
    );
  });

  it('a key that is not in the request', () => {
    const statement = allow('s3:*', '*', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } });
    expect(miss({}, statement)).toMatchObject({
      link: 'P6',
      evidence: { statements: [{ conditions: [{ actual: null, wanted: ['vpce-1'] }] }] },
    });
  });

  it('a variable without a value', () => {
    const statement = allow('s3:*', '*', {
      Condition: { StringEquals: { 'aws:PrincipalTag/team': '${aws:username}' } },
    });
    const step = miss({ principal: session, context: { 'aws:PrincipalTag/team': 'x' } }, statement);
    expect(step).toMatchObject({ link: 'P6', because: expect.stringContaining('${aws:username}') });
  });

  it('a principal that is somebody else', () => {
    const resource = bucketPolicy(allow('s3:*', '*', { Principal: { AWS: user.arn } }));
    expect(
      deciding({ principal: session, resourceAccount: otherAccount }, { identity: [everything], resource })
        ?.fix,
    ).toBe(`Name ${session.roleArn} in the statement’s Principal.`);
  });

  it('a Deny is told with its conditions', () => {
    const insecure = deny('*', '*', { Sid: 'Tls', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    const step = deciding(
      { context: { 'aws:SecureTransport': 'false' } },
      { identity: [everything, identity(insecure)] },
    );
    expect(step).toMatchObject({
      because: 'statement 0 ("Tls") of inline:p denies s3:GetObject on arn:aws:s3:::b/key',
      evidence: { statements: [{ conditions: [{ actual: ['false'], wanted: ['false'], holds: true }] }] },
    });
  });
});
