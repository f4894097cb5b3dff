// The first events in the direction of reading, out of blocks that are looked at one by one: as many as a page holds.
import type { Place, ReadRequest, StoredEvent } from './contract.ts';
import { eventAt, type LoadedBlock, messageBytesAt } from './files/loaded-block.ts';

/** Below zero when `left` is read before `right`. */
export function comparePlaces(left: Place, right: Place, direction: ReadRequest['direction']): number {
  const forward = left.timestampMs - right.timestampMs || left.sequence - right.sequence;
  return direction === 'forward' ? forward : -forward;
}

type Limits = Pick<ReadRequest, 'direction' | 'limitEvents' | 'limitBytes'>;

interface Kept {
  readonly event: StoredEvent;
  readonly bytes: number;
}

/** Keeps the page's events and nothing else, so that memory does not grow with what is looked at. */
export class Selection {
  readonly #limits: Limits;
  #kept: Kept[] = [];
  #cut = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get events(): StoredEvent[] {
    return this.#kept.map(({ event }) => event);
  }

  /** True when an event had to be left out. */
  get cut(): boolean {
    return this.#cut;
  }

  /** The last place on the page once something had to be left out: what lies behind it is of no interest. */
  get border(): Place | undefined {
    return this.#cut ? this.#kept.at(-1)?.event : undefined;
  }

  /** Takes events of `block` by their indices, which stand in the order of reading. */
  offer(block: LoadedBlock, indices: readonly number[]): void {
    const fresh: Kept[] = [];
    let bytes = 0;
    for (const index of indices) {
      if (this.#isBehind(block, index)) break;
      const size = messageBytesAt(block, index);
      fresh.push({ event: eventAt(block, index), bytes: size });
      bytes += size;
      // Beyond the limits by one event shows that something was left out. The first is kept however long it is.
      const isOver = fresh.length > this.#limits.limitEvents || bytes > this.#limits.limitBytes;
      if (isOver && fresh.length > 1) break;
    }
    this.#kept = this.#cutToLimits(this.#merge(fresh));
  }

  #isBehind(block: LoadedBlock, index: number): boolean {
    if (!this.border) return false;
    const place = { timestampMs: block.timestampsMs[index] ?? 0, sequence: block.firstSequence + index };
    return comparePlaces(place, this.border, this.#limits.direction) > 0;
  }

  #merge(fresh: Kept[]): Kept[] {
    const last = this.#kept.at(-1);
    const first = fresh[0];
    if (!last || !first || comparePlaces(last.event, first.event, this.#limits.direction) < 0) {
      return [...this.#kept, ...fresh];
    }
    return [...this.#kept, ...fresh].sort((left, right) =>
      comparePlaces(left.event, right.event, this.#limits.direction),
    );
  }

  #cutToLimits(merged: Kept[]): Kept[] {
    let bytes = 0;
    for (const [index, kept] of merged.entries()) {
      bytes += kept.bytes;
      if (index > 0 && (index >= this.#limits.limitEvents || bytes > this.#limits.limitBytes)) {
        this.#cut = true;
        return merged.slice(0, index);
      }
    }
    return merged;
  }
}
