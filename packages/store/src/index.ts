// store: a revisioned, durable key space. Open it with `openStore`.
export {
  type ByteEntry,
  type ByteRange,
  type ByteReader,
  type ByteSnapshot,
  type ByteStore,
  type ByteStoreOptions,
  type ByteTransaction,
  openByteStore,
} from './byte-store.ts';
export type { Change, Entry } from './entry.ts';
export { openStore } from './lmdb-store.ts';
export {
  CompactedError,
  type Committed,
  type Durability,
  type ListOptions,
  type Reader,
  type StopWatch,
  type Store,
  type StoreOptions,
  type Transaction,
} from './store.ts';
