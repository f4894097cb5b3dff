import { describe, expect, test } from 'vitest';
import { identitiesFromConfig, identityFromAnnotations, looksLikeRoleArn } from './identity.ts';
import { settingsFor } from './settings.ts';

const settings = settingsFor('classic');
const role = 'arn:aws:iam::111122223333:role/s3-reader';

test('topology decides the default audience', () => {
  expect(identityFromAnnotations({}, settings).audience).toBe('sts.amazonaws.com');
  expect(identityFromAnnotations({}, settingsFor('hcp')).audience).toBe('openshift');
});

test('an account without the annotation has no role, one with all of them decides everything', () => {
  expect(identityFromAnnotations(undefined, settings)).toEqual({
    roleArn: '',
    audience: 'sts.amazonaws.com',
    regionalSts: false,
    tokenExpirationSeconds: 86_400,
  });
  expect(
    identityFromAnnotations(
      {
        'eks.amazonaws.com/role-arn': role,
        'eks.amazonaws.com/audience': 'mine',
        'eks.amazonaws.com/sts-regional-endpoints': 'true',
        'eks.amazonaws.com/token-expiration': '3600',
        'other/role-arn': 'ignored',
      },
      settings,
    ),
  ).toEqual({ roleArn: role, audience: 'mine', regionalSts: true, tokenExpirationSeconds: 3600 });
});

test('unusable values leave the defaults, and an expiration is raised to 600', () => {
  const read = (key: string, value: string, base = settings) =>
    identityFromAnnotations({ [`eks.amazonaws.com/${key}`]: value }, base);
  expect(read('token-expiration', 'soon').tokenExpirationSeconds).toBe(86_400);
  expect(read('token-expiration', '60').tokenExpirationSeconds).toBe(600);
  expect(read('token-expiration', '-1').tokenExpirationSeconds).toBe(600);
  const regional = settingsFor('classic', { regionalSts: true });
  expect(read('sts-regional-endpoints', 'maybe', regional).regionalSts).toBe(true);
  expect(read('sts-regional-endpoints', 'false', regional).regionalSts).toBe(false);
});

test('a bare role name is completed only when asked for', () => {
  const composing = settingsFor('classic', { composeRoleArn: { partition: 'aws-cn', account: '1' } });
  const annotations = { 'eks.amazonaws.com/role-arn': 'reader' };
  expect(identityFromAnnotations(annotations, settings).roleArn).toBe('reader');
  expect(identityFromAnnotations(annotations, composing).roleArn).toBe('arn:aws-cn:iam::1:role/reader');
  expect(identityFromAnnotations({ 'eks.amazonaws.com/role-arn': role }, composing).roleArn).toBe(role);
});

test.each([
  [role, true],
  ['arn:aws-us-gov:iam::111122223333:role/path/x@y,z=1', true],
  ['arn:aws:iam::1234:role/x', false],
  ['arn:aws:iam::111122223333:user/x', false],
])('%s looks like a role: %s', (arn, expected) => {
  expect(looksLikeRoleArn(arn)).toBe(expected);
});

describe('the ConfigMap', () => {
  test('gives identities by namespace and name', () => {
    const identities = identitiesFromConfig(
      JSON.stringify({ 'a/b': { RoleARN: role, UseRegionalSTS: true, TokenExpiration: 900 }, '*/c': {} }),
      settings,
    );
    expect(identities.get('a/b')).toEqual({
      roleArn: role,
      audience: 'sts.amazonaws.com',
      regionalSts: true,
      tokenExpirationSeconds: 900,
    });
    expect(identities.get('*/c')?.roleArn).toBe('');
  });

  test.each(['', '[]', '{"ab":{}}', '{"a/b":1}'])('%j is refused', (text) => {
    expect(() => identitiesFromConfig(text, settings)).toThrow();
  });
});
