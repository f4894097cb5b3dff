import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { providerArn, textOf } from '../tests/fixtures.ts';
import { parsePolicy, type PolicyKind } from './index.ts';

const fault = (text: string, kind: PolicyKind = 'identity') => {
  const parsed = parsePolicy(text, kind);
  return parsed.ok ? undefined : parsed.error;
};
const message = (statement: Record<string, unknown>, kind: PolicyKind = 'identity') =>
  fault(textOf(statement), kind)?.message;

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '123456789012' } };
const syntax = 'Syntax errors in policy.';

describe('the shape of a document', () => {
  it('makes lists of single values and keeps what was written', () => {
    const parsed = parsePolicy(
      '{"Version": "2012-10-17", "Id": "x", "Statement":\n  {"Sid": "A1", "Effect": "Deny", "NotAction": "s3:*", "NotResource": ["*"],\n' +
        '   "Condition": {"Bool": {"aws:SecureTransport": false}, "NumericLessThan": {"s3:max-keys": [10, "20"]}}}}',
      'identity',
    );
    expect(parsed.ok && parsed.value).toMatchObject({
      version: '2012-10-17',
      id: 'x',
      statements: [
        {
          sid: 'A1',
          effect: 'Deny',
          action: { negated: true, patterns: ['s3:*'] },
          resource: { negated: true, patterns: ['*'] },
          conditions: [
            { operator: 'Bool', key: 'aws:SecureTransport', values: ['false'] },
            { operator: 'NumericLessThan', key: 's3:max-keys', values: ['10', '20'] },
          ],
          start: { line: 2, column: 3 },
          end: { line: 3 },
        },
      ],
    });
  });

  it('takes old and missing versions where AWS does', () => {
    const old = '{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}}';
    expect(parsePolicy(old, 'trust')).toMatchObject({ ok: true, value: { version: '2008-10-17' } });
    expect(
      fault('{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'),
    ).toMatchObject({
      reason: 'old-version',
      message: 'Policy document must be version 2012-10-17 or greater.',
      path: 'Version',
    });
    expect(fault('{"Version": "2020-01-01", "Statement": []}', 'trust')?.message).toBe(syntax);
  });

  it.each<[PolicyKind, string]>([
    ['identity', syntax],
    ['trust', 'This policy contains invalid Json'],
    ['resource', "Policies must be valid JSON and the first byte must be '{'"],
  ])('says of text that is no JSON, for %s: %s', (kind, expected) => {
    expect(fault('{"Version": "2012-10-17",}', kind)).toMatchObject({
      message: expected,
      position: { line: 1, column: 26 },
    });
  });

  it.each([
    ['[]', ''],
    ['{}', 'Statement'],
    ['{"Version": "2012-10-17", "Statement": []}', 'Statement'],
    ['{"Version": "2012-10-17", "Statement": ["x"]}', 'Statement[0]'],
    [textOf({ ...allow, Extra: 1 }), 'Statement[0].Extra'],
    [textOf({ ...allow, Effect: 'allow' }), 'Statement[0].Effect'],
    [textOf({ ...allow, NotAction: '*' }), 'Statement[0].NotAction'],
    [textOf({ ...allow, Action: 5 }), 'Statement[0].Action[0]'],
    [textOf({ ...allow, Sid: 5 }), 'Statement[0].Sid'],
    [textOf({ ...allow, Condition: { StringIs: { a: 'b' } } }), 'Statement[0].Condition.StringIs'],
    [textOf({ ...allow, Condition: { NullIfExists: { a: 'true' } } }), 'Statement[0].Condition.NullIfExists'],
    [textOf({ ...allow, Condition: { StringEquals: 'b' } }), 'Statement[0].Condition.StringEquals'],
    [
      textOf({ ...allow, Condition: { StringEquals: { a: { b: 'c' } } } }),
      'Statement[0].Condition.StringEquals.a[0]',
    ],
  ])('has syntax errors: %s at %j', (text, path) => {
    expect(fault(text)).toMatchObject({ code: 'MalformedPolicyDocument', message: syntax, path });
  });

  it('refuses duplicate keys', () => {
    expect(fault('{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}')).toMatchObject({
      reason: 'duplicate-key',
      message: syntax,
    });
  });
});

