// An AWS endpoint on a free port in this process, and the environment in which clients find it and nothing else.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateOpenIDConnectProviderCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsPlane, startAwsPlane } from '@pergola/aws-plane';
import { type EngineHost, openEngineHost } from '@pergola/engines';
import { type Clock, Disposal, type Logger, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { discoveryDocument, generateSigningKey, jwksOf, mintToken } from '@pergola/oidc';
import { createCa, issueCertificate } from '@pergola/pki';
import { openStore } from '@pergola/store';

export const account = '123456789012';
export const region = 'us-east-1';

export interface AwsEndpoint extends AsyncDisposable {
  readonly plane: AwsPlane;
  /** A folder for the files of a test, empty at first. */
  readonly folder: string;
  /** What a client needs, with the administrator's keys. Nothing of the user's own AWS settings is in it. */
  readonly env: Readonly<Record<string, string>>;
  /** The plane's clock may be set ahead of the real one. */
  readonly time: { aheadMs: number };
  /** What else ends with it. */
  readonly disposal: Disposal;
  /** Faults of the plane itself; a test that is done with bad input expects none. */
  readonly bugs: readonly string[];
}

/** `engines`: databases and caches can be made. */
export async function startAwsEndpoint(options: { readonly engines?: boolean } = {}): Promise<AwsEndpoint> {
  const disposal = new Disposal();
  const path = mkdtempSync(join(tmpdir(), 'pergola-e2e-'));
  disposal.defer(() => rmSync(path, { recursive: true, force: true }));
  const folder = join(path, 'files');
  mkdirSync(folder);
  const store = disposal.use(openStore({ path: join(path, 'store'), durability: 'ephemeral' }));
  const time = { aheadMs: 0 };
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + time.aheadMs };
  const bugs: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: (fields, message) => void bugs.push(`${message} ${String((fields as { error?: unknown }).error)}`),
    child: () => logger,
  };
  const context = { clock, random: systemRandom, logger };
  const engines = options.engines
    ? disposal.use(await openEngines(context, join(path, 'engines')))
    : undefined;
  const plane = disposal.use(await startAwsPlane({ ...context, store, engines, dataDir: path, port: 0 }));
  const env = { ...ownEnvironment(folder), ...environmentOf(plane) };
  return { plane, folder, env, time, disposal, bugs, [Symbol.asyncDispose]: () => disposal.dispose() };
}

async function openEngines(
  context: { readonly clock: Clock; readonly random: typeof systemRandom; readonly logger: Logger },
  dataDir: string,
): Promise<EngineHost> {
  const ca = await createCa(context, 'e2e-engines');
  return await openEngineHost({
    ...context,
    dataDir,
    durability: 'ephemeral',
    certify: (hosts) => issueCertificate(context, ca, { commonName: 'engine', hosts, usage: 'server' }),
  });
}

function environmentOf({ url, administrator }: AwsPlane): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: administrator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    NO_PROXY: '127.0.0.1',
  };
}

/** This process's environment without what would lead a client elsewhere. */
function ownEnvironment(folder: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|TF_)/.test(name));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    // The command line keeps sessions below it.
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'aws-credentials'),
  };
}

/** An OIDC issuer whose documents stand in a bucket of the endpoint's own S3. */
export interface Issuer {
  /** ARN of the provider that IAM has for it. */
  readonly providerArn: string;
  /** A trust policy for one subject. */
  trustPolicyFor(subject: string): string;
  /** A file that holds a token, as a pod has one. */
  tokenFileFor(subject: string): Promise<string>;
}

/** Publishes an issuer in `bucket`, readable by everyone, and registers it with IAM. */
export async function publishIssuer(endpoint: AwsEndpoint, bucket: string): Promise<Issuer> {
  const host = `${bucket}.s3.${region}.amazonaws.com`;
  const url = `https://${host}`;
  const providerArn = `arn:aws:iam::${account}:oidc-provider/${host}`;
  const key = await generateSigningKey();
  const config = clientConfig(endpoint);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const iam = new IAMClient(config);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: bucket }));
  const read = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject' };
  const Policy = policyText({ ...read, Resource: `arn:aws:s3:::${bucket}/*` });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const documents = {
    '.well-known/openid-configuration': discoveryDocument(url, `${url}/keys.json`),
    'keys.json': jwksOf([key]),
  };
  for (const [Key, document] of Object.entries(documents))
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(document) }));
  await iam.send(new CreateOpenIDConnectProviderCommand({ Url: url, ClientIDList: ['sts.amazonaws.com'] }));
  s3.destroy();
  iam.destroy();
  return {
    providerArn,
    trustPolicyFor: (subject) =>
      policyText({
        Effect: 'Allow',
        Principal: { Federated: providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${host}:sub`]: subject, [`${host}:aud`]: 'sts.amazonaws.com' } },
      }),
    async tokenFileFor(subject) {
      const claims = { iss: url, sub: subject, aud: ['sts.amazonaws.com'] };
      const token = await mintToken(key, claims, { nowMs: Date.now(), ttlSeconds: 3600, jti: subject });
      const path = join(endpoint.folder, `token-${subject.replaceAll(':', '-')}`);
      writeFileSync(path, token);
      return path;
    },
  };
}

/** Configuration of an SDK client that asks once, as the administrator. */
export function clientConfig({ plane }: AwsEndpoint) {
  const { accessKeyId, secretAccessKey } = plane.administrator;
  return { region, endpoint: plane.url, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey } };
}

/** A policy of one statement. */
export function policyText(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
