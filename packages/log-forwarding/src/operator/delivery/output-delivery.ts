// What the reports of all nodes say of one output, added up.
import type { DeliveryFailure, DeliveryReport } from '../../config/delivery-report.ts';

export interface OutputDelivery {
  readonly output: string;
  /** Nodes that reported of this output. */
  readonly nodes: number;
  readonly failures: readonly { readonly node: string; readonly failure: DeliveryFailure }[];
  /** RFC 3339. */
  readonly lastDelivered: string | undefined;
  readonly backlogEvents: number;
  readonly backlogBytes: number;
  /** RFC 3339: when the oldest waiting event was read. */
  readonly backlogSince: string | undefined;
  readonly rejected: ReadonlyMap<string, number>;
}

export function deliveryOf(output: string, reports: readonly DeliveryReport[]): OutputDelivery {
  const parts = reports.flatMap(({ node, outputs }) => {
    const report = outputs[output];
    return report ? [{ node, report }] : [];
  });
  const rejected = new Map<string, number>();
  for (const { report } of parts) {
    for (const [reason, count] of Object.entries(report.rejectedEvents ?? {})) {
      if (count > 0) rejected.set(reason, (rejected.get(reason) ?? 0) + count);
    }
  }
  const times = parts.flatMap(({ report }) => report.lastDelivered ?? []);
  const waits = parts.flatMap(({ report }) => report.backlogSince ?? []);
  return {
    output,
    nodes: parts.length,
    failures: parts.flatMap(({ node, report: { failure } }) => (failure ? [{ node, failure }] : [])),
    lastDelivered: times.toSorted().at(-1),
    backlogEvents: sum(parts.map(({ report }) => report.backlogEvents)),
    backlogBytes: sum(parts.map(({ report }) => report.backlogBytes)),
    backlogSince: waits.toSorted()[0],
    rejected,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + (each || 0), 0);
}
