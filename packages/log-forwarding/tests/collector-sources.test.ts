import { appendFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KubeApiError, type KubeClient, type KubeResource, type WatchEvent } from '@pergola/kube-client';
import { describe, expect, it } from 'vitest';
import type { CollectorConfig, FilterConfig } from '../src/config/collector-config.ts';
import { type Collector, startCollector } from '../src/collector/start-collector.ts';
import {
  eachOnItsOwnNode,
  configOf,
  criTimeOf,
  type NodeFolder,
  optionsOf,
  output,
  writeLines,
} from './collector-setup.ts';
import type { FakeLogs } from './fake-logs.ts';

const pod = 'shop_web-1_11111111-1111-1111-1111-111111111111';
const slow = { timeout: 10_000 };

let logs: FakeLogs;
let endpoint: string;
let folder: NodeFolder;
eachOnItsOwnNode((parts) => ({ logs, endpoint, folder } = parts));

function start(changes: Partial<CollectorConfig> = {}, client?: KubeClient): Promise<Collector> {
  return startCollector({ ...optionsOf(folder, configOf([output(folder, endpoint)], changes)), client });
}

function messages(): unknown[] {
  return logs.records().map(({ message }) => message);
}

function nodeFile(path: string, text: string): void {
  const whole = join(folder.root, 'log', path);
  mkdirSync(dirname(whole), { recursive: true });
  appendFileSync(whole, text);
}

function withFilters(...filters: FilterConfig[]): Partial<CollectorConfig> {
  const names = filters.map(({ name }) => name);
  const inputs = ['application', 'infrastructure', 'audit'];
  return { filters, pipelines: [{ name: 'p', inputs, filters: names, outputs: ['cw'] }] };
}

