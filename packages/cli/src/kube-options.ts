// Which Kubernetes cluster a command that runs beside one works for.
import { type Env, systemClock } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import type { Command } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import { type Options, textOf } from './options.ts';

export function addKubeOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the cluster; without it, the one that this runs in')
    .option('--context <name>', "context of the kubeconfig (default: the file's current one)");
}

/** The client, under `name` as its user agent. Throws CliError when the cluster cannot be known. */
export async function openKubeClient(env: Env, options: Options, name: string): Promise<KubeClient> {
  const { clientFromKubeconfig, clientInCluster, KubeconfigError } = await import('@pergola/kube-client');
  const identity = { userAgent: `${name}/0.1.0`, clock: systemClock };
  const kubeconfig = textOf(options, 'kubeconfig');
  try {
    if (kubeconfig === undefined) return await clientInCluster(env, identity);
    return await clientFromKubeconfig(kubeconfig, textOf(options, 'context'), identity);
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new CliError({
      what: error.message,
      fix: 'name the cluster with --kubeconfig',
      exitCode: exitCodes.usage,
    });
  }
}
