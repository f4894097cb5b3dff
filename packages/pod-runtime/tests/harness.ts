// A node with a fake cluster on a temporary directory, and the few questions that tests ask of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import type { ResourceType } from '@pergola/kube-client';
import { expect } from 'vitest';
import { defaultImages, type PodRuntime, type PodRuntimeOptions, startPodRuntime } from '../src/index.ts';
import type { Pod, PodSpec } from '../src/pod.ts';
import { FakeCluster } from './fake-cluster.ts';

const type = (plural: string, kind: string): ResourceType => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
});
export const pods = type('pods', 'Pod');
export const configMaps = type('configmaps', 'ConfigMap');
export const secrets = type('secrets', 'Secret');
export const events = type('events', 'Event');

/** Looks again until it holds; long enough for a machine that is busy with other things. */
export const eventually = <T>(look: () => T | Promise<T>) =>
  expect.poll(look, { timeout: 15_000, interval: 10 });

export class TestNode implements AsyncDisposable {
  readonly cluster: FakeCluster;
  readonly dataDir: string;
  runtime!: PodRuntime;
  #options: Partial<PodRuntimeOptions>;

  private constructor(options: Partial<PodRuntimeOptions>) {
    this.cluster = new FakeCluster();
    this.dataDir = mkdtempSync(join(tmpdir(), 'pod-runtime-'));
    this.#options = options;
  }

  static async start(options: Partial<PodRuntimeOptions> = {}): Promise<TestNode> {
    const node = new TestNode(options);
    await node.boot();
    return node;
  }

  async boot(): Promise<void> {
    this.runtime = await startPodRuntime({
      client: this.cluster,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      nodeName: 'node-1',
      dataDir: this.dataDir,
      images: defaultImages,
      environment: { KUBERNETES_SERVICE_HOST: '127.0.0.1' },
      ...this.#options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime[Symbol.asyncDispose]();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Creates a pod bound to this node; `sh -c script` unless the spec says otherwise. */
  async pod(name: string, script: string, spec: Partial<PodSpec> = {}, container: object = {}): Promise<Pod> {
    const main = { name: 'main', image: 'busybox', command: ['sh', '-c', script], ...container };
    const full = { nodeName: 'node-1', containers: [main], ...spec } as PodSpec;
    return await this.cluster.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'test' },
      spec: full,
    });
  }

  async until(name: string, holds: (pod: Pod) => boolean, timeoutMs = 15_000): Promise<Pod> {
    const ref = { namespace: 'test', name };
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const pod = await this.cluster.find<Pod>(pods, ref);
      if (pod && holds(pod)) return pod;
      if (Date.now() > deadline)
        throw new Error(`pod ${name} did not get there: ${JSON.stringify(pod?.status, null, 1)}`);
      await systemClock.sleep(5);
    }
  }

  phase(name: string, phase: string): Promise<Pod> {
    return this.until(name, (pod) => pod.status?.phase === phase);
  }

  async gone(name: string): Promise<void> {
    while (await this.cluster.find(pods, { namespace: 'test', name })) await systemClock.sleep(5);
  }

  /** `Reason message` of each event of a pod. */
  async events(name: string): Promise<string[]> {
    const { items } = await this.cluster.list(events);
    return items
      .filter((event) => event['involvedObject'].name === name)
      .map((event) => `${event['reason']} ${event['message']}`);
  }

  async logs(name: string, query = '', container = 'main'): Promise<{ status: number; text: string }> {
    const socket = await this.runtime.dial();
    return await new Promise((resolve, reject) => {
      const call = request(
        {
          path: `/containerLogs/test/${name}/${container}?${query}`,
          createConnection: () => socket,
        },
        (answer) => {
          let text = '';
          answer.on('data', (chunk) => (text += String(chunk)));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        },
      );
      call.on('error', reject);
      call.end();
    });
  }

  dial(): Promise<Duplex> {
    return this.runtime.dial();
  }
}