/** An API that has these objects, and takes ConfigMaps. */
function fakeApi(objects: Record<string, KubeResource[]>, written: KubeResource[] = []): KubeClient {
  async function* watch<T extends KubeResource>(
    { plural }: { plural: string },
    _query: unknown,
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>> {
    for (const object of objects[plural] ?? []) yield { type: 'ADDED', object: object as T };
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    yield {
      type: 'BOOKMARK',
      object: { metadata: { name: '', resourceVersion: '1', annotations } } as unknown as T,
    };
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
  }
  const client = {
    watch,
    list: async ({ plural }: { plural: string }) => ({
      metadata: { resourceVersion: '1' },
      items: objects[plural] ?? [],
    }),
    patch: async (_type: unknown, { name }: { name: string }, { body }: { body: object }) => {
      const known = written.find(({ metadata }) => metadata.name === name);
      if (!known) throw new KubeApiError(404, 'NotFound', 'not found');
      return Object.assign(known, body);
    },
    create: async (_type: unknown, object: KubeResource) => {
      written.push(object);
      return object;
    },
  };
  return client as unknown as KubeClient;
}

describe('what the API knows', () => {
  const webPod: KubeResource = {
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: '11111111-1111-1111-1111-111111111111',
      resourceVersion: '5',
      labels: { 'app.kubernetes.io/name': 'web' },
      annotations: { 'example.com/note': 'n' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true },
      ],
    },
    spec: { containers: [{ name: 'main', image: 'quay.io/web:1' }] },
    status: {
      podIP: '10.1.2.3',
      containerStatuses: [
        { name: 'main', containerID: 'cri-o://abc', restartCount: 0, state: { running: {} } },
      ],
    },
  };
  const shop: KubeResource = {
    metadata: {
      name: 'shop',
      uid: 'ns-uid',
      resourceVersion: '2',
      labels: { 'kubernetes.io/metadata.name': 'shop' },
    },
  };

  it('stands in the records, in the order of the alphabet', async () => {
    writeLines(folder.logOf(pod), ['one']);
    await using collector = await start({}, fakeApi({ pods: [webPod], namespaces: [shop] }));
    await expect.poll(messages, slow).toEqual(['one']);
    const [record] = logs.records();
    expect(record?.['kubernetes']).toEqual({
      annotations: { 'example.com/note': 'n' },
      container_id: 'cri-o://abc',
      container_image: 'quay.io/web:1',
      container_iostream: 'stdout',
      container_name: 'main',
      labels: { app_kubernetes_io_name: 'web' },
      namespace_id: 'ns-uid',
      namespace_labels: { kubernetes_io_metadata_name: 'shop' },
      namespace_name: 'shop',
      pod_id: '11111111-1111-1111-1111-111111111111',
      pod_ip: '10.1.2.3',
      pod_name: 'web-1',
      pod_owner: 'ReplicaSet/web',
    });
    expect(Object.keys(record ?? {})).toEqual(Object.keys(record ?? {}).toSorted());
    const { prunableBytes = 0, sentBytes = 0 } = collector.report().namespaces['shop'] ?? {};
    expect(prunableBytes).toBeGreaterThan(100);
    expect(prunableBytes).toBeLessThan(sentBytes);
  });

  it('selects pods by label', async () => {
    writeLines(folder.logOf(pod), ['wanted']);
    writeLines(folder.logOf('shop_other_2'), ['unwanted']);
    const other = { ...webPod, metadata: { ...webPod.metadata, name: 'other', uid: '2', labels: {} } };
    const selector = { matchLabels: { 'app.kubernetes.io/name': 'web' } };
    const input = { name: 'application', type: 'application', includes: [], excludes: [], selector } as const;
    const pipelines = [{ name: 'p', inputs: ['application'], filters: [], outputs: ['cw'] }];
    await using collector = await start(
      { inputs: [input], pipelines },
      fakeApi({ pods: [webPod, other], namespaces: [shop] }),
    );
    await expect.poll(() => collector.report().namespaces['shop']?.events, slow).toBe(2);
    await expect.poll(messages, slow).toEqual(['wanted']);
  });

  it('gets the report of the node', async () => {
    writeLines(folder.logOf(pod), ['one']);
    const written: KubeResource[] = [];
    await using _ = await start({}, fakeApi({ pods: [webPod], namespaces: [shop] }, written));
    await expect
      .poll(() => JSON.parse(written[0]?.['data']['report.json'] ?? '{}').outputs?.cw?.deliveredEvents, slow)
      .toBe(1);
    expect(written[0]?.metadata).toEqual({
      name: 'collector-report-node-1',
      namespace: 'openshift-logging',
      labels: { 'pergola.dev/delivery-report': 'collector' },
    });
  });
});

describe('logs of the node', () => {
  it('are records of the model: the journal', async () => {
    const micros = Number(criTimeOf(0).slice(0, 4)) > 0 ? Date.parse(criTimeOf(0)) * 1000 + 123 : 0;
    const entry = {
      __REALTIME_TIMESTAMP: String(micros),
      PRIORITY: '3',
      MESSAGE: 'failed',
      SYSLOG_IDENTIFIER: 'kubelet',
      _SYSTEMD_UNIT: 'kubelet.service',
    };
    nodeFile('journal/pergola.json', `${JSON.stringify(entry)}\nno entry\n`);
    await using collector = await start();
    await expect.poll(messages, slow).toEqual(['failed']);
    const time = `${criTimeOf(0).slice(0, 20)}000123000Z`;
    expect(
      logs.messages('rosa.infrastructure', 'node-1.journal.system').map((text) => JSON.parse(text)),
    ).toEqual([
      {
        '@timestamp': time,
        hostname: 'node-1',
        level: 'err',
        log_source: 'node',
        log_type: 'infrastructure',
        message: 'failed',
        openshift: { cluster_id: 'cluster-1', sequence: expect.any(Number) },
        systemd: { t: { SYSTEMD_UNIT: 'kubelet.service' }, u: { SYSLOG_IDENTIFIER: 'kubelet' } },
        tag: '.journal.system',
        timestamp: time,
      },
    ]);
    expect(collector.metrics()).toContain('pergola_collector_malformed_lines_total{kind="journal"} 1');
  });

  it('are records of the model: the four audit logs', async () => {
    const at = criTimeOf(0);
    const event = { auditID: 'a', level: 'Metadata', verb: 'get', requestReceivedTimestamp: at, user: {} };
    nodeFile('kube-apiserver/audit.log', `${JSON.stringify(event)}\n`);
    nodeFile('oauth-server/audit.log', `${JSON.stringify(event)}\n`);
    nodeFile('audit/audit.log', `type=SYSCALL msg=audit(${Date.parse(at) / 1000}.5:42): syscall=59\n`);
    nodeFile('ovn/acl-audit-log.log', `${at}|00004|acl_log(ovn_pinctrl0)|INFO|name="x"\n`);
    await using _ = await start();
    await expect.poll(() => logs.records().length, slow).toBe(4);
    const record = (stream: string) => JSON.parse(logs.messages('rosa.audit', `node-1.${stream}`)[0] ?? '{}');
    expect(record('k8s-audit.log')).toMatchObject({
      auditID: 'a',
      k8s_audit_level: 'Metadata',
      log_source: 'kubeAPI',
      log_type: 'audit',
    });
    expect(record('openshift-audit.log')).toMatchObject({ openshift_audit_level: 'Metadata' });
    expect(record('linux-audit.log')).toMatchObject({
      'audit.linux': { type: 'SYSCALL', record_id: '42' },
      message: expect.stringContaining('syscall=59'),
    });
    expect(record('ovn-audit.log')).toMatchObject({ level: 'info', log_source: 'ovn' });
  });
});