describe('the values of an identity policy', () => {
  it.each([
    [{ ...allow, Principal: '*' }, 'Policy document should not specify a principal.'],
    [{ Effect: 'Allow', Resource: '*' }, 'Policy statement must contain actions.'],
    [{ Effect: 'Allow', Action: [], Resource: '*' }, 'Policy statement must contain actions.'],
    [{ Effect: 'Allow', Action: 's3:*' }, 'Policy statement must contain resources.'],
    [
      { ...allow, Action: 'GetObject' },
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [{ ...allow, Action: 's3:Get:Object' }, 'Actions/Condition can contain only one colon.'],
    [{ ...allow, Action: 's 3:GetObject' }, 'Vendor s 3 is not valid'],
    [{ ...allow, Resource: 'bucket' }, 'Resource bucket must be in ARN format or "*".'],
    [
      { ...allow, Resource: 'arn:other:s3:::b' },
      'Partition "other" is not valid for resource "arn:other:s3:::b".',
    ],
    [
      { ...allow, Resource: 'arn:aws:s*:::b' },
      'Resource vendor must be fully qualified and cannot contain regexes.',
    ],
    [{ ...allow, Resource: 'arn:aws:s3' }, 'The policy failed legacy parsing'],
    [
      { ...allow, Resource: 'arn:aws:s3:us-east-1::b' },
      'Resource arn:aws:s3:us-east-1::b can not contain region information.',
    ],
    [
      { ...allow, Resource: 'arn:aws:iam:us-east-1:1:role/x' },
      'IAM resource arn:aws:iam:us-east-1:1:role/x cannot contain region information.',
    ],
    [
      { ...allow, Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } },
      'The policy failed legacy parsing',
    ],
    [
      { ...allow, Sid: 'a-b' },
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    ],
  ])('%j: %s', (statement, expected) => {
    expect(message(statement)).toBe(expected);
  });

  it('wants each Sid once', () => {
    expect(fault(textOf({ ...allow, Sid: 'A' }, { ...allow, Sid: 'A' }))).toMatchObject({
      message: 'Statement IDs (SID) in a single policy must be unique.',
      path: 'Statement[1].Sid',
    });
  });

  it.each([
    '*',
    'arn:aws:s3:::b',
    'arn:aws:s3:*',
    'arn:*',
    'arn:*:s3:::b/*',
    'arn:aws:logs:*:*:*',
    'arn:aws:iam::*:role/${aws:username}',
    'arn:aws-cn:s3:::b',
  ])('takes the resource %s', (resource) => {
    expect(message({ ...allow, Resource: resource })).toBeUndefined();
  });
});

describe('the values of a trust policy', () => {
  it.each([
    [{ ...trust, Resource: '*' }, 'Has prohibited field Resource'],
    [
      { Effect: 'Allow', Action: 'sts:AssumeRole', NotPrincipal: { AWS: '*' } },
      'Has prohibited field NotPrincipal',
    ],
    [{ Effect: 'Allow', Principal: { AWS: '*' } }, 'Missing required field Action'],
    [{ Effect: 'Allow', Action: 'sts:AssumeRole' }, 'Missing required field Principal'],
    [{ Action: 'sts:AssumeRole', Principal: '*' }, 'Missing required field Effect'],
    [{ ...trust, Foo: 'x' }, 'Unknown field Foo'],
    [{ ...trust, Action: 's3:GetObject' }, 'AssumeRole policy may only specify STS AssumeRole actions.'],
    [
      { ...trust, Action: ['sts:AssumeRole', 'sts:TagSessions'] },
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      { ...trust, Principal: { Federated: 'https://oidc.example.com' } },
      'Federated principals must be valid domain names or SAML metadata ARNs',
    ],
    [
      { ...trust, Principal: { Federated: 'arn:aws:iam::1234:oidc-provider/x' } },
      'Federated principals must be valid domain names or SAML metadata ARNs',
    ],
    [{ ...trust, Principal: { AWS: 'ann' } }, 'Invalid principal in policy: "AWS":"ann"'],
    [
      { ...trust, Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"',
    ],
    [
      { ...trust, Principal: { Service: 'ec2 amazonaws com' } },
      'Invalid principal in policy: "SERVICE":"ec2 amazonaws com"',
    ],
  ])('%j: %s', (statement, expected) => {
    expect(message(statement, 'trust')).toBe(expected);
  });

  it.each([
    '*',
    { AWS: '123456789012' },
    {
      AWS: [
        'arn:aws:iam::123456789012:root',
        'arn:aws:iam::123456789012:role/team/app',
        'AROAEXAMPLEEXAMPLE01',
      ],
    },
    { AWS: 'arn:aws:sts::123456789012:assumed-role/app/pod-1' },
    { Federated: providerArn },
    { Federated: 'cognito-identity.amazonaws.com' },
    { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] },
  ])('takes the principal %j', (Principal) => {
    expect(message({ ...trust, Principal }, 'trust')).toBeUndefined();
  });
});

describe('the values of a resource policy', () => {
  const statement = { ...allow, Principal: '*' };
  it.each([
    [allow, 'Missing required field Principal'],
    [{ ...statement, Principal: { AWS: 'ann' } }, 'Invalid principal in policy'],
    [{ ...statement, Action: 'GetObject' }, 'Policy has invalid action'],
    [{ ...statement, Resource: 'b' }, 'Policy has invalid resource'],
    [{ ...statement, Effect: 'Permit' }, 'Invalid policy syntax.'],
  ])('%j: %s', (text, expected) => {
    expect(message(text, 'resource')).toBe(expected);
  });

  it('says of canonical users that it does not know them', () => {
    expect(fault(textOf({ ...statement, Principal: { CanonicalUser: 'abc' } }), 'resource')).toMatchObject({
      message: 'Invalid principal in policy',
      detail: 'CanonicalUser is not implemented: name the account instead',
    });
  });
});

it('never throws, whatever the text', () => {
  const key = fc.constantFrom(
    'Version',
    'Statement',
    'Effect',
    'Action',
    'Resource',
    'Principal',
    'Condition',
    'AWS',
    'StringEquals',
    'x',
  );
  const tree = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('*', 'Allow', 'Deny', '2012-10-17', 's3:*', '${a', '', 'arn:aws:s3:::b', 1, true, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  const kinds = fc.constantFrom<PolicyKind>(
    'identity',
    'resource',
    'trust',
    'boundary',
    'session',
    'service-control',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        tree.map((value) => JSON.stringify(value)),
        fc.string(),
      ),
      kinds,
      (text, kind) => {
        const parsed = parsePolicy(text, kind);
        if (!parsed.ok) expect(parsed.error.message).not.toBe('');
      },
    ),
    { numRuns: 2000 },
  );
});
