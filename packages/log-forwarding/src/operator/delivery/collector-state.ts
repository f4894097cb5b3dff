// Why collectors do not report, as far as their pods tell.
import type { KubeResource } from '@pergola/kube-client';
import type { CollectorState } from './delivery-conditions.ts';

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  readonly running?: object;
}

interface ContainerStatus {
  readonly state?: ContainerState;
}

/** Undefined when every collector runs. */
export function collectorState(pods: readonly KubeResource[]): CollectorState | undefined {
  const alive = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
  if (alive.length === 0) {
    return { reason: 'CollectorsNotRunning', message: 'no collector runs on any node yet' };
  }
  for (const pod of alive) {
    const problem = podProblem(pod);
    if (problem === undefined) continue;
    const node: string = pod.spec?.nodeName || 'no node';
    return {
      reason: 'CollectorsNotRunning',
      message: `collector ${pod.metadata.name} on ${node} does not run: ${problem}`,
    };
  }
  return undefined;
}

function podProblem({ spec, status }: KubeResource): string | undefined {
  if (!spec?.nodeName) return 'it has not been scheduled';
  const [container]: ContainerStatus[] = status?.containerStatuses ?? [];
  return container?.state ? containerProblem(container.state) : `it is ${status?.phase ?? 'Pending'}`;
}

function containerProblem({ waiting, terminated, running }: ContainerState): string | undefined {
  if (running) return undefined;
  if (waiting) return [waiting.reason, waiting.message].filter(Boolean).join(': ');
  return `${terminated?.reason ?? 'it ended'} (exit code ${terminated?.exitCode ?? 'unknown'})`;
}
