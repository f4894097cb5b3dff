// First: a ClusterServiceVersion that goes takes along what lies outside of its namespace. Definitions stay, with all
// objects of their kinds.
import type { Step } from '@pergola/controller-kit';
import type { CsvRun } from './csv-run.ts';

export const cleanupFinalizer = 'operators.coreos.com/csv-cleanup';

export const deletion: Step<CsvRun> = {
  name: 'deletion',
  async run(run) {
    const { finalizers = [], deletionTimestamp } = run.csv.metadata;
    const isHeld = finalizers.includes(cleanupFinalizer);
    if (deletionTimestamp === undefined) {
      if (isHeld) return undefined;
      await run.patchMetadata({ finalizers: [...finalizers, cleanupFinalizer] });
      return 'stop';
    }
    if (!isHeld) return 'stop';
    await run.deleteOwned();
    await run.patchMetadata({ finalizers: finalizers.filter((each) => each !== cleanupFinalizer) });
    return 'stop';
  },
};
