// What a cache is given by the family that makes it.
import type { EngineHostOptions } from '../host/options.ts';
import type { Places } from '../place/places.ts';

export interface CacheSurroundings
  extends Pick<EngineHostOptions, 'clock' | 'random' | 'logger' | 'certify'> {
  readonly places: Places;
  /** The cache's own folder. */
  readonly folder: string;
  readonly snapshotPath: (snapshotId: string) => string;
  readonly onRemoved: () => void;
}
