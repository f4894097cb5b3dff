// Keeps a sink equal to a collection on the server: initial state, then changes, for as long as it lives.
// Follows client-go's reflector: WatchList first, list and watch where the server refuses it, resume from
// the last version after a break, and start over when that version is gone (410).
import type { Clock, Logger, Random } from '@pergola/kernel';
import type { KubeClient, KubeResource, ListQuery, ResourceType } from './client.ts';
import { keyOf } from './object-cache.ts';
import { hasCode } from './status-error.ts';

const backoffFirstMs = 200;
const backoffLastMs = 30_000;
/** A server that ignores `sendInitialEvents` never sends the closing bookmark; after this long we list instead. */
const initialEventsTimeoutMs = 10_000;
const shortWatchMs = 1_000;
const initialEventsEnd = 'k8s.io/initial-events-end';

/** Receives the collection's state, one whole snapshot first. */
export interface ReflectorSink<T> {
  replace(objects: readonly T[]): void;
  set(object: T): void;
  remove(object: T): void;
}

export interface ReflectorOptions {
  readonly client: KubeClient;
  readonly type: ResourceType;
  readonly query: Omit<ListQuery, 'resourceVersion'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export class Reflector<T extends KubeResource> {
  readonly #options: ReflectorOptions;
  readonly #sink: ReflectorSink<T>;
  readonly #stop = new AbortController();
  #watch = new AbortController();
  /** The version up to which the sink is current; undefined before the first snapshot and after a 410. */
  #version: string | undefined;
  #listed = false;
  #watchList = true;
  #failures = 0;

  constructor(options: ReflectorOptions, sink: ReflectorSink<T>) {
    this.#options = options;
    this.#sink = sink;
  }

  /** Runs until `stop`. Never throws: failures are logged and retried. */
  async run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stop.signal.aborted) {
      const startedMs = clock.monotonicMs();
      try {
        const eventCount = await this.#round();
        if (eventCount > 0 || clock.monotonicMs() - startedMs > shortWatchMs) {
          this.#failures = 0;
          continue;
        }
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (this.#absorb(error)) continue;
      }
      await this.#pause();
    }
  }

  stop(): void {
    this.#stop.abort(new Error('the informer was closed'));
    this.#watch.abort(new Error('the informer was closed'));
  }

  /** One snapshot where needed and one watch. Returns how many events came. */
  async #round(): Promise<number> {
    if (this.#version === undefined && !this.#watchList) await this.#list();
    return this.#watchOnce();
  }

  async #list(): Promise<void> {
    const { client, type, query } = this.#options;
    // Any version will do the first time; after a 410 only the newest is sure to be newer than ours.
    const list = await client.list<T>(type, { ...query, resourceVersion: this.#listed ? '' : '0' });
    this.#listed = true;
    this.#sink.replace(list.items);
    this.#version = list.metadata.resourceVersion ?? '';
  }

  async #watchOnce(): Promise<number> {
    const { client, clock, type, query } = this.#options;
    this.#watch = new AbortController();
    if (this.#stop.signal.aborted) return 0;
    const initial = this.#version === undefined ? new Map<string, T>() : undefined;
    const timer = clock.after(initialEventsTimeoutMs, () => {
      if (initial !== undefined && this.#version === undefined) this.#giveUpWatchList();
    });
    let eventCount = 0;
    try {
      const events = client.watch<T>(
        type,
        { ...query, resourceVersion: this.#version ?? '', sendInitialEvents: initial !== undefined },
        this.#watch.signal,
      );
      for await (const event of events) {
        eventCount++;
        if (initial && this.#version === undefined) this.#collect(initial, event);
        else this.#apply(event);
      }
    } finally {
      timer.cancel();
    }
    return eventCount;
  }

  #collect(initial: Map<string, T>, event: { type: string; object: T }): void {
    const { metadata } = event.object;
    if (event.type === 'BOOKMARK') {
      if (metadata.annotations?.[initialEventsEnd] !== 'true') return;
      this.#sink.replace([...initial.values()]);
      initial.clear();
      this.#version = metadata.resourceVersion ?? '';
    } else if (event.type === 'DELETED') initial.delete(keyOf(metadata));
    else initial.set(keyOf(metadata), event.object);
  }

  #apply(event: { type: string; object: T }): void {
    if (event.type === 'DELETED') this.#sink.remove(event.object);
    else if (event.type !== 'BOOKMARK') this.#sink.set(event.object);
    this.#version = event.object.metadata.resourceVersion ?? this.#version;
  }

  #giveUpWatchList(): void {
    this.#watchList = false;
    this.#watch.abort(new Error('the server sent no end of the initial events'));
  }

  /** True when the error only asks for another way and the next round may start at once. */
  #absorb(error: unknown): boolean {
    const { logger, type } = this.#options;
    const streaming = this.#version === undefined && this.#watchList;
    if (streaming && (hasCode(error, 422) || hasCode(error, 400))) {
      this.#watchList = false;
      return true;
    }
    if (this.#version === undefined && this.#watch.signal.aborted) return true;
    if (hasCode(error, 410)) {
      this.#version = undefined;
      // A server that always answers 410 must not be asked in a tight loop.
      return this.#failures++ === 0;
    }
    const because = error instanceof Error ? error.message : String(error);
    // Before the first snapshot somebody is waiting and should learn why.
    const level = this.#version === undefined ? 'warn' : 'debug';
    logger[level]({ resource: type.plural, because }, 'cannot watch; trying again');
    return false;
  }

  async #pause(): Promise<void> {
    const { clock, random } = this.#options;
    const delayMs = Math.min(backoffLastMs, backoffFirstMs * 2 ** Math.min(this.#failures, 20));
    this.#failures++;
    try {
      await clock.sleep(delayMs * (1 + random.fraction()), this.#stop.signal);
    } catch {
      // Stopped while waiting: the loop ends by itself.
    }
  }
}
