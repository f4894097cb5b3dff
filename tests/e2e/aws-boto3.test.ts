// Programs that use boto3, run by the real boto3: see boto3-scenarios.py for what they do.
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type AwsEndpoint, clientConfig, publishIssuer, startAwsEndpoint } from './aws-endpoint.ts';
import { because, hasBoto3, run } from './clients.ts';

const boto3 = hasBoto3();
const script = join(import.meta.dirname, 'boto3-scenarios.py');
let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
});
afterAll(() => endpoint[Symbol.asyncDispose]());

async function scenario(name: string, env: Record<string, string> = {}): Promise<unknown> {
  const ran = await run('python3', [script, name], { env: { ...endpoint.env, ...env } });
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout);
}

describe.skipIf(!boto3)(`boto3${boto3 ? '' : because('boto3')}`, () => {
  it('turns pages', async () => {
    expect(await scenario('pages')).toEqual({
      keys: true,
      folders: ['a b/', 'z/'],
      roles: ['page-0', 'page-1', 'page-2', 'page-3', 'page-4'],
    });
  });

  it('moves large objects in parts', async () => {
    const sha256 = 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=';
    expect(await scenario('transfers')).toEqual({
      same: true,
      copied: true,
      etag: expect.stringMatching(/^"[0-9a-f]{32}-4"$/),
      size: 0,
      metadata: { mood: 'fine' },
      sha256: [sha256, sha256, 'hello'],
    });
  });

  it('signs URLs, of SigV2 and SigV4', async () => {
    const common = { put: 200, otherType: 403, delete: 403, otherKey: 403 };
    expect(await scenario('presigned')).toEqual({
      s3: { ...common, get: [200, 's3'], late: 403 },
      // A life of minus five seconds is no number for SigV4.
      s3v4: { ...common, get: [200, 's3v4'], late: 400 },
    });
  });

  it('assumes roles', async () => {
    const session = `arn:aws:sts::${account}:assumed-role/boto3-reader/boto3`;
    const seen = (await scenario('roles')) as { readonly bucket: string };
    const denied = (action: string, key: string, kind: string) => [
      'AccessDenied',
      403,
      `User: ${session} is not authorized to perform: ${action} on resource: "arn:aws:s3:::${seen.bucket}/${key}" because no ${kind} policy allows the ${action} action`,
    ];
    expect(seen).toMatchObject({
      arn: session,
      reads: 'kept',
      writes: denied('s3:PutObject', 'new', 'identity-based'),
      narrowed: denied('s3:GetObject', 'kept', 'session'),
      stranger: [
        'AccessDenied',
        403,
        `User: arn:aws:iam::${account}:user/admin is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${account}:role/boto3-reader because no role trust policy allows the sts:AssumeRole action`,
      ],
      tooLong: [
        'ValidationError',
        400,
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      ],
      forged: ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
    });
  });

  it('assumes the role of a pod by its token', async () => {
    const subject = 'system:serviceaccount:shop:cart';
    const issuer = await publishIssuer(endpoint, 'boto3-oidc');
    const iam = new IAMClient(clientConfig(endpoint));
    const AssumeRolePolicyDocument = issuer.trustPolicyFor(subject);
    await iam.send(new CreateRoleCommand({ RoleName: 'cart', AssumeRolePolicyDocument }));
    iam.destroy();
    const pod = {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_ROLE_ARN: `arn:aws:iam::${account}:role/cart`,
      AWS_ROLE_SESSION_NAME: 'pod-1',
      AWS_WEB_IDENTITY_TOKEN_FILE: await issuer.tokenFileFor(subject),
    };
    expect(await scenario('web_identity', pod)).toEqual({
      arn: `arn:aws:sts::${account}:assumed-role/cart/pod-1`,
      subject,
      audience: 'sts.amazonaws.com',
      provider: issuer.providerArn,
      lives: true,
      tampered: ['InvalidIdentityToken', 400, expect.any(String)],
      otherRole: ['AccessDenied', 403, 'Not authorized to perform sts:AssumeRoleWithWebIdentity'],
      noToken: ['InvalidIdentityToken', 400, expect.any(String)],
    });
  });

  it('raises errors by the codes of AWS', async () => {
    expect(await scenario('errors')).toEqual({
      noKey: ['NoSuchKey', 404, 'The specified key does not exist.'],
      noKeyHead: ['404', 404, 'Not Found'],
      noBucket: ['NoSuchBucket', 404, 'The specified bucket does not exist'],
      owned: [
        'BucketAlreadyOwnedByYou',
        409,
        'Your previous request to create the named bucket succeeded and you already own it.',
      ],
      badUpload: [
        'NoSuchUpload',
        404,
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      ],
      noRole: ['NoSuchEntity', 404, 'The role with name nobody cannot be found.'],
      badTrust: ['MalformedPolicyDocument', 400, 'This policy contains invalid Json'],
      strangerS3: ['InvalidAccessKeyId', 403],
      strangerSts: ['InvalidClientTokenId', 403],
      strangerLogs: ['UnrecognizedClientException', 400],
      strangerDynamodb: ['UnrecognizedClientException', 400],
      wrongS3: ['SignatureDoesNotMatch', 403],
      wrongSts: ['SignatureDoesNotMatch', 403],
      wrongLogs: ['InvalidSignatureException', 400],
    });
  });
});
