// Which AWS a command speaks to: the sandbox that runs here, or an account of the caller's own.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type AwsTarget, createTransport, fixedCredentials, providedCredentials } from '@pergola/aws-client';
import { type Env, systemClock, systemRandom } from '@pergola/kernel';
import type { Command } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliContext } from './command.ts';
import { readIniFile } from './ini-file.ts';
import { type Options, textOf } from './options.ts';
import { findStatus, type SandboxStatus } from './running-sandbox.ts';
import { addDataDir, dataDirOf } from './sandbox-options.ts';

/** An AWS to call; disposal closes its connections. */
export interface OpenAws extends AsyncDisposable {
  readonly target: AwsTarget;
  /** For messages: `the sandbox on .pergola`, `AWS in eu-west-1`. */
  readonly name: string;
}

export function addAwsOptions(command: Command): Command {
  return addDataDir(command)
    .option('--profile <name>', 'real AWS, with this profile of ~/.aws, instead of the sandbox')
    .option('--region <name>', "the region (default: the sandbox's, or the profile's)")
    .option(
      '--endpoint-url <url>',
      'another AWS endpoint, with the credentials of the profile or environment',
    );
}

/** The caller's own account when a profile or an endpoint is named, else the sandbox. */
export async function openAws(context: CliContext, options: Options): Promise<OpenAws> {
  const own = textOf(options, 'profile') ?? textOf(options, 'endpointUrl');
  if (own !== undefined) return openOwnAccount(context.env, options);
  const dataDir = dataDirOf(context, options);
  const status = await findStatus(dataDir);
  if (status) return openSandbox(status, options);
  throw new CliError({
    what: `no sandbox runs on ${dataDir}, and no profile of a real account was named`,
    fix: 'start a sandbox, or name a profile with --profile',
    command: 'pergola up --detach',
    exitCode: exitCodes.notRunning,
  });
}

async function openSandbox(status: SandboxStatus, options: Options): Promise<OpenAws> {
  const file = status.environment['AWS_SHARED_CREDENTIALS_FILE'] ?? '';
  const keys = (await readIniFile(file)).get('default') ?? {};
  const credentials = fixedCredentials({
    accessKeyId: keys['aws_access_key_id'] ?? '',
    secretAccessKey: keys['aws_secret_access_key'] ?? '',
  });
  const region = textOf(options, 'region') ?? status.region;
  return open({ endpoint: status.awsUrl, region, credentials }, `the sandbox on ${status.dataDir}`);
}

async function openOwnAccount(env: Env, options: Options): Promise<OpenAws> {
  const profile = textOf(options, 'profile');
  const region = textOf(options, 'region') ?? (await configuredRegion(env, profile));
  if (region === undefined) {
    throw new CliError({
      what: 'no region is known',
      fix: 'name it, set AWS_REGION, or write it into the profile',
      command: '--region us-east-1',
      exitCode: exitCodes.usage,
    });
  }
  // Imported on first use: the SDK takes longer to load than the call to run.
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const provider = fromNodeProviderChain(profile === undefined ? {} : { profile });
  const provide = () => provider().catch((error: unknown) => Promise.reject(noCredentials(profile, error)));
  const credentials = providedCredentials(provide, { clock: systemClock, random: systemRandom });
  const endpoint = textOf(options, 'endpointUrl');
  const ca = await caBundle(env);
  return open({ endpoint, region, credentials, env }, endpoint ?? `AWS in ${region}`, ca);
}

function noCredentials(profile: string | undefined, error: unknown): CliError {
  return new CliError({
    what: profile === undefined ? 'no AWS credentials are known' : `profile '${profile}' has no credentials`,
    details: error instanceof Error ? error.message : String(error),
    fix: 'log in, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    command: `aws configure${profile === undefined ? '' : ` --profile ${profile}`}`,
  });
}

async function configuredRegion(env: Env, profile: string | undefined): Promise<string | undefined> {
  const path = env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config');
  const named = profile ?? env['AWS_PROFILE'] ?? 'default';
  const inFile = (await readIniFile(path)).get(named)?.['region'];
  const inEnv = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  // A profile that was named in so many words is meant with its region.
  return profile === undefined ? (inEnv ?? inFile) : (inFile ?? inEnv);
}

/** The authorities that AWS's own tools trust instead of the usual ones, where the caller has named some. */
async function caBundle(env: Env): Promise<string | undefined> {
  const path = env['AWS_CA_BUNDLE'];
  if (!path) return undefined;
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new CliError({
      what: 'the authorities named by AWS_CA_BUNDLE cannot be read',
      details: error instanceof Error ? error.message : String(error),
    });
  });
}

function open(target: Omit<AwsTarget, 'clock' | 'transport'>, name: string, ca?: string): OpenAws {
  const transport = createTransport({ ca });
  return {
    target: { ...target, clock: systemClock, transport },
    name,
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}