describe('odd input', () => {
  it('of a megabyte and more is cut, and nothing of it is lost', async () => {
    const path = folder.logOf(pod);
    const long = 'x"y'.repeat(500_000);
    const parts = long.match(/[^]{1,16000}/g) ?? [];
    appendFileSync(
      path,
      parts
        .map((part, i) => `${criTimeOf(i)} stdout ${i === parts.length - 1 ? 'F' : 'P'} ${part}\n`)
        .join(''),
    );
    writeLines(path, ['after'], 1000);
    await using _ = await start();
    await expect.poll(() => messages().at(-1), slow).toBe('after');
    expect(messages().slice(0, -1).join('')).toBe(long);
    expect(messages().length).toBeGreaterThan(2);
  });

  it('that is binary becomes text', async () => {
    writeFileSync(folder.logOf(pod), Buffer.from([0xde, 0xad, 0x00, 0x0a, 0xff, 0x0a]));
    await using collector = await start();
    await expect.poll(messages, slow).toEqual(['\u07ad\u0000', '\ufffd']);
    expect(collector.metrics()).toContain('malformed_lines_total{kind="container"} 2');
  });

  it('after a truncation is read from the beginning', async () => {
    const path = folder.logOf(pod);
    writeLines(path, ['one', 'two', 'three']);
    await using collector = await start();
    await expect.poll(messages, slow).toEqual(['one', 'two', 'three']);
    truncateSync(path, 0);
    writeLines(path, ['four'], 10);
    await expect.poll(messages, slow).toEqual(['one', 'two', 'three', 'four']);
    expect(collector.metrics()).toContain('pergola_collector_truncated_files_total 1');
  });

  it('by a link that leads elsewhere is not read', async () => {
    writeFileSync(join(folder.root, 'secret'), `${criTimeOf(0)} stdout F secret\n`);
    symlinkSync(join(folder.root, 'secret'), folder.logOf(pod));
    writeLines(folder.logOf('shop_other_2'), ['fine']);
    await using _ = await start();
    await expect.poll(messages, slow).toEqual(['fine']);
  });

  it('of the collectors themselves is not read', async () => {
    writeLines(folder.logOf('openshift-logging_collector-abc_1'), ['about myself']);
    writeLines(folder.logOf('openshift-logging_other-abc_1'), ['fine']);
    await using _ = await start();
    await expect.poll(messages, slow).toEqual(['fine']);
  });

  it('beyond the limits of an input is dropped and counted', async () => {
    const input = {
      name: 'application',
      type: 'application',
      includes: [],
      excludes: [{ namespace: 'kube-*' }, { container: 'side*' }],
      maxMessageBytes: 10,
      maxRecordsPerSecondPerContainer: 3,
    } as const;
    writeLines(folder.logOf(pod), ['much too long', 'a', 'b', 'c', 'd']);
    writeLines(folder.logOf(pod, 'sidecar'), ['no']);
    const pipelines = [{ name: 'p', inputs: ['application'], filters: [], outputs: ['cw'] }];
    await using collector = await start({ inputs: [input], pipelines });
    await expect.poll(messages, slow).toEqual(['a', 'b', 'c']);
    expect(collector.report().outputs['cw']?.rejectedEvents).toEqual({ tooLong: 1, rateLimited: 1 });
  });
});

