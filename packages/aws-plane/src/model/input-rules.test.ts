import { beforeAll, describe, expect, test } from 'vitest';
import { AwsFault } from '../fault.ts';
import type { ServiceName } from '../operation.ts';
import { InputRules } from './input-rules.ts';
import { loadConstraints, loadModel, ShapeGraph } from '@pergola/aws-model';

type Assert = (shape: string, input: object) => void;

const assertions = new Map<ServiceName, Assert>();
beforeAll(async () => {
  for (const service of ['sts', 'iam', 'logs', 'rds'] as const) {
    const shapes = new ShapeGraph(await loadModel(service));
    const rules = new InputRules(service, await loadConstraints(service));
    assertions.set(service, (shape, input) => rules.assertValid(shapes.structure(shape), input));
  }
});

/** The fault's code and message; undefined for a valid input. */
function faultOf(service: ServiceName, shape: string, input: object): string | undefined {
  try {
    assertions.get(service)?.(shape, input);
    return undefined;
  } catch (error) {
    return error instanceof AwsFault ? `${error.code}: ${error.message}` : String(error);
  }
}

const session = { RoleArn: 'arn:aws:iam::123456789012:role/r', RoleSessionName: 'Session1' };

describe('STS', () => {
  test('takes what AWS takes', () => {
    expect(faultOf('sts', 'AssumeRoleRequest', session)).toBeUndefined();
    const full = { ...session, DurationSeconds: 900, ExternalId: 'a:b/c', Tags: [{ Key: 'ü', Value: '' }] };
    expect(faultOf('sts', 'AssumeRoleRequest', full)).toBeUndefined();
  });

  test('a pattern, as recorded from AWS', () => {
    expect(faultOf('sts', 'AssumeRoleRequest', { ...session, RoleSessionName: 'Session1:2' })).toBe(
      "ValidationError: 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy " +
        'constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*',
    );
  });

  test('lengths and ranges, at both ends', () => {
    const sentence = (input: object) => faultOf('sts', 'AssumeRoleRequest', { ...session, ...input });
    expect(sentence({ RoleSessionName: 'a' })).toContain(
      'Member must have length greater than or equal to 2',
    );
    expect(sentence({ RoleSessionName: 'a'.repeat(65) })).toContain(
      'Member must have length less than or equal to 64',
    );
    expect(sentence({ DurationSeconds: 899 })).toContain("'899' at 'durationSeconds' failed");
    expect(sentence({ DurationSeconds: 899 })).toContain(
      'Member must have value greater than or equal to 900',
    );
    expect(sentence({ DurationSeconds: 43_201 })).toContain(
      'Member must have value less than or equal to 43200',
    );
  });

  test('all that is wrong is named, missing members first', () => {
    const input = {
      RoleSessionName: ':',
      Tags: [
        { Key: 'k', Value: 'v' },
        { Key: '!', Value: 'v' },
      ],
    };
    expect(faultOf('sts', 'AssumeRoleRequest', input)).toBe(
      "ValidationError: 4 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member " +
        "must not be null; Value ':' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular " +
        "expression pattern: [\\w+=,.@-]*; Value ':' at 'roleSessionName' failed to satisfy constraint: Member must " +
        "have length greater than or equal to 2; Value '!' at 'tags.2.member.key' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+',
    );
  });

  test('a token is never repeated', () => {
    const input = { ...session, WebIdentityToken: 'abc' };
    expect(faultOf('sts', 'AssumeRoleWithWebIdentityRequest', input)).toBe(
      "ValidationError: 1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 4',
    );
  });

  test('a message has an end', () => {
    const Tags = Array.from({ length: 5000 }, () => ({ Key: '!', Value: '' }));
    expect(faultOf('sts', 'AssumeRoleRequest', { ...session, Tags })).toMatch(
      /^ValidationError: 50 validation/,
    );
  });
});

describe('IAM', () => {
  const role = { RoleName: 'r', AssumeRolePolicyDocument: '{}' };

  test('names and paths in words of their own', () => {
    expect(faultOf('iam', 'CreateRoleRequest', { ...role, RoleName: 'a/b' })).toBe(
      'ValidationError: The specified value for roleName is invalid. It must contain only alphanumeric characters ' +
        'and/or the following: +=,.@_-',
    );
    expect(faultOf('iam', 'CreateRoleRequest', { ...role, Path: 'x' })).toContain(
      'It must begin and end with /',
    );
    expect(faultOf('iam', 'ListPoliciesRequest', { PathPrefix: 'x' })).toContain(
      'specified value for pathPrefix',
    );
  });

  test('lengths, enums and descriptions in the words of the model', () => {
    expect(faultOf('iam', 'CreateRoleRequest', { ...role, RoleName: 'r'.repeat(65) })).toContain(
      'equal to 64',
    );
    expect(faultOf('iam', 'ListPoliciesRequest', { Scope: 'Mine' })).toContain(
      "Value 'Mine' at 'scope' failed to satisfy constraint: Member must satisfy enum value set: [All, AWS, Local]",
    );
    expect(faultOf('iam', 'CreateRoleRequest', { ...role, Description: 'an em dash —' })).toBe(
      "ValidationError: 1 validation error detected: Value at 'description' failed to satisfy constraint: Member " +
        'must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
    );
  });
});

test('Logs has a code of its own, RDS asks by name', () => {
  expect(faultOf('logs', 'CreateLogGroupRequest', { logGroupName: 'a b' })).toContain(
    "InvalidParameterException: 1 validation error detected: Value 'a b' at 'logGroupName'",
  );
  const logEvents = Array.from({ length: 10_001 }, () => ({ timestamp: 1, message: 'm' }));
  expect(faultOf('logs', 'PutLogEventsRequest', { logGroupName: 'g', logStreamName: 's', logEvents })).toBe(
    "InvalidParameterException: 1 validation error detected: Value at 'logEvents' failed to satisfy constraint: " +
      'Member must have length less than or equal to 10000',
  );
  expect(faultOf('rds', 'DeleteDBInstanceMessage', {})).toBe(
    'MissingParameter: The request must contain the parameter DBInstanceIdentifier',
  );
});

test('every rule of every table belongs to a member of the model', async () => {
  for (const service of ['sts', 'iam', 'logs'] as const) {
    const { rules, members } = await loadConstraints(service);
    const { shapes } = await loadModel(service);
    expect(Object.keys(rules).length).toBeGreaterThan(20);
    for (const [structure, ruled] of Object.entries(members)) {
      const shape = shapes[structure] ?? { members: {} };
      const known = 'members' in shape ? shape.members : 'union' in shape ? shape.union : {};
      expect(Object.keys(ruled).filter((member) => known[member] === undefined)).toEqual([]);
      expect(Object.values(ruled).filter((rule) => rules[rule] === undefined)).toEqual([]);
    }
  }
});
