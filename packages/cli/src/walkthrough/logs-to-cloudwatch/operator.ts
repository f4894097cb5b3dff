// The operator from its Subscription to running collectors: what the seed does with `oc apply`.
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { apply } from '../apply.ts';
import { conditionOf, renderCondition } from '../condition.ts';
import { installOperator } from '../install-operator.ts';
import type { Proof } from '../step.ts';
import { until } from '../until.ts';
import { roleArn } from './account-side.ts';
import { loggingResources } from './logging-resources.ts';
import type { LogsScene } from './scene.ts';

const definitions = ['clusterlogforwarders.logging.openshift.io', 'clusterloggings.logging.openshift.io'];

export async function proveOperatorInstalled({ kube, names }: LogsScene): Promise<Proof> {
  const version = await installOperator(kube, {
    packageName: 'cluster-logging',
    namespace: names.namespace,
    channel: 'stable',
    definitions,
  });
  return {
    seen: `Subscription → InstallPlan → ${version} Succeeded`,
    details: [`established: ${definitions.join(', ')}`],
  };
}

export async function proveForwarderReady(scene: LogsScene): Promise<Proof> {
  const { kube, names, sandbox } = scene;
  const { namespace } = names;
  await apply(kube, resourceTypes.secrets, {
    metadata: { name: names.secret, namespace },
    stringData: { role_arn: roleArn(scene) },
  });
  await apply(kube, loggingResources.forwarders, {
    metadata: { name: 'instance', namespace },
    spec: {
      outputs: [
        {
          name: 'cw',
          type: 'cloudwatch',
          cloudwatch: {
            groupBy: 'namespaceName',
            groupPrefix: names.groupPrefix,
            region: sandbox.identity.region,
          },
          secret: { name: names.secret },
          // Beyond the seed: so that whoever watches does not wait for half a minute after a refusal.
          tuning: { minRetryDuration: 1, maxRetryDuration: 1 },
        },
      ],
      pipelines: [
        {
          name: 'to-cloudwatch',
          inputRefs: ['infrastructure', 'audit', 'application'],
          outputRefs: ['cw'],
        },
      ],
    },
  });
  await apply(kube, loggingResources.clusterLoggings, {
    metadata: { name: 'instance', namespace },
    spec: {
      collection: { logs: { type: 'fluentd' } },
      forwarder: { fluentd: {} },
      managementState: 'Managed',
    },
  });
  await until({ what: 'the forwarder is not ready' }, async () => {
    const forwarder = await kube.get(loggingResources.forwarders, { name: 'instance', namespace });
    const ready = conditionOf(forwarder, 'Ready');
    return ready?.status === 'True' ? forwarder : renderCondition(ready);
  });
  return {
    seen: `clusterlogforwarder/instance is Ready, groups by namespace below ${names.groupPrefix}`,
    details: [`secret/${names.secret} role_arn=${roleArn(scene)}`],
  };
}

export async function proveCollectorRuns(scene: LogsScene): Promise<Proof> {
  const { kube, names } = scene;
  const operator = await until({ what: 'the operator does not run' }, async () => {
    const { items } = await kube.list(resourceTypes.pods, {
      namespace: names.namespace,
      labelSelector: 'name=cluster-logging-operator',
    });
    return items.find(isRunning) ?? phases(items);
  });
  const collector = await runningCollector(scene);
  return { seen: `pods ${operator.metadata.name} and ${collector.metadata.name} are running` };
}

/** The collector's pod, other than `previous`. */
function runningCollector({ kube, names }: LogsScene, previous?: string): Promise<KubeResource> {
  return until({ what: 'no collector runs' }, async () => {
    const items = (await collectors({ kube, names })).filter(({ metadata }) => metadata.uid !== previous);
    return items.find(isRunning) ?? phases(items);
  });
}

async function collectors({ kube, names }: Pick<LogsScene, 'kube' | 'names'>): Promise<KubeResource[]> {
  const query = { namespace: names.namespace, labelSelector: 'component=collector' };
  return (await kube.list(resourceTypes.pods, query)).items;
}

/** Replaces the collector's pod, as an update or a crash would. */
export async function restartCollector(scene: LogsScene): Promise<KubeResource> {
  const before = await runningCollector(scene);
  const { name, namespace } = before.metadata;
  await scene.kube.delete(resourceTypes.pods, { name, namespace });
  return runningCollector(scene, before.metadata.uid);
}

function isRunning(pod: KubeResource): boolean {
  const [container] = pod['status']?.containerStatuses ?? [];
  return pod.metadata.deletionTimestamp === undefined && container?.state?.running !== undefined;
}

function phases(pods: readonly KubeResource[]): string {
  return pods.map(stateOf).join('; ') || 'there is no pod';
}

function stateOf({ metadata, status = {} }: KubeResource): string {
  const { waiting, terminated } = status.containerStatuses?.[0]?.state ?? {};
  const why = waiting?.message ?? waiting?.reason ?? terminated?.reason ?? '';
  return `${metadata.name} is ${status.phase} ${why}`.trimEnd();
}
