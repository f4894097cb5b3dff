// The Deployments of an operator: as its install strategy says, with what the OperatorGroup and the Subscription add.
import { isRecord } from '@pergola/kernel';
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { templateHash } from '../../workload/template-hash.ts';
import { csvSpecOf, nameOf, type StrategyDeployment } from '../kinds.ts';
import { ownedBy, ownerLabels, type Wanted } from '../rbac.ts';
import type { CsvRun } from './csv-run.ts';
import { withConfig } from './subscription-config.ts';

const hashLabel = 'olm.deployment-spec-hash';

export function plannedDeployments(csv: KubeResource, config: object | undefined): Wanted[] {
  const { deployments = [] } = csvSpecOf(csv).install?.spec ?? {};
  return deployments.map((deployment) => ({
    type: resourceTypes.deployments,
    object: deploymentOf(csv, deployment, config),
  }));
}

function deploymentOf(
  csv: KubeResource,
  deployment: StrategyDeployment,
  config: object | undefined,
): KubeResource {
  const spec = structuredClone(deployment.spec);
  const template = spec['template'];
  // The operator learns its namespaces from these, by way of the downward API.
  template.metadata = {
    ...template.metadata,
    annotations: { ...template.metadata?.annotations, ...csv.metadata.annotations },
  };
  for (const container of template.spec.containers) {
    container.env = [...(container.env ?? []), { name: 'OPERATOR_CONDITION_NAME', value: nameOf(csv) }];
  }
  if (isRecord(config)) withConfig(template, config);
  const component = Object.entries(csv.metadata.labels ?? {}).filter(([name]) =>
    name.startsWith('operators.coreos.com/'),
  );
  return {
    metadata: {
      name: deployment.name,
      namespace: `${csv.metadata.namespace}`,
      labels: {
        ...deployment.label,
        ...Object.fromEntries(component),
        ...ownerLabels(csv),
        [hashLabel]: templateHash(spec, undefined),
      },
      ownerReferences: ownedBy(csv) ?? [],
    },
    spec,
  };
}

/** OLM's sentence about the first Deployment that is missing, changed by others, or not available. */
export function whyNotAvailable(run: CsvRun): string | undefined {
  for (const { object } of plannedDeployments(run.csv, run.subscriptionConfig)) {
    const name = nameOf(object);
    const found = run.findDeployment(name);
    const waiting = `waiting for deployment ${name} to become ready`;
    if (!found) return `${waiting}: deployment "${name}" not found`;
    if (found.metadata.labels?.[hashLabel] !== object.metadata.labels?.[hashLabel])
      return (
        'deployment changed old hash=' +
        `${found.metadata.labels?.[hashLabel]}, new hash=${object.metadata.labels?.[hashLabel]}`
      );
    const because = unavailable(found);
    if (because !== undefined) return `${waiting}: deployment "${name}" not available: ${because}`;
  }
  return undefined;
}

function unavailable(deployment: KubeResource): string | undefined {
  const { status = {}, metadata } = deployment as KubeResource & { status?: Record<string, unknown> };
  if (((status['observedGeneration'] as number | undefined) ?? 0) < (metadata.generation ?? 1))
    return 'waiting for spec update to be observed';
  const conditions = (status['conditions'] ?? []) as readonly {
    type: string;
    status: string;
    message: string;
  }[];
  const available = conditions.find(({ type }) => type === 'Available');
  if (!available) return 'missing condition "Available"';
  return available.status === 'True' ? undefined : available.message;
}
