// AssumeRoleWithWebIdentity: each link of the chain holds, and each broken one gives AWS's answer and its own Step.
// The issuer's documents stand in a bucket of our own S3 and are fetched over HTTP, as ROSA's are.
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { systemClock } from '@pergola/kernel';
import { discoveryDocument, generateSigningKey, jwksOf, mintToken, type SigningKey } from '@pergola/oidc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuerFetch } from '../src/issuer-fetch.ts';
import { s3 } from '../src/services/s3/service.ts';
import {
  account,
  adminKey,
  type PolicyText,
  refusalOf,
  secretAccessKey,
  startTestPlane,
  type TestPlane,
} from './plane.ts';

const bucket = 'cluster-oidc';
const host = `${bucket}.s3.us-east-1.amazonaws.com`;
const issuer = `https://${host}`;
const subject = 'system:serviceaccount:shop:cart';
const audience = 'sts.amazonaws.com';

let plane: TestPlane;
let storage: S3Client;
let client: STSClient;
let key: SigningKey;
let roleArn: string;
let nowMs = Date.now();
const clock = { ...systemClock, nowMs: () => nowMs };

const trust = (condition: object, more: object = {}): PolicyText => [
  {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${host}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: condition },
    ...more,
  },
];
const rightTrust = trust({ [`${host}:sub`]: subject, [`${host}:aud`]: audience });

const publish = (Key: string, document: unknown) =>
  storage.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key,
      Body: JSON.stringify(document),
      ContentType: 'application/json',
    }),
  );
const publishIssuer = async () => {
  await publish('.well-known/openid-configuration', discoveryDocument(issuer, `${issuer}/keys.json`));
  await publish('keys.json', jwksOf([key]));
};
/** The key cache forgets after a minute. */
const forgetKeys = () => {
  nowMs += 61_000;
};