describe('filters', () => {
  it('change records, and drop them', async () => {
    writeLines(folder.logOf(pod), ['{"a":1}', 'debug noise', '{"a":2}']);
    const filters: FilterConfig[] = [
      { name: 'noise', type: 'drop', drop: [{ test: [{ field: '.message', matches: 'noise' }] }] },
      { name: 'json', type: 'parse' },
      { name: 'few', type: 'prune', prune: { notIn: ['.structured', '.log_type'] } },
    ];
    await using _ = await start(withFilters(...filters));
    await expect
      .poll(() => logs.records(), slow)
      .toEqual([
        { log_type: 'application', structured: { a: 1 } },
        { log_type: 'application', structured: { a: 2 } },
      ]);
  });

  it('put exceptions together, and hold nothing back for long', async () => {
    writeLines(folder.logOf(pod), ['before', 'java.lang.Error: x', '\tat a.B.c(B.java:1)']);
    await using _ = await start(withFilters({ name: 'm', type: 'detectMultilineException' }));
    await expect.poll(messages, slow).toEqual(['before', 'java.lang.Error: x\n\tat a.B.c(B.java:1)']);
  });

  it('that only prune cost nothing for each line and change the same', async () => {
    writeLines(folder.logOf(pod), ['one']);
    await using _ = await start(
      withFilters(
        { name: 'label', type: 'openshiftLabels', labels: { team: 'a' } },
        { name: 'few', type: 'prune', prune: { notIn: ['.message', '.openshift.labels', '.log_type'] } },
      ),
    );
    await expect
      .poll(() => logs.records(), slow)
      .toEqual([{ log_type: 'application', message: 'one', openshift: { labels: { team: 'a' } } }]);
  });
});

describe('a binary journal', () => {
  it('is read by way of journalctl, from where it was delivered', async () => {
    const program = join(folder.root, 'journalctl');
    const asked = join(folder.root, 'asked');
    // Stands for the program: says what it was asked for, and shows the entries after the cursor.
    writeFileSync(
      program,
      `#!/bin/sh
echo "$@" >> ${asked}
case "$*" in *--after-cursor=c2*) n=3;; *) n=1;; esac
while [ $n -le \${LAST:-2} ]; do
  echo "{\\"__CURSOR\\":\\"c$n\\",\\"__REALTIME_TIMESTAMP\\":\\"$(date +%s)000000\\",\\"MESSAGE\\":\\"entry $n\\",\\"PRIORITY\\":\\"6\\"}"
  n=$((n+1))
done
exec sleep 60
`,
      { mode: 0o755 },
    );
    nodeFile('journal/machine/system.journal', '');
    const options = { ...optionsOf(folder, configOf([output(folder, endpoint)])), journalProgram: program };
    {
      await using _ = await startCollector(options);
      await expect.poll(messages, slow).toEqual(['entry 1', 'entry 2']);
    }
    writeFileSync(program, readFileSync(program, 'utf8').replace('LAST:-2', 'LAST:-4'), { mode: 0o755 });
    await using _ = await startCollector(options);
    await expect.poll(messages, slow).toEqual(['entry 1', 'entry 2', 'entry 3', 'entry 4']);
    expect(
      readFileSync(asked, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ').at(-1)),
    ).toEqual(['--boot', '--after-cursor=c2']);
  });
});
