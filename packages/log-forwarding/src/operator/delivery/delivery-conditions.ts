// Delivery as conditions. Their texts change only when something changed for a reader: a status that was written with
// every batch would load the cluster more than the logs do.
import type { NewCondition } from '../conditions.ts';
import { explanationOf } from './explanation.ts';
import type { OutputDelivery } from './output-delivery.ts';

/** What waits for less than this is on its way, not a backlog. */
export const backlogAfterMs = 60_000;

/** Why no collector reports, where none does. */
export interface CollectorState {
  readonly reason: string;
  readonly message: string;
}

type Say = (status: NewCondition['status'], reason: string, message: string) => NewCondition;

function say(type: string): Say {
  return (status, reason, message) => ({ type, status, reason, message });
}

/** Whether the output's logs arrive. */
export function deliveringOutput(
  type: string,
  delivery: OutputDelivery,
  collectors: CollectorState | undefined,
): NewCondition {
  const { output, nodes, failures, lastDelivered } = delivery;
  const condition = say(type);
  const [first] = failures;
  if (first) {
    const where =
      nodes === 1
        ? `on node ${first.node}`
        : `on ${failures.length} of ${nodes} nodes, the first ${first.node}`;
    const { failure } = first;
    return condition(
      'False',
      reasonWord(failure.reason),
      `output "${output}" does not deliver ${where} since ${failure.since}: ${explanationOf(failure)}`,
    );
  }
  if (lastDelivered !== undefined) return condition('True', 'LogsDelivered', `output "${output}" delivers`);
  if (nodes > 0)
    return condition('Unknown', 'NothingDelivered', `output "${output}" has not sent anything yet`);
  const { reason, message } = collectors ?? noReports;
  return condition('Unknown', reason, message);
}

const noReports: CollectorState = { reason: 'NoReports', message: 'no collector has reported yet' };

/** `False` outweighs `Unknown`, which outweighs `True`. */
export function delivering(type: string, outputs: readonly NewCondition[]): NewCondition {
  const worst =
    outputs.find(({ status }) => status === 'False') ??
    outputs.find(({ status }) => status === 'Unknown') ??
    outputs[0];
  if (!worst) return { type, status: 'Unknown', ...noReports };
  if (worst.status === 'True') return say(type)('True', 'LogsDelivered', 'all outputs deliver');
  return { ...worst, type };
}

/** Logs arrive all the time, and each write of a status is itself audited: told in steps of five minutes. */
export function lastDelivered(type: string, deliveries: readonly OutputDelivery[]): NewCondition {
  const latest = deliveries
    .flatMap((delivery) => delivery.lastDelivered ?? [])
    .toSorted()
    .at(-1);
  if (latest === undefined) return say(type)('False', 'NothingDelivered', 'nothing has been delivered yet');
  const step = `${latest.slice(0, 15)}${Number(latest[15]) < 5 ? 0 : 5}Z`;
  return say(type)('True', 'LogsDelivered', `logs arrived last at ${step} or up to five minutes later`);
}

export function backlog(type: string, deliveries: readonly OutputDelivery[], nowMs: number): NewCondition {
  const late = deliveries.filter(
    ({ backlogSince }) => backlogSince !== undefined && nowMs - Date.parse(backlogSince) >= backlogAfterMs,
  );
  if (late.length === 0) {
    return say(type)('False', 'UpToDate', `nothing waits longer than ${backlogAfterMs / 1_000} s`);
  }
  const texts = late.map(({ output, backlogEvents, backlogBytes, backlogSince = '' }) => {
    const size = `about ${rounded(backlogEvents)} events (${rounded(backlogBytes)} bytes)`;
    return `output "${output}": ${size} wait, the oldest since ${minuteOf(backlogSince)}`;
  });
  return say(type)('True', 'EventsWaiting', texts.join('; '));
}

/** Counts since the collectors started. */
export function rejected(type: string, deliveries: readonly OutputDelivery[]): NewCondition {
  const texts = deliveries
    .filter((delivery) => delivery.rejected.size > 0)
    .map(({ output, rejected: counts }) => {
      const reasons = [...counts].toSorted(([a], [b]) => a.localeCompare(b));
      return `output "${output}": ${reasons.map(([reason, count]) => `${count} ${reason}`).join(', ')}`;
    });
  return texts.length === 0
    ? say(type)('False', 'NoneRejected', 'no event was refused since the collectors started')
    : say(type)('True', 'EventsRejected', `events that will never arrive: ${texts.join('; ')}`);
}

/** `2026-11-27T18:03Z`. */
function minuteOf(time: string): string {
  return `${time.slice(0, 16)}Z`;
}

/** One significant digit. */
function rounded(value: number): string {
  return Number(value.toPrecision(1)).toLocaleString('en-US');
}

/** A reason must be a CamelCase word. */
function reasonWord(reason: string): string {
  const word = reason.replace(/[^A-Za-z0-9_]/g, '');
  return /^[A-Za-z]/.test(word) ? word : 'DeliveryFailed';
}
