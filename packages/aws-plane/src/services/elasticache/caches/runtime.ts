// The engines of all caches while a plane runs: made, changed and ended in the background, one change of a cache at a time.
import { assert } from '@pergola/kernel';
import { type CacheEngine, EngineMissingError, type EngineHost, type EnginePlace } from '@pergola/engines';
import type { PlaneContext } from '../../../plane-context.ts';
import { addEvent } from '../events.ts';
import { faults } from '../faults.ts';
import { cacheKinds } from '../kinds.ts';
import type { CacheKind, StoredCache } from '../records.ts';
import { deleteRecord, everyRecord, type Home, readRecord, writeRecord } from '../state.ts';
import { dropAutomatic } from '../snapshots/automatic.ts';
import { layoutOf, settingsOf } from './settings.ts';
import { tokenCheckFor } from './token-logins.ts';

/** Where a cache is kept. `engineId` tells it from a later one of the same name. */
export interface CacheAt {
  readonly kind: CacheKind;
  readonly home: Home;
  readonly name: string;
  readonly engineId: string;
}

type Patch = Partial<StoredCache>;
/** A change of a running cache; what it gives is kept with the record. */
export type Change = (engine: CacheEngine, cache: StoredCache) => Promise<Patch>;

export function atOf(home: Home, { kind, name, engineId }: StoredCache): CacheAt {
  return { kind, home, name, engineId };
}

export class CacheRuntime {
  readonly #plane: PlaneContext;
  readonly #engines = new Map<string, CacheEngine>();
  readonly #turns = new Map<string, Promise<void>>();

  constructor(plane: PlaneContext) {
    this.#plane = plane;
  }

  /** The host, or the fault that says why there is no cache here. */
  hostFor(engine: string): EngineHost {
    const { engines } = this.#plane;
    if (!engines)
      throw faults.noCapacity('This endpoint runs without engines, so that no cache can be made.');
    if (!engines.versions().some((version) => version.engine === engine)) {
      throw faults.noCapacity(
        `This machine cannot run ${engine}: install the Debian package ${engine}, or use Redis or Valkey.`,
      );
    }
    return engines;
  }

  isUp({ engineId }: Pick<StoredCache, 'engineId'>): boolean {
    return this.#engines.get(engineId)?.isRunning === true;
  }

  find(at: CacheAt): StoredCache | undefined {
    const found = readRecord(this.#plane.store, cacheKinds[at.kind], at.home, at.name);
    return found?.engineId === at.engineId ? found : undefined;
  }

  /** Makes the engine of a cache that has just been written with the status `creating`. */
  create(at: CacheAt): void {
    void this.#run(at, async () => {
      const cache = this.find(at);
      if (!cache) return;
      try {
        const host = this.hostFor(cache.engine);
        const engine = await host.createCache(
          settingsOf(this.#plane.store, at.home, cache),
          cache.restoreFrom,
        );
        await this.#adopt(at, engine, cache);
      } catch (error) {
        await this.#fail(at, error, 'create-failed');
        return;
      }
      await this.patch(at, { status: 'available', restoreFrom: undefined }, createdText(cache));
    });
  }

