// Every way in which a token can be refused: AWS's code and status to the client, and the right link to `explain`.
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { decidingStep } from '@pergola/kernel';
import { generateSigningKey, importSigningKey, mintToken, type SigningKey } from '@pergola/oidc';
import { type Sandbox, startSandbox, stateDirOf } from '@pergola/sandbox';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let sandbox: Sandbox;
let sts: STSClient;
let clusterKey: SigningKey;
let strangerKey: SigningKey;
const subject = 'system:serviceaccount:shop:checkout';

beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
  const config = {
    endpoint: sandbox.awsUrl,
    region: 'us-east-1',
    credentials: sandbox.administrator,
    maxAttempts: 1,
  };
  sts = new STSClient(config);
  const iam = new IAMClient(config);
  const pki = stateDirOf(sandbox.dataDir).pki;
  clusterKey = importSigningKey(readFileSync(join(pki, 'service-account-signer.key'), 'utf8'));
  strangerKey = await generateSigningKey();
  const provider = sandbox.identity.issuer.replace('https://', '');
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${provider}:sub`]: subject } },
      },
    ],
  };
  await iam.send(
    new CreateRoleCommand({ RoleName: 'checkout', AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(
    new AttachRolePolicyCommand({
      RoleName: 'checkout',
      PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
    }),
  );
});

afterAll(() => sandbox[Symbol.asyncDispose]());

interface Forged {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
  readonly key?: SigningKey;
  readonly nowMs?: number;
  readonly role?: string;
  readonly alter?: (token: string) => string;
}

async function tokenOf(forged: Forged): Promise<string> {
  const claims = {
    iss: forged.issuer ?? sandbox.identity.issuer,
    sub: forged.subject ?? subject,
    aud: [forged.audience ?? 'sts.amazonaws.com'],
  };
  return mintToken(forged.key ?? clusterKey, claims, {
    nowMs: forged.nowMs ?? Date.now(),
    ttlSeconds: 3_600,
    jti: crypto.randomUUID(),
  });
}

async function assume(forged: Forged) {
  const token = await tokenOf(forged);
  return sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: `arn:aws:iam::123456789012:role/${forged.role ?? 'checkout'}`,
      RoleSessionName: 'test',
      WebIdentityToken: forged.alter ? forged.alter(token) : token,
    }),
  );
}

interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
}

async function refusalOf(attempt: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await attempt.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error, 'the call was let through').toBeInstanceOf(Error);
  return error as Refusal;
}

const flipSignatureBit = (token: string) => {
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  return `${header}.${payload}.${bytes.toString('base64url')}`;
};

/** The other account's holder of the same key id, with another key: only the signature can tell. */
const forgedKid = (): SigningKey => ({ ...strangerKey, kid: clusterKey.kid });

describe('AssumeRoleWithWebIdentity refuses', () => {
  const unregistered = 'https://nobody-oidc.s3.us-east-1.amazonaws.com';
  const cases: [
    string,
    Forged | (() => Forged),
    { code: string; status: number; message: RegExp; link: string },
  ][] = [
    [
      'an issuer without a provider',
      { issuer: unregistered },
      {
        code: 'InvalidIdentityToken',
        status: 400,
        message: /No OpenIDConnect provider found in your account for https:\/\/nobody/,
        link: 'T1',
      },
    ],
    [
      'a wrong audience',
      { audience: 'someone-else' },
      { code: 'InvalidIdentityToken', status: 400, message: /^Incorrect token audience$/, link: 'T3' },
    ],
    [
      'a wrong subject',
      { subject: 'system:serviceaccount:shop:other' },
      {
        code: 'AccessDenied',
        status: 403,
        message: /^Not authorized to perform sts:AssumeRoleWithWebIdentity$/,
        link: 'R4',
      },
    ],
    [
      'an expired token',
      { nowMs: Date.now() - 7_200_000 },
      {
        code: 'ExpiredTokenException',
        status: 400,
        message: /^Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
        link: 'T5',
      },
    ],
    [
      'a tampered signature',
      { alter: flipSignatureBit },
      { code: 'InvalidIdentityToken', status: 400, message: /could not be validated/, link: 'T7' },
    ],
    [
      'a key with a stolen id',
      () => ({ key: forgedKid() }),
      { code: 'InvalidIdentityToken', status: 400, message: /could not be validated/, link: 'T7' },
    ],
    [
      'an unknown key id',
      () => ({ key: strangerKey }),
      {
        code: 'InvalidIdentityToken',
        status: 400,
        message: /Couldn't retrieve verification key from your identity provider/,
        link: 'T7',
      },
    ],
    [
      'a role that does not exist',
      { role: 'nobody' },
      {
        code: 'AccessDenied',
        status: 403,
        message: /^Not authorized to perform sts:AssumeRoleWithWebIdentity$/,
        link: 'R7',
      },
    ],
  ];

  it.each(cases)('%s', async (_name, forged, expected) => {
    const refusal = await refusalOf(assume(typeof forged === 'function' ? forged() : forged));
    expect(refusal.name.replace(/Exception$/, '')).toBe(expected.code.replace(/Exception$/, ''));
    expect(refusal.$metadata.httpStatusCode).toBe(expected.status);
    expect(refusal.message).toMatch(expected.message);
    const record = sandbox.records.find(refusal.$metadata.requestId ?? '');
    expect(record?.errorCode).toBe(expected.code);
    expect(decidingStep(record?.steps ?? [])?.link).toBe(expected.link);
  });
});

describe('a session', () => {
  it('is given for a good token, does what its policies allow, and nothing else', async () => {
    const { Credentials, AssumedRoleUser, SubjectFromWebIdentityToken } = await assume({});
    expect(SubjectFromWebIdentityToken).toBe(subject);
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/checkout/test');
    const s3 = new S3Client({
      endpoint: sandbox.awsUrl,
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    await s3.send(new ListBucketsCommand({}));
    const document = await s3.send(
      new GetObjectCommand({ Bucket: sandbox.identity.oidcBucket, Key: '.well-known/openid-configuration' }),
    );
    expect(await document.Body?.transformToString()).toContain(sandbox.identity.issuer);

    const refusal = await refusalOf(
      s3.send(new PutObjectCommand({ Bucket: sandbox.identity.oidcBucket, Key: 'keys.json', Body: '{}' })),
    );
    expect(refusal.name).toBe('AccessDenied');
    expect(refusal.$metadata.httpStatusCode).toBe(403);
    expect(refusal.message).toBe(
      `User: arn:aws:sts::123456789012:assumed-role/checkout/test is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::${sandbox.identity.oidcBucket}/keys.json" because no identity-based policy allows the s3:PutObject action`,
    );
    const step = decidingStep(sandbox.records.find(refusal.$metadata.requestId ?? '')?.steps ?? []);
    expect(step?.link).toBe('P1');
  });
});
