// Whether logs arrive, which no other operator tells: conditions from the collectors' reports, events on change.
import type { StepResult } from '@pergola/controller-kit';
import { resourceTypes } from '@pergola/kube-client';
import type { Condition, NewCondition } from '../conditions.ts';
import { collectorState } from '../delivery/collector-state.ts';
import {
  backlog,
  delivering,
  deliveringOutput,
  lastDelivered,
  rejected,
} from '../delivery/delivery-conditions.ts';
import { sortReports } from '../delivery/node-reports.ts';
import { deliveryOf } from '../delivery/output-delivery.ts';
import type { ForwarderRun } from './run.ts';

/** Permissions are asked about again, and a backlog grows old without anybody saying so. */
const periodMs = 60_000;

/**
 * Tells of delivery when the run ended before it: collectors go on with what they have while a specification is wrong or
 * nobody manages it.
 */
export async function reportRunning(run: ForwarderRun): Promise<void> {
  const told = run.conditions.some(({ type }) => /(^|\/)Delivering$/.test(type));
  if (!told && run.cluster.collectorPods().length > 0) await reportDelivery(run);
}

export async function reportDelivery(run: ForwarderRun): Promise<StepResult> {
  const { forwarder, config, cluster, conditions, findings, identity, nowMs, messages, actions } = run;
  const pods = cluster.collectorPods();
  const nodes = new Set(pods.flatMap(({ spec }): string[] => (spec?.nodeName ? [spec.nodeName] : [])));
  const { current, stale } = sortReports(cluster.reports(), nodes, nowMs);
  for (const name of stale) {
    await actions.remove(resourceTypes.configmaps, { namespace: identity.namespace, name });
  }
  const plain = identity.apiVersion === 'logging.openshift.io/v1';
  const typeOf = (word: string) => (plain ? word : `observability.openshift.io/${word}`);
  const known: KnownStatus = forwarder['status'] ?? {};
  const reported = current.flatMap(({ outputs }) => Object.keys(outputs));
  const names = config ? config.outputs.map(({ name }) => name) : [...new Set(reported)].sort();
  const deliveries = names.map((name) => deliveryOf(name, current));
  const state = collectorState(pods);
  const settle = (condition: NewCondition, before: Condition[] | undefined, output: string) => {
    const key = `${forwarder.metadata.uid} ${condition.type} ${output}`;
    return messages.settle(condition, before, { key, nowMs });
  };
  const byOutput = deliveries.map((delivery) => {
    const type = plain ? 'Delivering' : typeOf(`DeliveringOutput-${delivery.output}`);
    const before = plain ? known['outputs']?.[delivery.output] : known['outputConditions'];
    const condition = settle(deliveringOutput(type, delivery, state), before, delivery.output);
    findings.outputs.get(delivery.output)?.push(condition);
    return condition;
  });
  const summary = settle(delivering(typeOf('Delivering'), byOutput), known['conditions'], '');
  announce(run, summary);
  conditions.push(
    summary,
    lastDelivered(typeOf('LastDelivered'), deliveries),
    backlog(typeOf('Backlog'), deliveries, nowMs),
    rejected(typeOf('Rejected'), deliveries),
  );
  return { requeueAfterMs: periodMs };
}

interface KnownStatus {
  readonly conditions?: Condition[];
  readonly outputConditions?: Condition[];
  readonly outputs?: Readonly<Record<string, Condition[]>>;
}

function announce({ forwarder, actions }: ForwarderRun, summary: Condition): void {
  const known: Condition[] = forwarder['status']?.conditions ?? [];
  const before = known.find(({ type }) => type === summary.type);
  const { status, message = '', reason } = summary;
  if (status === 'False' && (before?.status !== status || before.reason !== reason)) {
    actions.event('Warning', 'DeliveryFailed', message);
  } else if (status === 'True' && before?.status !== status) {
    actions.event('Normal', 'LogsDelivered', message);
  }
}
