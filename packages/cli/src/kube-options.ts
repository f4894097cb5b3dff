// Which Kubernetes cluster a command that runs beside one works for.
import { type Env, systemClock } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import type { Command } from 'commander';
import { type Options, textOf } from './options.ts';

export function addKubeOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the cluster; without it, the one that this runs in')
    .option('--context <name>', "context of the kubeconfig (default: the file's current one)");
}

/** The client, under `name` as its user agent. */
export async function openKubeClient(env: Env, options: Options, name: string): Promise<KubeClient> {
  const { clientFromKubeconfig, clientInCluster } = await import('@pergola/kube-client');
  const identity = { userAgent: `${name}/0.1.0`, clock: systemClock };
  const kubeconfig = textOf(options, 'kubeconfig');
  if (kubeconfig === undefined) return clientInCluster(env, identity);
  return clientFromKubeconfig(kubeconfig, textOf(options, 'context'), identity);
}
