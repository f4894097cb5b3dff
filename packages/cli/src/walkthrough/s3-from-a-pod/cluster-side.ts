// Namespace, ServiceAccounts and Deployments: what the seed does with `oc`.
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { apply } from '../apply.ts';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import type { Scene } from './scene.ts';

/** The three workloads: one that may write, one whose role may only read, one whose ServiceAccount is not trusted. */
export const workloads = {
  writer: 'awscli',
  reader: 'awscli-reader',
  stranger: 'awscli-stranger',
} as const;

export async function proveServiceAccountsMade({ kube, names, sandbox }: Scene): Promise<Proof> {
  await apply(kube, resourceTypes.namespaces, { metadata: { name: names.namespace } });
  const roleArn = (role: string) => `arn:aws:iam::${sandbox.identity.account}:role/${role}`;
  const accounts = [
    [names.serviceAccount, names.role],
    [names.readerServiceAccount, names.readerRole],
    // The stranger asks for the writer's role, which does not trust it.
    ['stranger', names.role],
  ] as const;
  for (const [name, role] of accounts) {
    await apply(kube, resourceTypes.serviceaccounts, {
      metadata: {
        name,
        namespace: names.namespace,
        annotations: { 'eks.amazonaws.com/role-arn': roleArn(role) },
      },
    });
  }
  return { seen: `serviceaccount/${names.serviceAccount} eks.amazonaws.com/role-arn=${roleArn(names.role)}` };
}

/** Applies the seed's Deployment for each workload and waits until its pod is ready. */
export async function proveDeploymentsReady(scene: Scene): Promise<Proof> {
  const { kube, names } = scene;
  const accounts = {
    [workloads.writer]: names.serviceAccount,
    [workloads.reader]: names.readerServiceAccount,
    [workloads.stranger]: 'stranger',
  };
  for (const [name, account] of Object.entries(accounts)) {
    await apply(kube, resourceTypes.deployments, deploymentOf(names.namespace, name, account));
  }
  const pods: string[] = [];
  for (const name of Object.keys(accounts)) pods.push((await readyPod(scene, name)).metadata.name);
  return { seen: `pods ${pods.join(', ')} are running` };
}

function deploymentOf(namespace: string, name: string, serviceAccountName: string): KubeResource {
  return {
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          serviceAccountName,
          containers: [
            {
              name: 'awscli',
              image: 'amazon/aws-cli:latest',
              command: ['/bin/sh', '-c', 'while true; do sleep 10; done'],
              env: [{ name: 'HOME', value: '/tmp' }],
            },
          ],
        },
      },
    },
  };
}

/** The one ready, not terminating pod of a workload. */
export function readyPod({ kube, names }: Scene, app: string): Promise<KubeResource> {
  return until({ what: `deployment/${app} has no ready pod`, everyMs: 20 }, async () => {
    const query = { namespace: names.namespace, labelSelector: `app=${app}` };
    const { items } = await kube.list(resourceTypes.pods, query);
    const pod = items.find((each) => each.metadata.deletionTimestamp === undefined && isReady(each));
    return pod ?? (items.map(stateOf).join('; ') || 'there is no pod');
  });
}

function isReady(pod: KubeResource): boolean {
  const conditions: { type: string; status: string }[] = pod['status']?.conditions ?? [];
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

function stateOf(pod: KubeResource): string {
  const statuses: { state?: { waiting?: { reason: string; message?: string } } }[] =
    pod['status']?.containerStatuses ?? [];
  const waiting = statuses.map((status) => status.state?.waiting).find(Boolean);
  return `${pod.metadata.name} ${pod['status']?.phase ?? 'Pending'} ${waiting ? `${waiting.reason} ${waiting.message ?? ''}` : ''}`;
}

/** The webhook's work on the pod: two variables, a projected token, a mount. */
export async function provePodMutated(scene: Scene): Promise<Proof> {
  const pod = await readyPod(scene, workloads.writer);
  const container = pod['spec'].containers[0] as {
    env?: { name: string; value?: string }[];
    volumeMounts?: { name: string; mountPath: string }[];
  };
  const variables = (container.env ?? []).filter(({ name }) => name.startsWith('AWS_'));
  const names = variables.map(({ name }) => name);
  prove(
    names.includes('AWS_ROLE_ARN') && names.includes('AWS_WEB_IDENTITY_TOKEN_FILE'),
    `the pod has only ${names.join(', ')}`,
  );
  const volumes: {
    name: string;
    projected?: { sources: { serviceAccountToken?: { audience?: string; expirationSeconds?: number } }[] };
  }[] = pod['spec'].volumes ?? [];
  const token = volumes.find(({ name }) => name === 'aws-iam-token')?.projected?.sources[0]
    ?.serviceAccountToken;
  prove(token, 'the pod has no volume aws-iam-token');
  return {
    seen: `the pod identity webhook added a token for ${token.audience}, ${token.expirationSeconds} s`,
    details: variables.map(({ name, value }) => `${name}=${value}`),
  };
}
