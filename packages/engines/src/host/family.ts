// The parts of a host: one for databases, one for caches. Each keeps its own folder, snapshots included.
import type { EngineHost, EngineVersion } from '../contract.ts';

/** What both parts do; a snapshot that a part does not have is none of its business, and nothing is done. */
interface Family extends AsyncDisposable {
  versions(): readonly EngineVersion[];
  removeSnapshot(snapshotId: string): Promise<void>;
  /** False when the part has no such snapshot. */
  copySnapshot(from: string, to: string): Promise<boolean>;
}

export type DatabaseFamily = Family & Pick<EngineHost, 'createDatabase' | 'restoreDatabase' | 'openDatabase'>;

export type CacheFamily = Family & Pick<EngineHost, 'createCache' | 'openCache'>;
