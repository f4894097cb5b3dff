// Clients for one run: region, endpoint and credentials from where the AWS SDK looks for them.
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Env } from '@pergola/kernel';
import type { CommandLine } from './command-line.ts';
import { calling } from './failure.ts';

const nothing = () => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

export interface Session {
  readonly region: string;
  readonly s3: S3Client;
  readonly sts: STSClient;
}

/** Finds credentials first, so that a refused web identity is reported as the call that it was. */
export async function openSession(line: CommandLine, env: Env): Promise<Session> {
  const region = line.options.get('region') ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint = line.options.get('endpoint-url') ?? env['AWS_ENDPOINT_URL'];
  const profile = line.options.get('profile');
  const find = fromNodeProviderChain({ clientConfig: { region }, ...(profile ? { profile } : {}) });
  const usesToken =
    env['AWS_WEB_IDENTITY_TOKEN_FILE'] !== undefined && env['AWS_ACCESS_KEY_ID'] === undefined;
  const credentials = await calling(usesToken ? 'AssumeRoleWithWebIdentity' : 'GetCredentials', find());
  // The SDK would warn of retries on standard error, where the caller reads only what the CLI writes.
  const config = { region, credentials, logger: silent, ...(endpoint ? { endpoint } : {}) };
  return { region, s3: new S3Client({ ...config, forcePathStyle: true }), sts: new STSClient(config) };
}
