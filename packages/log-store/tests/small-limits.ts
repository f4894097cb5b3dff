// So small that files of the journal are retired, and segments merged and packed, all the time.
import type { StoreLimits } from '../src/open-log-store.ts';

export const smallLimits: StoreLimits = {
  journalFileBytes: 1_500,
  openGroups: 1,
  queryBytesHere: 300,
  closedFiles: 1,
  closedFilesToWait: 3,
  groupBytesInJournal: 600,
  groupBatchesInJournal: 8,
  mergedBytesMax: 2_000,
  packedBytesMax: 3_000,
  plainBytesMax: 2_500,
};
