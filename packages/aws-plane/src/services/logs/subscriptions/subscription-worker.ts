// Delivers for one subscription filter. It walks the group's events in the order of their acceptance and remembers in
// the store how far it has come: nothing waits in memory, PutLogEvents waits for nothing, a restart loses nothing, and
// what failed is tried again until it succeeds, the events expire, or the filter goes. At least once, in order.
import { type FilterPattern, parseFilterPattern } from '@pergola/log-language';
import { assert } from '@pergola/kernel';
import type { LogStore, StoredEvent } from '@pergola/log-store';
import type { PlaneContext } from '../../../plane-context.ts';
import { type LogGroup, refOf } from '../state.ts';
import { findSubscription, putSubscription, type StoredSubscription } from './subscription-filter.ts';

/** For what comes at the same time: fewer and larger deliveries. */
const GATHER_MS = 200;
/** Events that are looked at, and characters that are gathered, before a delivery. */
const CHUNK_EVENTS = 10_000;
const CHUNK_CHARS = 1_048_576;
/** Others have a turn after so many. */
const TURN_EVENTS = 1_000;
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 300_000;

/** Brings matching events, in order, to where they belong. */
export type Deliver = (events: readonly StoredEvent[]) => Promise<void>;

export interface WorkerParts {
  readonly plane: PlaneContext;
  readonly events: LogStore;
  readonly group: LogGroup;
  readonly filter: StoredSubscription;
  readonly deliver: Deliver;
  /** The group's events before this one are there, as far as they have not expired. */
  readonly head?: number | undefined;
}

export class SubscriptionWorker {
  readonly #parts: WorkerParts;
  readonly #pattern: FilterPattern;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  /** Everything before it is done. */
  #next: number;
  /** Everything before it has been appended. */
  #head: number;
  #wake: (() => void) | undefined;
  #failures = 0;

  constructor(parts: WorkerParts) {
    const parsed = parseFilterPattern(parts.filter.pattern);
    assert(parsed.ok, 'the pattern of a filter is checked before it is kept');
    this.#parts = parts;
    this.#pattern = parsed.value;
    this.#next = parts.filter.next;
    this.#head = Math.max(parts.filter.next, parts.head ?? 0);
    this.#running = this.#run();
  }

  get head(): number {
    return this.#head;
  }

  /** Tells that the group has events up to `head`, exclusive. */
  appended(head: number): void {
    this.#head = Math.max(this.#head, head);
    this.#wake?.();
  }

  /** Stops; resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    // The first turn looks for what came while no worker ran.
    for (let more = true; !this.#stop.signal.aborted; ) {
      if (!more) await this.#appendedMore();
      await this.#pause(this.#failures === 0 ? GATHER_MS : this.#backoffMs());
      if (this.#stop.signal.aborted) return;
      more = await this.#attempt();
    }
  }

  #appendedMore(): Promise<void> {
    if (this.#head > this.#next || this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The sleep rejects only when the worker is told to stop. */
  #pause(delayMs: number): Promise<void> {
    return this.#parts.plane.clock.sleep(delayMs, this.#stop.signal).catch(() => undefined);
  }

  #backoffMs(): number {
    return Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** (this.#failures - 1));
  }

  /** True when there is more to do at once. */
  async #attempt(): Promise<boolean> {
    const { plane, group, filter } = this.#parts;
    try {
      const more = await this.#chunk();
      this.#failures = 0;
      return more;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1)
        plane.logger.warn(
          { error, group: group.name, filter: filter.name },
          'a subscription filter cannot deliver',
        );
      return true;
    }
  }

  async #chunk(): Promise<boolean> {
    const { matching, next, more } = await this.#gather();
    if (matching.length > 0) await this.#parts.deliver(matching);
    if (next > this.#next) await this.#remember(next);
    this.#next = next;
    return more;
  }

  async #gather() {
    const { events, group } = this.#parts;
    const matching: StoredEvent[] = [];
    const last = this.#next + CHUNK_EVENTS;
    let chars = 0;
    for (let next = this.#next; next < last && chars < CHUNK_CHARS; next++) {
      if ((next + 1) % TURN_EVENTS === 0) await this.#pause(0);
      const event = await events.event(refOf(group), next);
      // What has expired leaves holes; what is beyond the head and not there has not come yet.
      if (!event && next >= this.#head) return { matching, next, more: false };
      if (!event || !this.#pattern.matches(event.message)) continue;
      matching.push(event);
      chars += event.message.length;
      if (chars >= CHUNK_CHARS) return { matching, next: next + 1, more: true };
    }
    return { matching, next: last, more: true };
  }

  async #remember(next: number): Promise<void> {
    const { plane, group, filter } = this.#parts;
    await plane.store.transact((tx) => {
      const known = findSubscription(tx, group, filter.name);
      if (known?.revision === filter.revision) putSubscription(tx, group, { ...known, next });
    });
  }
}
