// One page of a Query or Scan: items in the order of their keys, until the limit or a mebibyte.
import { type Condition, type Item, readUnits } from '@pergola/item-language';
import type { ByteStore } from '@pergola/store';
import type { Units } from '../items/capacity.ts';
import { projectedBytes } from '../storage/change.ts';
import { decodeItem, type StoredItem } from '../storage/item-record.ts';
import type { Source } from './source.ts';

const PAGE_BYTES_MAX = 1_048_576;

export interface PageRequest {
  readonly source: Source;
  readonly from: Buffer;
  readonly to: Buffer;
  readonly reverse: boolean;
  readonly limit: number;
  readonly filter: Condition | undefined;
  /** What of an item is handed out; undefined counts only. */
  readonly shape: ((item: Item) => Item) | undefined;
  /** Items are read from the table too, for what a local index does not hold. */
  readonly fetches: boolean;
  readonly consistent: boolean;
}

export interface Page {
  readonly items: readonly Item[];
  readonly count: number;
  readonly scanned: number;
  /** Where the next page begins; undefined at the end. */
  readonly lastKey: Item | undefined;
  readonly units: Units;
}

export function readPage(bytes: ByteStore, request: PageRequest): Page {
  const reading = new Reading(request);
  for (const { value } of bytes.range(request)) {
    const stored = decodeEntry(bytes, request.source, value);
    if (stored && !reading.take(stored)) break;
  }
  return reading.page();
}

/** What has been read of a page so far. */
class Reading {
  readonly #request: PageRequest;
  readonly #items: Item[] = [];
  #count = 0;
  #scanned = 0;
  #bytes = 0;
  /** Units for items that are read from the table beside the index. */
  #fetched = 0;
  #last: Item | undefined;
  #full = false;

  constructor(request: PageRequest) {
    this.#request = request;
  }

  /** False when the page ends: before this item, if it does not fit any more, or behind it. */
  take(stored: StoredItem): boolean {
    const { source, fetches, limit } = this.#request;
    const { index } = source;
    const bytes = index ? projectedBytes(index, stored) : stored.bytes;
    this.#full = this.#scanned > 0 && this.#bytes + bytes > PAGE_BYTES_MAX;
    if (this.#full) return false;
    this.#bytes += bytes;
    this.#scanned += 1;
    this.#last = stored.item;
    if (fetches) this.#fetched += readUnits(stored.bytes, this.#consistency);
    this.#select(index && !fetches ? index.project(stored.item) : stored.item);
    this.#full = this.#scanned >= limit;
    return !this.#full;
  }

  #select(seen: Item): void {
    const { filter, shape } = this.#request;
    if (filter && !filter.test(seen)) return;
    this.#count += 1;
    if (shape) this.#items.push(shape(seen));
  }

  get #consistency(): 'strong' | 'eventual' {
    return this.#request.consistent ? 'strong' : 'eventual';
  }

  page(): Page {
    const { source } = this.#request;
    const units = new Map([[source.index?.name ?? '', readUnits(this.#bytes, this.#consistency)]]);
    if (source.index) units.set('', this.#fetched);
    return {
      items: this.#items,
      count: this.#count,
      scanned: this.#scanned,
      lastKey: this.#full ? keysOf(source, this.#last) : undefined,
      units,
    };
  }
}

/** An index's entry names its item, which is read in the same turn and so of the same time. */
function decodeEntry(bytes: ByteStore, { index }: Source, value: Buffer): StoredItem | undefined {
  if (!index) return decodeItem(value);
  const record = bytes.get(value);
  return record && decodeItem(record);
}

function keysOf({ keyNames }: Source, item: Item | undefined): Item | undefined {
  return item && Object.fromEntries(keyNames.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}
