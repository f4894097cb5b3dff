// A collector on a folder of its own, and what writes logs as a kubelet and a runtime do.
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { afterEach, beforeEach } from 'vitest';
import type { CloudWatchOutput, CollectorConfig } from '../src/config/collector-config.ts';
import type { CollectorOptions } from '../src/collector/collector-options.ts';
import { logPathsIn } from '../src/collector/log-paths.ts';
import { FakeLogs } from './fake-logs.ts';

export interface NodeFolder {
  readonly root: string;
  readonly configPath: string;
  readonly dataDir: string;
  /** Path of a container's live log. */
  logOf(pod: string, container?: string, attempt?: number): string;
  remove(): void;
}

/** A node's folders below the temporary one. */
export function nodeFolder(): NodeFolder {
  const root = mkdtempSync(join(tmpdir(), 'collector-'));
  writeFileSync(join(root, 'key-id'), 'AKIDEXAMPLE');
  writeFileSync(join(root, 'key-secret'), 'secret');
  return {
    root,
    configPath: join(root, 'collector.json'),
    dataDir: join(root, 'data'),
    logOf(pod, container = 'main', attempt = 0) {
      const path = join(root, 'log', 'pods', pod, container, `${attempt}.log`);
      mkdirSync(dirname(path), { recursive: true });
      return path;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Gives each test of a file a node and a CloudWatch Logs of its own, and removes them afterwards. */
export function eachOnItsOwnNode(
  begin: (parts: { readonly logs: FakeLogs; readonly endpoint: string; readonly folder: NodeFolder }) => void,
): void {
  let logs: FakeLogs;
  let folder: NodeFolder;
  beforeEach(async () => {
    logs = new FakeLogs();
    folder = nodeFolder();
    begin({ logs, endpoint: await logs.listen(), folder });
  });
  afterEach(async () => {
    await logs[Symbol.asyncDispose]();
    folder.remove();
  });
}

export function output(
  folder: NodeFolder,
  endpoint: string,
  changes: Partial<CloudWatchOutput> = {},
): CloudWatchOutput {
  return {
    name: 'cw',
    type: 'cloudwatch',
    region: 'eu-west-1',
    endpoint,
    names: { style: 'v1', groupBy: 'namespaceName', prefix: 'rosa' },
    authentication: {
      type: 'awsAccessKey',
      keyIdFile: join(folder.root, 'key-id'),
      keySecretFile: join(folder.root, 'key-secret'),
    },
    tuning: {
      delivery: 'AtLeastOnce',
      compression: 'none',
      maxWriteBytes: 1_048_576,
      minRetryMs: 10,
      maxRetryMs: 100,
    },
    ...changes,
  };
}

export function configOf(
  outputs: readonly CloudWatchOutput[],
  changes: Partial<CollectorConfig> = {},
): CollectorConfig {
  return {
    version: 1,
    forwarder: { apiVersion: 'logging.openshift.io/v1', namespace: 'openshift-logging', name: 'instance' },
    clusterId: 'cluster-1',
    inputs: [
      { name: 'application', type: 'application', includes: [], excludes: [] },
      { name: 'infrastructure', type: 'infrastructure', sources: ['node', 'container'] },
      { name: 'audit', type: 'audit', sources: ['auditd', 'kubeAPI', 'openshiftAPI', 'ovn'] },
    ],
    filters: [],
    outputs,
    pipelines: [
      {
        name: 'all',
        inputs: ['application', 'infrastructure', 'audit'],
        filters: [],
        outputs: outputs.map(({ name }) => name),
      },
    ],
    ...changes,
  };
}

export function optionsOf(folder: NodeFolder, config: CollectorConfig): CollectorOptions {
  writeFileSync(folder.configPath, JSON.stringify(config));
  return {
    configPath: folder.configPath,
    nodeName: 'node-1',
    namespace: 'openshift-logging',
    collectorName: 'collector',
    paths: logPathsIn(join(folder.root, 'log')),
    dataDir: folder.dataDir,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    env: {},
    metricsPort: 0,
    metricsHost: '127.0.0.1',
    drainMs: 2_000,
    lingerMs: 20,
  };
}

/** CRI time, `index` nanoseconds after a fixed moment of today. */
export function criTimeOf(index: number): string {
  const dayMs = 24 * 3_600_000;
  const base = new Date(Math.floor(systemClock.nowMs() / dayMs) * dayMs).toISOString().slice(0, 19);
  return `${base}.${String(index).padStart(9, '0')}Z`;
}

/** Appends whole lines to a log. */
export function writeLines(path: string, messages: readonly string[], from = 0): void {
  appendFileSync(
    path,
    messages.map((message, index) => `${criTimeOf(from + index)} stdout F ${message}\n`).join(''),
  );
}

/** What the kubelet does with a log that is large enough. */
export function rotate(path: string, suffix: string): void {
  renameSync(path, `${path}.${suffix}`);
  writeFileSync(path, '');
}
