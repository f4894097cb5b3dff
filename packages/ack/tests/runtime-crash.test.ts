// The controller ends between any two calls, to AWS and to Kubernetes, and starts again: the resource comes to where it
// shall be, made once, and goes when it shall go.
import type { KubeClient } from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { thingKind } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster([thingKind()]);
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Everything that the controller does, counted; at `deathAt` it dies: before the act, or right after it. */
class Fate {
  count = 0;
  readonly deathAt: number;
  readonly after: boolean;
  readonly died: Promise<void>;
  #die: () => void = () => {};
  #isDead = false;

  constructor(deathAt: number, after: boolean) {
    this.deathAt = deathAt;
    this.after = after;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  /** A dead process neither acts nor learns of an answer. */
  async act<T>(deed: () => Promise<T>): Promise<T> {
    const isLast = this.count++ === this.deathAt;
    if (this.#isDead || (isLast && !this.after)) return this.#end();
    const result = await deed();
    if (this.#isDead || isLast) return this.#end();
    return result;
  }

  #end(): never {
    this.#isDead = true;
    this.#die();
    throw new Error('the process has ended');
  }
}

function mortal(client: KubeClient, fate: Fate): KubeClient {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return name === 'patch' ? (...args: unknown[]) => fate.act(() => method(...args)) : method;
    },
  });
}

/** Runs an operator that dies at that act. False when it lived until `isDone`. */
async function liveUntil(fate: Fate, isDone: () => Promise<boolean>): Promise<boolean> {
  const { aws, client } = cluster;
  const operator = await cluster.operator({
    client: mortal(client, fate),
    callAws: (target, call) => fate.act(() => aws.call(target, call)),
    driftCheckMs: 3_600_000,
  });
  let hasDied = false;
  void fate.died.then(() => {
    hasDied = true;
    return undefined;
  });
  await eventually(async () => hasDied || (await isDone())).toBe(true);
  await operator[Symbol.asyncDispose]();
  return hasDied;
}

const isSynced = async (name: string) =>
  (await cluster.conditions(name))['ACK.ResourceSynced']?.status === 'True' &&
  cluster.aws.things.get(name)?.size === (await cluster.get(name))?.['spec'].size;

for (const isSlow of [false, true]) {
  for (const after of [false, true]) {
    test(`dying ${after ? 'after' : 'before'} any act, where AWS takes ${isSlow ? 'its time' : 'none'}`, async () => {
      cluster.aws.isSlow = isSlow;
      let deaths = 0;
      for (let deathAt = 0; ; deathAt++) {
        const name = `crash-${isSlow}-${after}-${deathAt}`;
        const creations = () =>
          cluster.aws.calls.filter(
            ({ operation, input }) => operation === 'CreateThing' && input['Name'] === name,
          );
        await cluster.apply(name, { name, size: 1 });
        const diedCreating = await liveUntil(new Fate(deathAt, after), () => isSynced(name));
        await liveUntil(new Fate(Number.POSITIVE_INFINITY, false), () => isSynced(name));
        expect(creations().length).toBe(1);

        await cluster.patchSpec(name, { size: 2 });
        const diedUpdating = await liveUntil(new Fate(deathAt, after), () => isSynced(name));
        await liveUntil(new Fate(Number.POSITIVE_INFINITY, false), () => isSynced(name));

        await cluster.client.delete(cluster.type, { name, namespace });
        const isGone = async () => (await cluster.get(name)) === undefined;
        const diedDeleting = await liveUntil(new Fate(deathAt, after), isGone);
        await liveUntil(new Fate(Number.POSITIVE_INFINITY, false), isGone);
        expect(cluster.aws.things.has(name)).toBe(false);
        expect(creations().length).toBe(1);
        if (!diedCreating && !diedUpdating && !diedDeleting) break;
        deaths++;
      }
      // Fewer would mean that the acts are not seen.
      expect(deaths).toBeGreaterThan(4);
    });
  }
}
