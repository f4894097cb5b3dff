// What a collector is started with, beyond the configuration that the operator writes.
import { join } from 'node:path';
import type { Clock, Env, Logger, Random } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import { collectorMetricsPort, collectorPaths, collectorVariables } from '../config/collector-places.ts';
import { type LogPaths, logPathsOf } from './log-paths.ts';

export interface CollectorOptions {
  /** File with the CollectorConfig; looked at again every two seconds. */
  readonly configPath: string;
  /** The node whose logs these are: `hostname` of every record. */
  readonly nodeName: string;
  /** Namespace and name of the DaemonSet: where checkpoints and reports stand. */
  readonly namespace: string;
  readonly collectorName: string;
  readonly paths: LogPaths;
  /** Checkpoints and disk buffers; kept over restarts. */
  readonly dataDir: string;
  /** Undefined: no API. Then records tell what paths do, and no report is written. The collector does not close it. */
  readonly client?: KubeClient | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** For AWS_ENDPOINT_URL and its like, and for where mounts truly stand. */
  readonly env: Env;
  /** Where `/metrics`, `/healthz` and `/readyz` are served; 0 takes a free port, undefined: nowhere. */
  readonly metricsPort?: number | undefined;
  /** Default `0.0.0.0`: probes and Prometheus come from outside. */
  readonly metricsHost?: string | undefined;
  /** Bytes of batches in memory, over all outputs. Default 12 MiB. */
  readonly memoryBytesMax?: number | undefined;
  /** Bytes on disk for each output. Default 256 MiB. */
  readonly diskBytesMax?: number | undefined;
  /** Files that are open at once. Default 1000. */
  readonly openFilesMax?: number | undefined;
  /** The program that reads binary journals. Default `journalctl`. */
  readonly journalProgram?: string | undefined;
  /** Milliseconds that a line waits at most for others to share its request. Default 500. */
  readonly lingerMs?: number | undefined;
  /** Everything is done but the sending: what is read counts as delivered. For measurements only. */
  readonly sendsNothing?: boolean | undefined;
  /** Milliseconds that a call to an output may take. Default 30,000. */
  readonly callTimeoutMs?: number | undefined;
  /** Milliseconds between two reports that tell of counts only. Default 30,000. */
  readonly reportMs?: number | undefined;
  /** Milliseconds that an ending collector goes on delivering what it has read. Default 5,000. */
  readonly drainMs?: number | undefined;
}

/** The options that environment variables and a node's usual places give. Throws when NODE_NAME is missing. */
export function collectorOptionsFrom(
  env: Env,
): Pick<
  CollectorOptions,
  | 'configPath'
  | 'nodeName'
  | 'namespace'
  | 'collectorName'
  | 'paths'
  | 'dataDir'
  | 'metricsPort'
  | 'metricsHost'
  | 'reportMs'
  | 'env'
> {
  const read = (name: keyof typeof collectorVariables) => env[collectorVariables[name]] || undefined;
  const nodeName = read('node');
  const reportMs = Number(read('reportMs') ?? Number.NaN);
  if (!nodeName) throw new Error('NODE_NAME is not set: take it from the field spec.nodeName of the pod');
  const namespace = read('namespace') ?? 'openshift-logging';
  const collectorName = read('name') ?? 'collector';
  return {
    configPath: read('config') ?? collectorPaths.config,
    nodeName,
    namespace,
    collectorName,
    paths: logPathsOf({
      pods: read('pods') ?? collectorPaths.pods,
      journal: read('journal') ?? collectorPaths.journal,
      audit: read('audit') ?? collectorPaths.logs,
    }),
    dataDir: read('data') ?? join(collectorPaths.data, namespace, collectorName),
    metricsPort: Number(read('metricsPort') ?? collectorMetricsPort),
    metricsHost: read('metricsHost'),
    reportMs: reportMs >= 0 ? reportMs : undefined,
    env,
  };
}
