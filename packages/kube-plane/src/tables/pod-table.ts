// The row of a pod: READY, STATUS and RESTARTS are worked out from its container statuses. Follows printPod of
// kubernetes/pkg/printers/internalversion.
import type { KubeObject } from '../object.ts';
import { columnsOf, type KindTable } from './column.ts';
import { at, listAt, numberAt, orNone, textAt } from './field-access.ts';
import { humanAge } from './human-duration.ts';

export const podTable: KindTable = {
  columns: columnsOf('Name, Ready, Status, Restarts, Age', 'IP, Node, Nominated Node, Readiness Gates'),
  cells(pod, nowMs) {
    const summary = summarize(pod);
    const { restarts, lastRestart } = summary;
    const ago = restarts > 0 && lastRestart !== '' ? ` (${humanAge(lastRestart, nowMs)} ago)` : '';
    return [
      pod.metadata.name,
      `${summary.ready}/${summary.total}`,
      summary.reason,
      `${restarts}${ago}`,
      humanAge(pod.metadata.creationTimestamp, nowMs),
      orNone(textAt(pod, 'status', 'podIPs', 0, 'ip') || textAt(pod, 'status', 'podIP')),
      orNone(textAt(pod, 'spec', 'nodeName')),
      orNone(textAt(pod, 'status', 'nominatedNodeName')),
      readinessGates(pod),
    ];
  },
};

interface Summary {
  ready: number;
  total: number;
  reason: string;
  restarts: number;
  /** RFC 3339, '' when no container has ended yet. */
  lastRestart: string;
}

function summarize(pod: KubeObject): Summary {
  const sidecars = new Set(
    listAt(pod, 'spec', 'initContainers')
      .filter((container) => textAt(container, 'restartPolicy') === 'Always')
      .map((container) => textAt(container, 'name')),
  );
  const summary: Summary = {
    ready: 0,
    total: listAt(pod, 'spec', 'containers').length + sidecars.size,
    reason: phaseReason(pod),
    restarts: 0,
    lastRestart: '',
  };
  const sidecarsOnly: Summary = { ...summary };
  const initializing = addInitContainers(pod, sidecars, { summary, sidecarsOnly });
  if (!initializing || hasCondition(pod, 'Initialized')) {
    summary.restarts = sidecarsOnly.restarts;
    summary.lastRestart = sidecarsOnly.lastRestart;
    addContainers(pod, summary);
  }
  if (pod.metadata.deletionTimestamp) summary.reason = terminationReason(pod, summary.reason);
  return summary;
}

function phaseReason(pod: KubeObject): string {
  const gated = listAt(pod, 'status', 'conditions').some(
    (condition) =>
      textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'reason') === 'SchedulingGated',
  );
  return gated ? 'SchedulingGated' : textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase');
}

function terminationReason(pod: KubeObject, reason: string): string {
  if (textAt(pod, 'status', 'reason') === 'NodeLost') return 'Unknown';
  const phase = textAt(pod, 'status', 'phase');
  return phase === 'Succeeded' || phase === 'Failed' ? reason : 'Terminating';
}

function countRestarts(status: unknown, summary: Summary): void {
  summary.restarts += numberAt(status, 'restartCount');
  const ended = textAt(status, 'lastState', 'terminated', 'finishedAt');
  if (ended > summary.lastRestart) summary.lastRestart = ended;
}

/** Returns whether an init container is still to finish; its state is then the pod's. */
function addInitContainers(
  pod: KubeObject,
  sidecars: ReadonlySet<string>,
  into: { readonly summary: Summary; readonly sidecarsOnly: Summary },
): boolean {
  const { summary, sidecarsOnly } = into;
  const count = listAt(pod, 'spec', 'initContainers').length;
  for (const [index, status] of listAt(pod, 'status', 'initContainerStatuses').entries()) {
    const isSidecar = sidecars.has(textAt(status, 'name'));
    countRestarts(status, summary);
    if (isSidecar) countRestarts(status, sidecarsOnly);
    const terminated = at(status, 'state', 'terminated');
    if (terminated && numberAt(terminated, 'exitCode') === 0) continue;
    if (isSidecar && at(status, 'started') === true) {
      if (at(status, 'ready') === true) summary.ready++;
      continue;
    }
    summary.reason = `Init:${initReason(status, index, count)}`;
    return true;
  }
  return false;
}

function initReason(status: unknown, index: number, count: number): string {
  const terminated = at(status, 'state', 'terminated');
  if (terminated) return exitReason(terminated);
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  return waiting !== '' && waiting !== 'PodInitializing' ? waiting : `${index}/${count}`;
}

function exitReason(terminated: unknown): string {
  const signal = numberAt(terminated, 'signal');
  const code = signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode')}` : `Signal:${signal}`;
  return textAt(terminated, 'reason') || code;
}

function addContainers(pod: KubeObject, summary: Summary): void {
  let running = false;
  for (const status of listAt(pod, 'status', 'containerStatuses').toReversed()) {
    countRestarts(status, summary);
    const waiting = textAt(status, 'state', 'waiting', 'reason');
    const terminated = at(status, 'state', 'terminated');
    if (waiting !== '') summary.reason = waiting;
    else if (terminated) summary.reason = exitReason(terminated);
    else if (at(status, 'ready') === true && at(status, 'state', 'running')) {
      running = true;
      summary.ready++;
    }
  }
  if (summary.reason === 'Completed' && running) {
    summary.reason = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  }
}

function hasCondition(pod: KubeObject, type: string): boolean {
  return listAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True',
  );
}

function readinessGates(pod: KubeObject): string {
  const gates = listAt(pod, 'spec', 'readinessGates').map((gate) => textAt(gate, 'conditionType'));
  if (gates.length === 0) return '<none>';
  return `${gates.filter((type) => hasCondition(pod, type)).length}/${gates.length}`;
}
