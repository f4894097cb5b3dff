// The collector: reads the logs of a node, and delivers them to the outputs of its configuration. When the file with
// the configuration changes, the run with the old one ends in order and another begins where it stopped.
import { Disposal } from '@pergola/kernel';
import type { DeliveryReport } from '../config/delivery-report.ts';
import type { CollectorOptions } from './collector-options.ts';
import { type CollectorRun, startRun } from './collector-run.ts';
import { type ConfigText, readConfigFile } from './config-file.ts';
import { withMountedPaths } from './mounted-paths.ts';
import { renderMetrics } from './report/metrics.ts';
import { ReportWriter } from './report/report-writer.ts';
import { SourceCounts } from './report/source-counts.ts';
import { startStatusServer } from './report/status-server.ts';
import { Volumes } from './routing/volumes.ts';

const configLookMs = 2_000;

export interface Collector extends AsyncDisposable {
  /** Of `/metrics`, `/healthz` and `/readyz`; undefined when they are not served. */
  readonly metricsPort: number | undefined;
  /** What the report tells now. */
  report(): DeliveryReport;
  /** The metrics as text. */
  metrics(): string;
}

/**
 * Starts the collector. Rejects with ConfigError when the configuration cannot be used. Disposal stops reading,
 * delivers what was read for `drainMs`, and keeps the rest for the next start.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const collector = new NodeCollector(options);
  try {
    await collector.start();
    return collector;
  } catch (error) {
    await collector[Symbol.asyncDispose]();
    throw error;
  }
}

class NodeCollector implements Collector {
  readonly #options: CollectorOptions;
  readonly #disposal = new Disposal();
  readonly #volumes = new Volumes();
  readonly #counts = new SourceCounts();
  #config: ConfigText;
  #run: CollectorRun | undefined;
  #lostBytes = 0;
  /** Whether the file holds a configuration that cannot be used. */
  #isRefused = false;
  metricsPort: number | undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#config = readConfigFile(options.configPath);
  }

  async start(): Promise<void> {
    this.#run = this.#startRun();
    this.#disposal.defer(() => this.#endRun());
    const { metricsPort, metricsHost = '0.0.0.0' } = this.#options;
    if (metricsPort !== undefined) {
      const server = await startStatusServer({
        host: metricsHost,
        port: metricsPort,
        isReady: () => this.#run?.isReady ?? false,
        metrics: () => this.metrics(),
      });
      this.metricsPort = this.#disposal.use(server).port;
    }
    this.#reportToApi();
    this.#watchConfig();
  }

  report(): DeliveryReport {
    const { clock } = this.#options;
    return { ...this.#reportBody(), writtenAt: new Date(clock.nowMs()).toISOString() };
  }

  metrics(): string {
    const run = this.#run;
    const outputs = [...(run?.outputs.values() ?? [])];
    const tails = [...(run?.tails ?? [])];
    return renderMetrics({
      outputs: outputs.map((output) => ({
        name: output.name,
        report: output.report(),
        gauges: output.gauges(),
      })),
      volumes: this.#volumes,
      counts: this.#counts,
      logs: tails.length,
      unreadBytes: tails.reduce((sum, tail) => sum + tail.unreadBytes, 0),
      lostBytes: this.#lostBytesNow(),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposal.dispose();
  }

  #reportBody(): Omit<DeliveryReport, 'writtenAt'> {
    const outputs = [...(this.#run?.outputs.values() ?? [])];
    return {
      version: 1,
      node: this.#options.nodeName,
      outputs: Object.fromEntries(outputs.map((output) => [output.name, output.report()])),
      namespaces: this.#volumes.report(),
    };
  }

  #lostBytesNow(): number {
    const { tails } = this.#run ?? {};
    let bytes = this.#lostBytes + (tails?.lostBytes ?? 0);
    for (const tail of tails ?? []) bytes += tail.lostBytes;
    return bytes;
  }

  #startRun(): CollectorRun {
    const { forwarder } = this.#config.config;
    this.#options.logger.info({ forwarder }, 'collecting');
    return startRun(withMountedPaths(this.#config.config, this.#options.env), {
      options: this.#options,
      volumes: this.#volumes,
      counts: this.#counts,
    });
  }

  async #endRun(): Promise<void> {
    this.#lostBytes = this.#lostBytesNow();
    const run = this.#run;
    this.#run = undefined;
    await run?.[Symbol.asyncDispose]();
  }

  #reportToApi(): void {
    const { client, namespace, collectorName, nodeName, clock, logger } = this.#options;
    if (!client) return;
    const writer = new ReportWriter({
      client,
      namespace,
      collectorName,
      nodeName,
      clock,
      logger,
      report: () => this.#reportBody(),
      health: () => [...(this.#run?.outputs.values() ?? [])].map(({ name, health }) => `${name} ${health}`),
      routineMs: this.#options.reportMs ?? 30_000,
    });
    this.#inBackground((signal) => writer.run(signal));
  }

  #watchConfig(): void {
    const { clock } = this.#options;
    this.#inBackground(async (signal) => {
      while (!signal.aborted) {
        await clock.sleep(configLookMs, signal).catch(() => {});
        if (!signal.aborted) await this.#applyChange();
      }
    });
  }

  /** A configuration that cannot be used changes nothing: the old one goes on. */
  async #applyChange(): Promise<void> {
    const { configPath, logger } = this.#options;
    const before = this.#config;
    try {
      const next = readConfigFile(configPath);
      this.#isRefused = false;
      if (next.text === before.text) return;
      this.#config = next;
      await this.#endRun();
      this.#run = this.#startRun();
    } catch (error) {
      if (!this.#isRefused) logger.error({ error }, 'the changed configuration cannot be used');
      if (!this.#isRefused) this.#counts.refusedConfig();
      this.#isRefused = true;
      this.#config = before;
      this.#run ??= this.#startRun();
    }
  }

  /** Runs `task` until the end, which waits for it. */
  #inBackground(task: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController();
    const done = task(controller.signal).catch((error: unknown) => {
      this.#options.logger.error({ error }, 'a part of the collector has stopped');
    });
    this.#disposal.defer(async () => {
      controller.abort(new Error('the collector ends'));
      await done;
    });
  }
}
