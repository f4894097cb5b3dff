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
  const { source, filter, shape, fetches, limit } = request;
  const { index } = source;
  const consistency = request.consistent ? 'strong' : 'eventual';
  const items: Item[] = [];
  let [count, scanned, size, fetched] = [0, 0, 0, 0];
  let last: Item | undefined;
  let full = false;
  for (const { value } of bytes.range(request)) {
    const stored = decodeEntry(bytes, source, value);
    if (!stored) continue;
    const entryBytes = index ? projectedBytes(index, stored) : stored.bytes;
    full = scanned > 0 && size + entryBytes > PAGE_BYTES_MAX;
    if (full) break;
    size += entryBytes;
    scanned += 1;
    last = stored.item;
    if (fetches) fetched += readUnits(stored.bytes, consistency);
    const seen = index && !fetches ? index.project(stored.item) : stored.item;
    if (!filter || filter.test(seen)) {
      count += 1;
      if (shape) items.push(shape(seen));
    }
    full = scanned >= limit;
    if (full) break;
  }
  const units = new Map([[index?.name ?? '', readUnits(size, consistency)]]);
  if (index) units.set('', fetched);
  return { items, count, scanned, lastKey: full ? keysOf(source, last) : undefined, units };
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
