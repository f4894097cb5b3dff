// A pod's phase and conditions from the states of its containers. Pure; follows pkg/kubelet/kubelet_pods.go
// (getPhase) and pkg/kubelet/status/generate.go.
import type { Condition, ContainerStatus, Pod, PodStatus } from '../pod.ts';

export interface StatusInput {
  readonly pod: Pod;
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  readonly ephemeral?: readonly ContainerStatus[];
  readonly podIp: string;
  readonly hostIp: string;
  readonly startTime: string;
  readonly now: string;
  /** Set when the node itself ended the pod (deadline). */
  readonly failure?: { readonly reason: string; readonly message: string } | undefined;
  /** True once volumes are ready and addresses are given. */
  readonly sandboxReady: boolean;
  /** Shown as a condition when the machine gave no isolation. */
  readonly unisolatedBecause?: string | undefined;
}

/** The whole status; conditions keep their transition time while their status stays. */
export function podStatus(input: StatusInput): PodStatus {
  const phase = input.failure ? 'Failed' : phaseOf(input);
  const previous = input.pod.status?.conditions ?? [];
  const wanted = conditionsOf(input, phase);
  const owned = new Set(wanted.map(({ type }) => type));
  return {
    phase,
    reason: input.failure?.reason ?? null,
    message: input.failure?.message ?? null,
    hostIP: input.hostIp,
    hostIPs: [{ ip: input.hostIp }],
    ...(input.sandboxReady ? { podIP: input.podIp, podIPs: [{ ip: input.podIp }] } : {}),
    startTime: input.startTime,
    qosClass: qosOf(input.pod),
    conditions: [
      ...wanted.map((condition) => stamped(condition, previous, input.now)),
      ...previous.filter(({ type }) => !owned.has(type)),
    ],
    ...(input.init.length > 0 ? { initContainerStatuses: [...input.init] } : {}),
    containerStatuses: [...input.main],
    ...(input.ephemeral?.length ? { ephemeralContainerStatuses: [...input.ephemeral] } : {}),
  };
}

/** Pending, Running, Succeeded or Failed. */
export function phaseOf({ pod, init, main }: Pick<StatusInput, 'pod' | 'init' | 'main'>): string {
  const policy = pod.spec.restartPolicy ?? 'Always';
  const specs = pod.spec.initContainers ?? [];
  const plain = init.filter((_, index) => specs[index]?.restartPolicy !== 'Always');
  if (policy === 'Never' && plain.some(({ state }) => (state.terminated?.exitCode ?? 0) !== 0))
    return 'Failed';
  if (!isInitialized({ pod, init })) return 'Pending';
  if (main.some(({ state, lastState }) => state.waiting && !lastState.terminated)) return 'Pending';
  if (main.some(({ state }) => state.running)) return 'Running';
  if (policy === 'Always') return 'Running';
  const ends = main.map(({ state, lastState }) => state.terminated ?? lastState.terminated);
  const failed = ends.some((end) => end && end.exitCode !== 0);
  if (!failed) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

function isInitialized({ pod, init }: Pick<StatusInput, 'pod' | 'init'>): boolean {
  const specs = pod.spec.initContainers ?? [];
  return specs.every((spec, index) => {
    const status = init[index];
    return spec.restartPolicy === 'Always'
      ? status?.started === true
      : status?.state.terminated?.exitCode === 0;
  });
}

type Wanted = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

function conditionsOf(input: StatusInput, phase: string): Wanted[] {
  const done = phase === 'Succeeded' || phase === 'Failed';
  const initialized = isInitialized(input) || phase === 'Succeeded';
  const ready = containersReady(input, phase);
  const conditions: Wanted[] = [
    { type: 'PodReadyToStartContainers', status: input.sandboxReady && !done ? 'True' : 'False' },
    initialized
      ? { type: 'Initialized', status: 'True', ...(phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}) }
      : notReady(
          'Initialized',
          'ContainersNotInitialized',
          `containers with incomplete status: [${incomplete(input).join(' ')}]`,
        ),
    { ...ready, type: 'Ready' },
    { ...ready, type: 'ContainersReady' },
    { type: 'PodScheduled', status: 'True' },
  ];
  if (input.unisolatedBecause) {
    conditions.push({
      type: 'pergola.dev/Isolated',
      status: 'False',
      reason: 'NamespacesUnavailable',
      message: input.unisolatedBecause,
    });
  }
  return conditions;
}

function containersReady({ main }: StatusInput, phase: string): Wanted {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const unready = main.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0) return { type, status: 'True' };
  return notReady(type, 'ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`);
}

function incomplete({ pod, init }: StatusInput): string[] {
  const specs = pod.spec.initContainers ?? [];
  return specs
    .filter((spec, index) =>
      spec.restartPolicy === 'Always' ? !init[index]?.started : init[index]?.state.terminated?.exitCode !== 0,
    )
    .map(({ name }) => name);
}

function notReady(type: string, reason: string, message: string): Wanted {
  return { type, status: 'False', reason, message };
}

function stamped(wanted: Wanted, previous: readonly Condition[], now: string): Condition {
  const known = previous.find(({ type }) => type === wanted.type);
  const lastTransitionTime = known && known.status === wanted.status ? known.lastTransitionTime : now;
  return { ...wanted, lastProbeTime: null, lastTransitionTime };
}

/** Guaranteed, Burstable or BestEffort. */
export function qosOf(pod: Pod): string {
  const resources = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(
    (container) => container.resources ?? {},
  );
  const some = resources.some(({ limits, requests }) => hasAny(limits) || hasAny(requests));
  if (!some) return 'BestEffort';
  const guaranteed = resources.every(({ limits = {}, requests = {} }) =>
    ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    ),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function hasAny(map: Readonly<Record<string, string>> | undefined): boolean {
  return map?.['cpu'] !== undefined || map?.['memory'] !== undefined;
}
