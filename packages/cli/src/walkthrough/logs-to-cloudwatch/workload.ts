// Workloads that write lines: a pod each, which ends when it has written them.
import { resourceTypes } from '@pergola/kube-client';
import { apply } from '../apply.ts';
import { until } from '../until.ts';
import type { LogsScene } from './scene.ts';

export interface Writing {
  readonly namespace: string;
  /** Part of the pod's name and of every line. */
  readonly title: string;
  readonly level: string;
  /** Lines of each burst; between bursts passes a tenth of a second. */
  readonly bursts: readonly number[];
}

/** What the lines of one writing have in common, and no others have. */
export function markOf({ run }: LogsScene, title: string): string {
  return `run=${run} job=${title}`;
}

export function lineCount({ bursts }: Pick<Writing, 'bursts'>): number {
  return bursts.reduce((sum, burst) => sum + burst, 0);
}

/** Starts the pod; lines are numbered from 1: `level=info run=… job=… n=1 order placed`. */
export async function startWriting(scene: LogsScene, writing: Writing): Promise<void> {
  const { kube, run } = scene;
  const { namespace, title, level, bursts } = writing;
  await apply(kube, resourceTypes.namespaces, { metadata: { name: namespace } });
  await until({ what: `${namespace} has no ServiceAccount`, everyMs: 10 }, async () => {
    const account = { name: 'default', namespace };
    return (await kube.find(resourceTypes.serviceaccounts, account)) ?? 'it is made with the namespace';
  });
  const line = `level=${level} ${markOf(scene, title)} n=$n order placed`;
  const script = [
    'n=0',
    `for burst in ${bursts.join(' ')}; do`,
    '  left=$burst',
    `  while [ $left -gt 0 ]; do n=$((n+1)); left=$((left-1)); echo "${line}"; done`,
    '  sleep 0.1',
    'done',
  ].join('\n');
  await kube.create(resourceTypes.pods, {
    metadata: { name: `${title}-${run}`, namespace, labels: { app: title, 'logs-demo': 'writer' } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'app', image: 'busybox', command: ['/bin/sh', '-c', script] }],
    },
  });
}

/** Removes the pods of earlier runs; their lines have long been read. */
export async function removeOldWriters({ kube, names }: LogsScene): Promise<void> {
  for (const namespace of [names.shop, names.bank]) {
    const query = { namespace, labelSelector: 'logs-demo=writer' };
    const { items } = await kube.list(resourceTypes.pods, query);
    for (const { metadata } of items) {
      await kube.delete(resourceTypes.pods, { name: metadata.name, namespace }).catch(() => {
        // Ended and removed meanwhile, which is what was wanted.
      });
    }
  }
}
