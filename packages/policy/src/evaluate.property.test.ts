// Laws that hold for any policies and any request.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  account,
  allow,
  compiled,
  deny,
  federated,
  otherAccount,
  root,
  session,
  type StatementText,
  textOf,
  user,
  webIdentity,
} from '../tests/fixtures.ts';
import {
  type AuthorizationRequest,
  evaluate,
  type NamedPolicy,
  type PolicyKind,
  type PolicySet,
} from './index.ts';

const action = fc.constantFrom('*', 's3:*', 's3:Get*', 's3:GetObject', 's3:PutObject', 'iam:?etUser');
const resource = fc.constantFrom(
  '*',
  'arn:aws:s3:::b',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b/${aws:username}',
  'arn:aws:s3:*',
);
const operator = fc.constantFrom(
  'StringEquals',
  'StringNotEquals',
  'StringLikeIfExists',
  'ForAllValues:StringEquals',
  'ForAnyValue:StringNotLike',
  'NumericLessThan',
  'NotIpAddress',
  'ArnLike',
  'Null',
  'Bool',
);
const key = fc.constantFrom('aws:username', 'aws:SourceIp', 'aws:PrincipalTag/x', 'k:v');
const value = fc.constantFrom('ann', '*', 'true', '10', '10.0.0.0/8', '${aws:username}', "${k:v, 'x'}", '');
const condition = fc.dictionary(
  operator,
  fc.dictionary(key, fc.array(value, { minLength: 1, maxLength: 3 }), { minKeys: 1, maxKeys: 2 }),
  { maxKeys: 2 },
);
const effect = fc.constantFrom('Allow', 'Deny');
const principal = fc.constantFrom<unknown>(
  '*',
  { AWS: account },
  { AWS: user.arn },
  { AWS: session.roleArn },
  { AWS: session.arn },
  { AWS: [otherAccount, root.arn] },
);

const own = fc.record({ Effect: effect, Action: action, Resource: resource, Condition: condition });
const foreign = fc.record({
  Effect: effect,
  Action: action,
  Resource: resource,
  Condition: condition,
  Principal: principal,
});

const statements = (one: fc.Arbitrary<StatementText>) => fc.array(one, { minLength: 1, maxLength: 4 });
const policies = (kind: PolicyKind, one: fc.Arbitrary<StatementText>) =>
  statements(one).map((list): NamedPolicy => compiled(kind, `${kind}:x`, textOf(...list)));

const set: fc.Arbitrary<PolicySet> = fc.record(
  {
    identity: fc.array(policies('identity', own), { maxLength: 3 }),
    resource: policies('resource', foreign),
    resourceMode: fc.constantFrom('optional' as const, 'required' as const),
    boundary: policies('boundary', own),
    session: fc.array(policies('session', own), { minLength: 1, maxLength: 2 }),
    serviceControl: fc.array(fc.array(policies('service-control', own), { maxLength: 2 }), { maxLength: 2 }),
  },
  { requiredKeys: ['identity'] },
);

const request: fc.Arbitrary<AuthorizationRequest> = fc.record({
  action: fc.constantFrom('s3:GetObject', 's3:PutObject', 'iam:GetUser'),
  resource: fc.constantFrom('*', 'arn:aws:s3:::b', 'arn:aws:s3:::b/ann', 'nonsense'),
  resourceAccount: fc.constantFrom(account, otherAccount),
  principal: fc.constantFrom<AuthorizationRequest['principal'][]>(
    user,
    root,
    session,
    federated,
    webIdentity,
    { kind: 'anonymous' },
    { kind: 'service', service: 'ec2.amazonaws.com' },
  ),
  context: fc.dictionary(key, fc.oneof(value, fc.array(value, { maxLength: 2 })), { maxKeys: 4 }),
});

const denyAll = compiled('identity', 'inline:deny', textOf(deny('*', '*')));
const allowAll = compiled('identity', 'inline:allow', textOf(allow('*', '*')));
const runs = { numRuns: 500 };

describe('for any policies and any request', () => {
  it('neither the decision nor its steps throw, and they agree', () => {
    fc.assert(
      fc.property(request, set, (asked, given) => {
        const verdict = evaluate(asked, given);
        expect(verdict.allowed).toBe(verdict.decision === 'allow');
        const failed = verdict.steps.filter((step) => step.outcome === 'failed');
        if (verdict.allowed) expect(failed).toEqual([]);
        else expect(failed[0]?.check).toBe(`policy.${verdict.layer}`);
      }),
      runs,
    );
  });

  it('a Deny of everything denies, in every layer', () => {
    fc.assert(
      fc.property(request, set, (asked, given) => {
        expect(evaluate(asked, { ...given, identity: [...given.identity, denyAll] }).decision).toBe(
          'explicit-deny',
        );
        expect(evaluate(asked, { ...given, boundary: denyAll }).decision).toBe('explicit-deny');
        expect(evaluate(asked, { ...given, session: [denyAll] }).decision).toBe('explicit-deny');
        expect(evaluate(asked, { ...given, serviceControl: [[denyAll]] }).decision).toBe('explicit-deny');
      }),
      runs,
    );
  });

  it('one more Deny never allows', () => {
    const more = own.map((statement) =>
      compiled('identity', 'inline:more', textOf({ ...statement, Effect: 'Deny' })),
    );
    fc.assert(
      fc.property(request, set, more, (asked, given, extra) => {
        const before = evaluate(asked, given).allowed;
        const after = evaluate(asked, { ...given, identity: [...given.identity, extra] }).allowed;
        expect(after && !before).toBe(false);
      }),
      runs,
    );
  });

  it('one more Allow for the identity never denies', () => {
    const more = own.map((statement) =>
      compiled('identity', 'inline:more', textOf({ ...statement, Effect: 'Allow' })),
    );
    fc.assert(
      fc.property(request, set, more, (asked, given, extra) => {
        const before = evaluate(asked, given).allowed;
        const after = evaluate(asked, { ...given, identity: [extra, ...given.identity] }).allowed;
        expect(before && !after).toBe(false);
      }),
      runs,
    );
  });

  it('a boundary or a service control policy that allows everything changes nothing', () => {
    fc.assert(
      fc.property(request, set, (asked, drawn) => {
        const given = { ...drawn, boundary: undefined, serviceControl: undefined };
        // NotPrincipal is not generated: with it, a boundary alone denies.
        const { decision } = evaluate(asked, given);
        expect(evaluate(asked, { ...given, boundary: allowAll, serviceControl: [[allowAll]] }).decision).toBe(
          decision,
        );
      }),
      runs,
    );
  });
});
