// From the forwarder to its collectors' configuration, and to the Secret that holds it.
import { resourceTypes } from '@pergola/kube-client';
import { resolveForwarder, resolveLegacyForwarder, type Surroundings } from '../resolve/collector-config.ts';
import { configSecret } from '../workload/config-secret.ts';
import type { ForwarderRun, LegacyRun, ObservabilityRun } from './run.ts';

export async function configureLegacy(run: LegacyRun): Promise<undefined> {
  run.config = resolveLegacyForwarder(run.spec, await surroundings(run));
}

export async function configure(run: ObservabilityRun): Promise<undefined> {
  run.config = resolveForwarder(run.spec, await surroundings(run));
}

async function surroundings({ identity, cluster }: ForwarderRun): Promise<Surroundings> {
  const infrastructure = await cluster.infrastructureName();
  return {
    forwarder: identity,
    clusterId: await cluster.clusterId(),
    // Validation has refused outputs that need a prefix where there is none.
    clusterPrefix: 'name' in infrastructure ? infrastructure.name : '',
    readSecret: cluster.readSecret,
  };
}

export async function storeConfiguration({ names, config, actions }: ForwarderRun): Promise<undefined> {
  if (config) await actions.ensure(resourceTypes.secrets, configSecret(names, config));
}
