// The controller from its Subscription to a running pod.
import { type KubeResource, type ResourceType, resourceTypes } from '@pergola/kube-client';
import { apply } from '../apply.ts';
import { installOperator } from '../install-operator.ts';
import type { Proof } from '../step.ts';
import { until } from '../until.ts';
import { definitions } from './resources.ts';
import type { DatabaseScene } from './scene.ts';

const operatorGroups: ResourceType = {
  group: 'operators.coreos.com',
  version: 'v1',
  plural: 'operatorgroups',
  kind: 'OperatorGroup',
  namespaced: true,
};

export async function proveControllerInstalled(scene: DatabaseScene): Promise<Proof> {
  const { kube, names, sandbox } = scene;
  const { system, serviceAccount } = names;
  const role = `arn:aws:iam::${sandbox.identity.account}:role/${names.role}`;
  await apply(kube, resourceTypes.namespaces, { metadata: { name: system } });
  await apply(kube, resourceTypes.serviceaccounts, {
    metadata: {
      name: serviceAccount,
      namespace: system,
      annotations: { 'eks.amazonaws.com/role-arn': role },
    },
  });
  await apply(kube, operatorGroups, { metadata: { name: system, namespace: system }, spec: {} });
  const version = await installOperator(kube, {
    packageName: 'ack',
    namespace: system,
    channel: 'alpha',
    definitions,
  });
  const pod = await runningPod(scene);
  return {
    seen: `Subscription → InstallPlan → ${version} Succeeded, pod ${pod.metadata.name} is ready`,
    details: [`ServiceAccount ${system}/${serviceAccount} has the role ${role}`],
  };
}

function runningPod({ kube, names }: DatabaseScene): Promise<KubeResource> {
  return until({ what: 'the controller does not run' }, async () => {
    const { items } = await kube.list(resourceTypes.pods, {
      namespace: names.system,
      labelSelector: `app.kubernetes.io/name=${names.serviceAccount}`,
    });
    const ready = items.find((pod) => pod['status']?.containerStatuses?.[0]?.ready === true);
    return (
      ready ?? (items.map(({ status }) => JSON.stringify(status?.containerStatuses)).join('; ') || 'no pod')
    );
  });
}
