import { AwsError } from '@pergola/aws-client';
import { describe, expect, it } from 'vitest';
import { type FailureContext, failureOf } from './failure.ts';
import { claimsOf } from './token-claims.ts';

const token = `h.${Buffer.from(
  JSON.stringify({
    sub: 'system:serviceaccount:openshift-logging:logcollector',
    aud: ['openshift'],
    iss: 'https://oidc.example.com/abc',
    exp: 1_800_000_000,
  }),
).toString('base64url')}.secret-signature`;

const session: FailureContext = {
  since: '2026-01-02T03:04:05.000Z',
  operation: 'sts:AssumeRoleWithWebIdentity',
  roleArn: 'arn:aws:iam::123456789012:role/path/logs',
  claims: claimsOf(token),
};

function explain(code: string, message: string, context: FailureContext = session) {
  return failureOf(new AwsError(400, code, message, { requestId: 'r-1' }), context);
}

describe('a session that cannot be had', () => {
  it.each([
    ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 'R4', 'RoleAssumptionDenied'],
    [
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://x',
      'T1',
      'InvalidIdentityToken',
    ],
    ['InvalidIdentityToken', 'Incorrect token audience', 'T3', 'InvalidIdentityToken'],
    ['ExpiredTokenException', 'Token expired: current date/time 2 must be before 1', 'T5', 'ExpiredToken'],
    [
      'InvalidIdentityToken',
      "Couldn't retrieve verification key from your identity provider",
      'T6',
      'InvalidIdentityToken',
    ],
    ['IDPCommunicationError', 'no answer', 'T6', 'InvalidIdentityToken'],
    ['InvalidIdentityToken', 'No matching key', 'T7', 'InvalidIdentityToken'],
  ])('%s: %s breaks %s', (code, message, link, reason) => {
    const failure = explain(code, message);
    expect(failure).toMatchObject({ link, reason, message, requestId: 'r-1', operation: session.operation });
    expect(failure.evidence).toEqual({
      subject: 'system:serviceaccount:openshift-logging:logcollector',
      audience: 'openshift',
      issuer: 'https://oidc.example.com/abc',
      expires: '2027-01-15T08:00:00.000Z',
      role: 'arn:aws:iam::123456789012:role/path/logs',
    });
    expect(failure.fix).toBeDefined();
    expect(JSON.stringify(failure)).not.toContain('secret-signature');
  });

  it('names the command that mends it', () => {
    expect(explain('InvalidIdentityToken', 'Incorrect token audience').fix).toBe(
      'aws iam add-client-id-to-open-id-connect-provider --client-id openshift ' +
        '--open-id-connect-provider-arn arn:aws:iam::123456789012:oidc-provider/oidc.example.com/abc',
    );
    expect(explain('AccessDenied', 'x').fix).toContain('aws iam get-role --role-name logs');
  });

  it('is told from a token that cannot be read and an STS that is not there', () => {
    expect(explain('TokenUnreadable', 'no such file')).toMatchObject({
      reason: 'TokenUnreadable',
      link: 'K4',
    });
    const unreachable = failureOf(new AwsError(0, 'NetworkingError', 'cannot reach sts'), session);
    expect(unreachable).toMatchObject({ reason: 'Unreachable' });
    expect(unreachable.link).toBeUndefined();
  });
});

describe('a call that fails', () => {
  const call: FailureContext = { ...session, operation: 'logs:PutLogEvents' };
  const denied = (because: string) =>
    explain(
      'AccessDeniedException',
      `User: arn:aws:sts::123456789012:assumed-role/logs/s is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:r:1:log-group:g ${because}`,
      call,
    );

  it.each([
    ['because no identity-based policy allows the logs:CreateLogGroup action', 'P1'],
    ['because no permissions boundary allows the logs:CreateLogGroup action', 'P2'],
    ['because no session policy allows the logs:CreateLogGroup action', 'P3'],
    ['with an explicit deny in a resource-based policy', 'P4'],
    ['with an explicit deny in a service control policy', 'P5'],
  ])('%s: %s', (because, link) => {
    expect(denied(because)).toMatchObject({
      reason: 'AccessDenied',
      link,
      evidence: {
        action: 'logs:CreateLogGroup',
        resource: 'arn:aws:logs:r:1:log-group:g',
        role: session.roleArn,
        caller: 'arn:aws:sts::123456789012:assumed-role/logs/s',
      },
    });
  });

  it.each([
    [400, 'ThrottlingException', 'Throttled'],
    [429, 'Whatever', 'Throttled'],
    [400, 'ExpiredTokenException', 'ExpiredToken'],
    [400, 'UnrecognizedClientException', 'CredentialsRefused'],
    [500, 'InternalFailure', 'ServerError'],
    [0, 'NetworkingError', 'Unreachable'],
    [0, 'CertificateError', 'CertificateUntrusted'],
    [200, 'InvalidAnswer', 'HalfAnswer'],
    [400, 'LimitExceededException', 'LimitExceededException'],
  ])('%i %s is %s', (status, code, reason) => {
    expect(failureOf(new AwsError(status, code, 'm'), call)).toMatchObject({ reason, message: 'm' });
  });
});

it('reads no claims where there are none', () => {
  expect(claimsOf('')).toEqual({});
  expect(claimsOf('a.b.c')).toEqual({});
});