  async #adopt(at: CacheAt, engine: CacheEngine, cache: StoredCache): Promise<void> {
    this.#engines.set(at.engineId, engine);
    await engine.setTokenCheck(tokenCheckFor(this.#plane, at));
    await this.patch(at, { places: placesOf(engine, cache) });
  }

  /** Changes a cache: its status is as written until the change is in force, then `available`. */
  change(at: CacheAt, change: Change, message?: string): void {
    void this.#run(at, async () => {
      const cache = this.find(at);
      const engine = this.#engines.get(at.engineId);
      if (!cache || cache.status === 'deleting') return;
      if (!engine) {
        await this.patch(at, { status: 'available' });
        return;
      }
      try {
        const patch = await change(engine, cache);
        const places = placesOf(engine, { ...cache, ...patch });
        await this.patch(at, { status: 'available', places, ...patch }, message);
      } catch (error) {
        await this.#fail(at, error, 'available');
      }
    });
  }

  /** Tells the engine something that does not show in the status. */
  tell(at: CacheAt, change: (engine: CacheEngine, cache: StoredCache) => Promise<void>): Promise<void> {
    return this.#run(at, async () => {
      const cache = this.find(at);
      const engine = this.#engines.get(at.engineId);
      if (cache && engine) await change(engine, cache);
    });
  }

  /** Ends a cache that has the status `deleting`; `before` runs while it still does. */
  delete(at: CacheAt, before?: (engine: CacheEngine, cache: StoredCache) => Promise<void>): void {
    void this.#run(at, async () => {
      const cache = this.find(at);
      if (!cache) return;
      const engine = this.#engines.get(at.engineId) ?? (await this.#open(at, cache));
      if (engine && before) {
        if (!engine.isRunning) await engine.start();
        await before(engine, cache);
      }
      await engine?.remove();
      this.#engines.delete(at.engineId);
      await dropAutomatic(this.#plane, at.home, cache, 0);
      await this.#plane.store.transact((tx) => {
        deleteRecord(tx, cacheKinds[at.kind], at.home, at.name);
        addEvent(this.#plane, tx, at.home, { noun: at.kind, name: at.name, message: 'Cache deleted' });
      });
    });
  }

  async #open(at: CacheAt, cache: StoredCache): Promise<CacheEngine | undefined> {
    return await this.#plane.engines?.openCache(settingsOf(this.#plane.store, at.home, cache));
  }

  /** Brings back what an earlier plane ran, and takes up what it was doing. */
  resume(): void {
    for (const kind of Object.values(cacheKinds)) {
      for (const { home, record } of everyRecord(this.#plane.store, kind)) {
        const at = atOf(home, record);
        if (record.status === 'creating') this.create(at);
        else if (record.status !== 'deleting') this.#bringBack(at);
      }
    }
  }

  #bringBack(at: CacheAt): void {
    void this.#run(at, async () => {
      const cache = this.find(at);
      if (!cache || !this.#plane.engines) return;
      try {
        const settings = settingsOf(this.#plane.store, at.home, cache);
        const found = await this.#plane.engines.openCache(settings);
        await found?.start();
        await this.#adopt(at, found ?? (await this.#plane.engines.createCache(settings)), cache);
      } catch (error) {
        await this.#fail(at, error, cache.status);
        return;
      }
      await this.patch(at, { status: 'available' });
    });
  }

  async patch(at: CacheAt, patch: Patch, message?: string): Promise<void> {
    await this.#plane.store.transact((tx) => {
      const found = readRecord(tx, cacheKinds[at.kind], at.home, at.name);
      if (found?.engineId !== at.engineId) return;
      // What is being deleted stays so, whatever ends meanwhile.
      const status = found.status === 'deleting' ? {} : { status: patch.status ?? found.status };
      writeRecord(tx, cacheKinds[at.kind], at.home, { ...found, ...patch, status: found.status, ...status });
      if (message !== undefined)
        addEvent(this.#plane, tx, at.home, { noun: at.kind, name: at.name, message });
    });
  }

  async #fail(at: CacheAt, error: unknown, status: string): Promise<void> {
    const missing = error instanceof EngineMissingError;
    this.#plane.logger[missing ? 'warn' : 'error']({ error, cache: at.name }, 'a cache could not be changed');
    const why = error instanceof Error ? error.message : String(error);
    await this.patch(at, { status }, `The change of the cache failed: ${why}`);
  }

  /** One after another for each cache. Whoever gave the task hears of failures through the record. */
  #run(at: CacheAt, task: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(at.engineId) ?? Promise.resolve();
    const done = before.then(task).catch((error: unknown) => {
      if (!this.#plane.closing.aborted) {
        this.#plane.logger.error({ error, cache: at.name }, 'work on a cache failed');
      }
    });
    const last = done.finally(() => {
      if (this.#turns.get(at.engineId) === last) this.#turns.delete(at.engineId);
    });
    this.#turns.set(at.engineId, last);
    return last;
  }

  /** Waits for what is under way. */
  async settle(): Promise<void> {
    while (this.#turns.size > 0) await Promise.all(this.#turns.values());
  }
}

function createdText({ kind }: StoredCache): string {
  return kind === 'cluster' ? 'Cache cluster created' : 'Cache created';
}

function placesOf(engine: CacheEngine, cache: StoredCache): Record<string, EnginePlace> {
  const { doors, shards } = layoutOf(cache);
  const names = [...doors, ...shards.flatMap(({ nodes }) => nodes)];
  return Object.fromEntries(
    names.flatMap((name) => {
      const place = engine.placeOf(name);
      return place ? [[name, { host: place.host, port: place.port }]] : [];
    }),
  );
}

const opened = new WeakMap<PlaneContext, CacheRuntime>();

/** What was opened for `plane` by `openCaches`. */
export function cachesOf(plane: PlaneContext): CacheRuntime {
  const runtime = opened.get(plane);
  assert(runtime, 'ElastiCache has been started');
  return runtime;
}

/** Takes up the caches of earlier runs; the boot does not wait for them. */
export function openCaches(plane: PlaneContext): CacheRuntime {
  const runtime = new CacheRuntime(plane);
  opened.set(plane, runtime);
  plane.disposal.defer(() => runtime.settle());
  runtime.resume();
  return runtime;
}