beforeAll(async () => {
  plane = await startTestPlane({
    clock,
    services: [s3],
    fetch: (url, limits) =>
      issuerFetch({ clock: systemClock, origin: () => ({ host: '127.0.0.1', port: plane.port }) })(
        url,
        limits,
      ),
  });
  const options = { region: 'us-east-1', endpoint: plane.url, maxAttempts: 1 };
  storage = new S3Client({
    ...options,
    forcePathStyle: true,
    credentials: { accessKeyId: adminKey, secretAccessKey },
  });
  client = new STSClient({ ...options, credentials: { accessKeyId: 'none', secretAccessKey: 'none' } });
  key = await generateSigningKey();
  await storage.send(new CreateBucketCommand({ Bucket: bucket }));
  await storage.send(new DeletePublicAccessBlockCommand({ Bucket: bucket }));
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${bucket}/*`,
  };
  await storage.send(
    new PutBucketPolicyCommand({
      Bucket: bucket,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
  await publishIssuer();
  plane.directory.addProvider(host, [audience, 'openshift']);
  roleArn = plane.directory.addRole('cart', rightTrust);
});
afterAll(async () => {
  storage.destroy();
  client.destroy();
  await plane[Symbol.asyncDispose]();
});

const mint = (claims: object = {}, signer = key, options: object = {}) =>
  mintToken(
    signer,
    { iss: issuer, sub: subject, aud: [audience], ...claims },
    { nowMs, ttlSeconds: 3600, jti: 'j', ...options },
  );
const assume = (token: string, input: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) =>
  client.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: 'cart',
      WebIdentityToken: token,
      ...input,
    }),
  );
/** The refusal together with the first failed Step of the record. */
async function broken(call: Promise<unknown>) {
  const refusal = await refusalOf(call);
  const record = plane.records.find(refusal.requestId);
  const step = record?.steps.find((each) => each.outcome === 'failed');
  return { ...refusal, check: step?.check, link: step?.link, fix: step?.fix };
}

describe('a token that holds', () => {
  it('gives a session of the role', async () => {
    const answer = await assume(await mint());
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: subject,
      Audience: audience,
      Provider: `arn:aws:iam::${account}:oidc-provider/${host}`,
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${account}:assumed-role/cart/cart`,
        AssumedRoleId: 'AROACART0000000000000:cart',
      },
    });
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    const identity = await plane.sts({ credentials }).send(new GetCallerIdentityCommand());
    expect(identity.Arn).toBe(`arn:aws:sts::${account}:assumed-role/cart/cart`);
  });

  it('passes what the token says on to later calls', async () => {
    const onSubject = { Condition: { StringEquals: { [`${host}:sub`]: subject } } };
    plane.directory.addRole('teller', rightTrust, [
      { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*', ...onSubject },
    ]);
    const { Credentials } = await assume(await mint(), { RoleArn: `arn:aws:iam::${account}:role/teller` });
    const asTeller = new S3Client({
      region: 'us-east-1',
      endpoint: plane.url,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    const { ListBucketsCommand } = await import('@aws-sdk/client-s3');
    expect((await asTeller.send(new ListBucketsCommand())).Buckets?.map((each) => each.Name)).toEqual([
      bucket,
    ]);
    asTeller.destroy();
  });

  it('may carry session tags, if the trust policy allows sts:TagSession', async () => {
    const tags = {
      'https://aws.amazon.com/tags': { principal_tags: { team: ['blue'] }, transitive_tag_keys: ['team'] },
    };
    expect(await broken(assume(await mint(tags)))).toMatchObject({ code: 'AccessDenied', status: 403 });
    const tagging = trust(
      { [`${host}:sub`]: subject, 'aws:RequestTag/team': 'blue' },
      { Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] },
    );
    const RoleArn = plane.directory.addRole('tagging', tagging);
    expect((await assume(await mint(tags), { RoleArn })).PackedPolicySize).toBeGreaterThan(0);
  });

  it('is matched by its authorized party where it names one', async () => {
    const RoleArn = plane.directory.addRole(
      'party',
      trust({ [`${host}:aud`]: 'openshift', [`${host}:oaud`]: 'elsewhere' }),
    );
    expect((await assume(await mint({ azp: 'openshift', aud: 'elsewhere' }), { RoleArn })).Audience).toBe(
      'openshift',
    );
    expect(await broken(assume(await mint({ azp: 'stranger' }), { RoleArn }))).toMatchObject({
      message: 'Incorrect token audience',
      link: 'T3',
    });
  });
});

describe('a broken link', () => {
  const invalid = { code: 'InvalidIdentityToken', status: 400 };
  const denied = {
    code: 'AccessDenied',
    status: 403,
    message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  };

  it('T1: the issuer is not registered', async () => {
    const iss = 'https://oidc.elsewhere.example/id/1';
    expect(await broken(assume(await mint({ iss })))).toMatchObject({
      ...invalid,
      message: `No OpenIDConnect provider found in your account for ${iss}`,
      check: 'oidc.provider',
      link: 'T1',
      fix: expect.stringContaining('create-open-id-connect-provider'),
    });
    expect(await broken(assume(await mint({ iss: `http://${host}` })))).toMatchObject({
      ...invalid,
      link: 'T1',
    });
    expect(await broken(assume(await mint({ iss: `${issuer}/` })))).toMatchObject({ ...invalid, link: 'T1' });
  });

  it("T2: the provider is registered, but not in the role's account", async () => {
    const elsewhere = 'oidc.elsewhere.example';
    plane.directory.addProvider(elsewhere, [audience], '210987654321');
    expect(await broken(assume(await mint({ iss: `https://${elsewhere}` })))).toMatchObject({
      ...invalid,
      message: `No OpenIDConnect provider found in your account for https://${elsewhere}`,
    });
  });

  it('T3: the audience', async () => {
    expect(await broken(assume(await mint({ aud: ['vault'] })))).toMatchObject({
      ...invalid,
      message: 'Incorrect token audience',
      check: 'oidc.audience',
      link: 'T3',
    });
  });

  it('T4: claims that are missing', async () => {
    expect(await broken(assume(await mint({ aud: undefined })))).toMatchObject({
      ...invalid,
      message: 'Missing a required claim: aud',
      link: 'T4',
    });
  });

  it('T5: the time', async () => {
    const token = await mint({}, key, { ttlSeconds: 600 });
    const expiresAt = Math.floor(nowMs / 1000) + 600;
    nowMs += 600_000;
    expect(await broken(assume(token))).toMatchObject({
      code: 'ExpiredTokenException',
      status: 400,
      message: `Token expired: current date/time ${Math.floor(nowMs / 1000)} must be before the expiration date/time ${expiresAt}`,
      check: 'oidc.time',
      link: 'T5',
    });
    const early = await mint({}, key, { nowMs: nowMs + 3_600_000 });
    expect(await broken(assume(early))).toMatchObject({ ...invalid, link: 'T5' });
  });

  it('T6: the issuer’s documents: private, missing, or of another issuer', async () => {
    const message =
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";
    const expected = { ...invalid, message, check: 'oidc.discovery', link: 'T6' };
    const iss = 'https://no-such-bucket.s3.us-east-1.amazonaws.com';
    plane.directory.addProvider(iss.slice(8), [audience]);
    expect(await broken(assume(await mint({ iss })))).toMatchObject(expected);
    await publish(
      '.well-known/openid-configuration',
      discoveryDocument('https://other', `${issuer}/keys.json`),
    );
    forgetKeys();
    expect(await broken(assume(await mint()))).toMatchObject(expected);
    await publishIssuer();
    forgetKeys();
    await assume(await mint());
  });

  it('T6: an issuer that STS does not reach', async () => {
    const iss = 'https://127.0.0.1/internal';
    plane.directory.addProvider(iss.slice(8), [audience]);
    expect(await broken(assume(await mint({ iss })))).toMatchObject({
      code: 'IDPCommunicationError',
      status: 400,
      link: 'T6',
    });
  });

  it('T7: a key that is not published, until it is', async () => {
    const rotated = await generateSigningKey();
    expect(await broken(assume(await mint({}, rotated)))).toMatchObject({
      ...invalid,
      check: 'oidc.key',
      link: 'T7',
    });
    await publish('keys.json', jwksOf([key, rotated]));
    nowMs += 6_000;
    expect((await assume(await mint({}, rotated))).Audience).toBe(audience);
  });

  it('T7: a signature that is not the issuer’s', async () => {
    const [header = '', , signature = ''] = (await mint()).split('.');
    const claims = Buffer.from(
      JSON.stringify({
        iss: issuer,
        sub: 'system:serviceaccount:kube-system:root',
        aud: audience,
        iat: 1,
        exp: 4e9,
      }),
    );
    const forged = `${header}.${claims.toString('base64url')}.${signature}`;
    expect(await broken(assume(forged))).toMatchObject({ ...invalid, check: 'oidc.signature', link: 'T7' });
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims.toString('base64url')}.AA`;
    expect(await broken(assume(none))).toMatchObject({ ...invalid, check: 'oidc.format' });
    expect(await broken(assume('not a token'))).toMatchObject({
      ...invalid,
      message:
        'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    });
  });

  it('R1 to R6: the trust policy', async () => {
    const cases: Record<string, PolicyText> = {
      R1: trust({ [`${host}:sub`]: 'system:serviceaccount:shop:*' }),
      R2: trust({ 'oidc.eks.us-east-1.amazonaws.com/id/OTHER:sub': subject }),
      R3: trust({ [`${host}:sub`]: audience }),
      R4: trust({ [`${host}:sub`]: 'system:serviceaccount:shop:basket' }),
      R5: trust(
        {},
        { Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/other.example` }, Condition: {} },
      ),
      R6: trust({ [`${host}:sub`]: subject }, { Action: 'sts:AssumeRole' }),
    };
    for (const [link, policy] of Object.entries(cases)) {
      const RoleArn = plane.directory.addRole(`trust-${link}`, policy);
      expect(await broken(assume(await mint(), { RoleArn }))).toMatchObject({
        ...denied,
        check: 'policy.trust',
        link,
      });
    }
  });

  it('R7: a role that does not exist gets the same answer', async () => {
    const RoleArn = `arn:aws:iam::${account}:role/missing`;
    expect(await broken(assume(await mint(), { RoleArn }))).toMatchObject({
      ...denied,
      check: 'sts.role',
      link: 'R7',
    });
  });

  it('R8: the duration', async () => {
    expect(await broken(assume(await mint(), { DurationSeconds: 7200 }))).toMatchObject({
      code: 'ValidationError',
      status: 400,
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      link: 'R8',
    });
  });

  it('the request itself', async () => {
    expect(
      await broken(assume(await mint(), { RoleArn: 'arn:aws:iam::::123456789012:role/cart' })),
    ).toMatchObject({
      code: 'ValidationError',
      message: 'Request ARN is invalid',
    });
    expect(await broken(assume(await mint(), { RoleSessionName: 'Session1:2' }))).toMatchObject({
      code: 'ValidationError',
      status: 400,
      message:
        "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    });
    expect(await broken(assume(await mint(), { DurationSeconds: 60 }))).toMatchObject({
      code: 'ValidationError',
      status: 400,
    });
  });
});
