// A node's container logs for measurements: CRI lines as a runtime writes them, and the collector's configuration.
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import type { CollectorConfig, FilterConfig } from '@pergola/log-forwarding';

export interface Endpoint {
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface ConfigChoices {
  /** Default 1,000. */
  readonly maxRetryMs?: number;
  /** `pruned`: what other collectors send of a line; `full`, the default: all that is known of it. */
  readonly records?: 'full' | 'pruned';
}

const prune: FilterConfig = {
  name: 'prune',
  type: 'prune',
  prune: {
    notIn: [
      '.kubernetes.container_name',
      '.kubernetes.namespace_name',
      '.kubernetes.pod_name',
      '.level',
      '.log_source',
      '.log_type',
      '.message',
      '.timestamp',
    ],
  },
};

/** Writes the configuration of a collector that sends application logs to `endpoint`, and returns its path. */
export function writeConfig(
  folder: string,
  endpoint: Endpoint,
  { maxRetryMs = 1_000, records = 'full' }: ConfigChoices = {},
): string {
  const filters = records === 'pruned' ? [prune] : [];
  const keyIdFile = join(folder, 'key-id');
  const keySecretFile = join(folder, 'key-secret');
  writeFileSync(keyIdFile, endpoint.accessKeyId);
  writeFileSync(keySecretFile, endpoint.secretAccessKey, { mode: 0o600 });
  const config: CollectorConfig = {
    version: 1,
    forwarder: { apiVersion: 'logging.openshift.io/v1', namespace: 'openshift-logging', name: 'instance' },
    clusterId: 'bench',
    inputs: [{ name: 'application', type: 'application', includes: [], excludes: [] }],
    filters,
    outputs: [
      {
        name: 'cw',
        type: 'cloudwatch',
        region: 'us-east-1',
        endpoint: endpoint.url,
        names: { style: 'v1', groupBy: 'namespaceName', prefix: 'bench' },
        authentication: { type: 'awsAccessKey', keyIdFile, keySecretFile },
        insecureSkipVerify: true,
        tuning: {
          delivery: 'AtLeastOnce',
          compression: 'none',
          maxWriteBytes: 1_048_576,
          minRetryMs: 100,
          maxRetryMs,
        },
      },
    ],
    pipelines: [
      { name: 'all', inputs: ['application'], filters: filters.map(({ name }) => name), outputs: ['cw'] },
    ],
  };
  const path = join(folder, 'collector.json');
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** The pod of a log, as its path names it. */
export function podOf(number: number) {
  const uid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return { namespace: 'bench', name: `app-${number}`, uid, container: 'main' };
}

/** Path of a container's live log below `logRoot`; its folder is made. */
export function containerLog(logRoot: string, number: number): string {
  const { namespace, name, uid, container } = podOf(number);
  const folder = join(logRoot, 'pods', `${namespace}_${name}_${uid}`, container);
  mkdirSync(folder, { recursive: true });
  return join(folder, '0.log');
}

/** One CRI line; `atMs` is its time. */
export function criLine(atMs: number, text: string, tag: 'F' | 'P' = 'F'): string {
  return `${new Date(atMs).toISOString().slice(0, -1)}000000Z stdout ${tag} ${text}\n`;
}

/** Fills one container's log with about `sizeBytes`, a fiftieth of the lines in two parts. Returns its events. */
export async function fillLog(logRoot: string, sizeBytes: number): Promise<number> {
  const stream = createWriteStream(containerLog(logRoot, 0));
  const startMs = Date.now() - 3_600_000;
  let [written, events] = [0, 0];
  while (written < sizeBytes) {
    let text = '';
    for (let index = 0; index < 1_000; index++, events++) {
      const atMs = startMs + events / 2;
      const line = `{"level":"info","request":"${(events * 2_654_435_761).toString(16)}","path":"/api/v1/items/${events % 5_000}","status":200,"message":"the order was taken, checked against the stock and handed over"}`;
      text +=
        events % 50 === 0
          ? criLine(atMs, line.slice(0, 100), 'P') + criLine(atMs, line.slice(100))
          : criLine(atMs, line);
    }
    written += text.length;
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return events;
}
