// The reports of a forwarder's collectors as they lie in the cluster, and which of them still count.
import { isRecord } from '@pergola/kernel';
import type { KubeResource } from '@pergola/kube-client';
import type { DeliveryReport } from '../../config/delivery-report.ts';

export const reportKey = 'report.json';
/** A report of a node without a collector is kept so long: a collector that is replaced leaves a short gap. */
const staleAfterMs = 3_600_000;

export interface SortedReports {
  readonly current: readonly DeliveryReport[];
  /** Names of ConfigMaps whose node has gone. */
  readonly stale: readonly string[];
}

/** `nodes`: where collectors are now. */
export function sortReports(
  configMaps: readonly KubeResource[],
  nodes: ReadonlySet<string>,
  nowMs: number,
): SortedReports {
  const current: DeliveryReport[] = [];
  const stale: string[] = [];
  for (const { metadata, data } of configMaps) {
    const report = parseReport(isRecord(data) ? data[reportKey] : undefined);
    if (report && nodes.has(report.node)) current.push(report);
    else if (!report || nowMs - Date.parse(report.writtenAt) > staleAfterMs) stale.push(metadata.name);
  }
  return { current: current.toSorted((a, b) => a.node.localeCompare(b.node)), stale };
}

/** Undefined for what is no report of this version. */
export function parseReport(text: unknown): DeliveryReport | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value['version'] !== 1 || typeof value['node'] !== 'string') return undefined;
    return isRecord(value['outputs']) && typeof value['writtenAt'] === 'string'
      ? (value as unknown as DeliveryReport)
      : undefined;
  } catch {
    // Whoever wrote it, it says nothing that could be shown.
    return undefined;
  }
}
