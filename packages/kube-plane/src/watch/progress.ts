// How far the watches of a store have been served. A read may already see a commit whose changes are still on
// their way, so a bookmark must not name the store's revision but this one.
import type { Store } from '@pergola/store';

export interface WatchProgress {
  /** Every change up to this revision has been delivered to every watch. */
  revision(): number;
  stop(): void;
}

export function trackProgress(store: Store): WatchProgress {
  let published = store.revision();
  // Registered before any other watch, so the number moves first. All keys count: a bookmark that moves on while
  // others write spares a quiet watch from falling out of the history.
  const stop = store.watch('', published, (changes) => {
    published = changes.at(-1)?.revision ?? published;
  });
  return { revision: () => published, stop };
}
