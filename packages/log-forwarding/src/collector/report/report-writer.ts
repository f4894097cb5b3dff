// Writes the delivery report of this node into its ConfigMap, where the operator reads it: when it has changed, at most
// every two seconds. Reports are news, not records: a failed write is made up for by the next one.
import { createHash } from 'node:crypto';
import type { Clock, Logger } from '@pergola/kernel';
import { hasCode, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import type { DeliveryReport } from '../../config/delivery-report.ts';

/** Label whose value is the collector's name. */
export const reportLabel = 'pergola.dev/delivery-report';

export interface ReportWriterOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly collectorName: string;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly report: () => Omit<DeliveryReport, 'writtenAt'>;
}

const everyMs = 2_000;
/** An unchanged report is written again so often, so that its age tells whether the collector lives. */
const unchangedMs = 60_000;

export class ReportWriter {
  readonly #options: ReportWriterOptions;
  readonly #name: string;
  #written = '';
  #writtenMs = Number.NEGATIVE_INFINITY;
  #failed = false;

  constructor(options: ReportWriterOptions) {
    this.#options = options;
    this.#name = reportNameOf(options.collectorName, options.nodeName);
  }

  /** Writes until the signal aborts, and once more then. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(everyMs, signal).catch(() => {});
      await this.#writeIfChanged();
    }
  }

  async #writeIfChanged(): Promise<void> {
    const { clock, logger, report } = this.#options;
    const current = report();
    const text = JSON.stringify(current);
    const nowMs = clock.nowMs();
    if (text === this.#written && nowMs - this.#writtenMs < unchangedMs) return;
    try {
      await this.#write(JSON.stringify({ ...current, writtenAt: new Date(nowMs).toISOString() }));
      this.#written = text;
      this.#writtenMs = nowMs;
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) logger.warn({ error }, 'the delivery report cannot be written');
      this.#failed = true;
    }
  }

  async #write(json: string): Promise<void> {
    const { client, namespace } = this.#options;
    const body = { data: { 'report.json': json } };
    try {
      await client.patch(resourceTypes.configmaps, { name: this.#name, namespace }, { kind: 'merge', body });
    } catch (error) {
      if (!hasCode(error, 404)) throw error;
      await client.create(resourceTypes.configmaps, this.#configMap(json));
    }
  }

  #configMap(json: string): KubeResource {
    const { namespace, collectorName } = this.#options;
    const metadata = { name: this.#name, namespace, labels: { [reportLabel]: collectorName } };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'report.json': json } };
  }
}

/** `<collector>-report-<node>`; a name that would be too long ends in a digest of the whole. */
export function reportNameOf(collectorName: string, nodeName: string): string {
  const name = `${collectorName}-report-${nodeName}`;
  if (name.length <= 253) return name;
  return `${name.slice(0, 240)}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}
