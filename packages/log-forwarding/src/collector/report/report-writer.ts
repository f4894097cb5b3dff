// Writes the delivery report of this node into its ConfigMap, where the operator reads it: at once when an output begins
// to fail, recovers or delivers for the first time; when counts have changed, now and then. A report is itself a write
// that is audited, and audit logs are delivered and counted: counts of theirs alone are no reason for another report.
// Reports are news, not records: a failed write is made up for by the next one.
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
  readonly report: () => ReportBody;
  /** `<output> <health>` of each output: cheaper than a report, and looked at more often. */
  readonly health: () => readonly string[];
  /** Milliseconds between two reports that tell of counts only. */
  readonly routineMs: number;
}

type ReportBody = Omit<DeliveryReport, 'writtenAt'>;

const lookMs = 100;
/** An output that has just been opened will mostly deliver before that is told. */
const settleMs = 2_000;
/** News are written at once, but not more than so many in the span: outputs may waver. */
const newsMax = 3;
const newsSpanMs = 6_000;
/** A report that tells nothing new is written again so often, so that its age tells whether the collector lives. */
const unchangedMs = 300_000;
/** After a failed write, and after a look at counts that tell nothing new. */
const lookAgainMs = 2_000;

export class ReportWriter {
  readonly #options: ReportWriterOptions;
  readonly #name: string;
  /** When news were written lately; the oldest first. */
  readonly #newsMs: number[] = [];
  #writtenHealth: ReadonlySet<string> = new Set();
  #writtenEssence = '';
  #writtenMs = Number.NEGATIVE_INFINITY;
  /** Since when the health is another than the one that was written. */
  #changedMs: number | undefined;
  /** Not before, for news and for anything else. */
  #newsAtMs = Number.NEGATIVE_INFINITY;
  #routineAtMs = Number.NEGATIVE_INFINITY;
  #failed = false;

  constructor(options: ReportWriterOptions) {
    this.#options = options;
    this.#name = reportNameOf(options.collectorName, options.nodeName);
  }

  /** Writes until the signal aborts, and once more then. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(lookMs, signal).catch(() => {});
      const nowMs = clock.nowMs();
      if (signal.aborted || this.#hasNews(nowMs) || this.#isRoutineDue(nowMs)) await this.#tryToWrite(nowMs);
    }
  }

  #hasNews(nowMs: number): boolean {
    const outputs = this.#options.health();
    const changed = outputs.filter((output) => !this.#writtenHealth.has(output));
    if (changed.length === 0 && outputs.length === this.#writtenHealth.size) {
      this.#changedMs = undefined;
      return false;
    }
    this.#changedMs ??= nowMs;
    const isSettling = changed.every((output) => output.endsWith(' idle'));
    if ((isSettling && nowMs - this.#changedMs < settleMs) || nowMs < this.#newsAtMs) return false;
    this.#newsMs.push(nowMs);
    if (this.#newsMs.length === newsMax) this.#newsAtMs = (this.#newsMs.shift() ?? nowMs) + newsSpanMs;
    return true;
  }

  #isRoutineDue(nowMs: number): boolean {
    if (nowMs < this.#routineAtMs || this.#changedMs !== undefined) return false;
    if (nowMs - this.#writtenMs >= unchangedMs) return true;
    this.#routineAtMs = nowMs + lookAgainMs;
    return essenceOf(this.#options.report()) !== this.#writtenEssence;
  }

  async #tryToWrite(nowMs: number): Promise<void> {
    const { logger, report, health } = this.#options;
    const [current, currentHealth] = [report(), new Set(health())];
    try {
      await this.#write(JSON.stringify({ ...current, writtenAt: new Date(nowMs).toISOString() }));
      this.#writtenHealth = currentHealth;
      this.#writtenEssence = essenceOf(current);
      this.#writtenMs = nowMs;
      this.#routineAtMs = nowMs + this.#options.routineMs;
      this.#changedMs = undefined;
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) logger.warn({ error }, 'the delivery report cannot be written');
      this.#failed = true;
      this.#newsAtMs = nowMs + lookAgainMs;
      this.#routineAtMs = this.#newsAtMs;
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

/** What makes a report worth writing. A backlog counts by its age, which a reader takes as it was written. */
function essenceOf({ outputs, namespaces }: ReportBody): string {
  const { _audit: _, ...others } = namespaces;
  const told = Object.entries(outputs).map(([name, { failure, rejectedEvents, backlogSince }]) => [
    name,
    failure,
    rejectedEvents,
    backlogSince,
  ]);
  return JSON.stringify([told, others]);
}

/** `<collector>-report-<node>`; a name that would be too long ends in a digest of the whole. */
export function reportNameOf(collectorName: string, nodeName: string): string {
  const name = `${collectorName}-report-${nodeName}`;
  if (name.length <= 253) return name;
  return `${name.slice(0, 240)}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}
