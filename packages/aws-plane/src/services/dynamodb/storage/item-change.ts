// What happens to one item: what it was, what it is, and when.
import type { StoredItem } from './item-record.ts';

export interface Change {
  /** The item's key in the storage. */
  readonly key: Buffer;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  readonly atMs: number;
  /** The item goes because its time has come. */
  readonly expired?: boolean | undefined;
}
