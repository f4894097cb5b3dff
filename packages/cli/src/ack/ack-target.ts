// The AWS and the cluster that the commands of ACK look at: the sandbox's both, or those that the caller names.
import { join } from 'node:path';
import { homedir } from 'node:os';
import { type AwsTarget, type CredentialSource, fixedCredentials } from '@pergola/aws-client';
import { systemClock } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import { addAwsOptions, type OpenAws, openAws } from '../aws-options.ts';
import type { CliContext } from '../command.ts';
import { addKubeOptions, openKubeClient } from '../kube-options.ts';
import { type Options, textOf } from '../options.ts';
import { findStatus } from '../running-sandbox.ts';
import { dataDirOf } from '../sandbox-options.ts';

type Commander = Parameters<typeof addAwsOptions>[0];

export function addTargetOptions(command: Commander): Commander {
  return addKubeOptions(addAwsOptions(command));
}

export type SignedTarget = AwsTarget & { readonly credentials: CredentialSource };

/** Both ends; disposal closes them. */
export interface AckTarget extends AsyncDisposable {
  readonly aws: SignedTarget;
  readonly awsName: string;
  /** Undefined when AWS is the caller's own and no cluster was named. */
  readonly client: KubeClient | undefined;
}

export async function openAckTarget(context: CliContext, options: Options): Promise<AckTarget> {
  const opened = await openAws(context, options);
  try {
    const client = await openCluster(context, options);
    return {
      aws: signed(opened),
      awsName: opened.name,
      client,
      async [Symbol.asyncDispose]() {
        await client?.[Symbol.asyncDispose]();
        await opened[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

function signed({ target }: OpenAws): SignedTarget {
  const { credentials } = target;
  const source =
    credentials && 'get' in credentials
      ? credentials
      : fixedCredentials(credentials ?? { accessKeyId: '', secretAccessKey: '' });
  return { ...target, clock: systemClock, credentials: source };
}

async function openCluster(context: CliContext, options: Options): Promise<KubeClient | undefined> {
  const { env } = context;
  const named = textOf(options, 'kubeconfig') ?? textOf(options, 'context');
  if (named !== undefined) {
    const usual = env['KUBECONFIG']?.split(':')[0] || join(homedir(), '.kube', 'config');
    return openKubeClient(env, { kubeconfig: usual, ...options }, 'pergola-ack');
  }
  if (textOf(options, 'profile') !== undefined || textOf(options, 'endpointUrl') !== undefined)
    return undefined;
  const status = await findStatus(dataDirOf(context, options));
  const kubeconfig = status?.environment['KUBECONFIG'];
  return kubeconfig === undefined ? undefined : openKubeClient(env, { kubeconfig }, 'pergola-ack');
}
