// Opens the store: reads what the journal holds, and puts the parts together.
import { mkdir, readdir } from 'node:fs/promises';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { BlockLoader } from './files/block-loader.ts';
import type { LogStore, LogStoreOptions } from './contract.ts';
import { type Disk, hastyDisk, realDisk } from './files/disk.ts';
import { GroupDirectory, isGroupKey } from './groups/group-directory.ts';
import { GroupFiles } from './groups/group-files.ts';
import { Journal, type JournalFile } from './journal/journal.ts';
import { replayJournal } from './journal/journal-replay.ts';
import { Leases } from './groups/leases.ts';
import { SegmentedLogStore } from './log-store.ts';
import { QueryScan } from './scan/query-scan.ts';
import { Upkeep, type UpkeepLimits } from './groups/upkeep.ts';

/** Sizes, so that tests see upkeep at work with few events. */
export interface StoreLimits extends UpkeepLimits {
  readonly journalFileBytes: number;
  /** Groups that are kept open although nobody uses them. */
  readonly openGroups: number;
  /** Message bytes that a query may scan in the main thread. */
  readonly queryBytesHere: number;
}

const MiB = 1024 * 1024;

export const usualLimits: StoreLimits = {
  journalFileBytes: 16 * MiB,
  openGroups: 512,
  queryBytesHere: 8 * MiB,
  closedFiles: 3,
  closedFilesToWait: 16,
  groupBytesInJournal: 16 * MiB,
  groupBatchesInJournal: 20_000,
  mergedBytesMax: 16 * MiB,
  packedBytesMax: 64 * MiB,
  plainBytesMax: 512 * MiB,
};

/** Opens the store in `options.path`, which one process at a time may do. Groups are read when they are asked for. */
export function openLogStore(options: LogStoreOptions): Promise<LogStore> {
  return openWithLimits(options, usualLimits);
}

export async function openWithLimits(
  options: LogStoreOptions,
  limits: StoreLimits,
  disk: Disk = options.durability === 'durable' ? realDisk : hastyDisk,
): Promise<LogStore> {
  const { path: folder, clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  const folders = new Set(names.filter(isGroupKey));
  const { remnants, ...replay } = await replayJournal(folder, names, logger);
  const { openGroups, journalFileBytes: fileBytesMax } = limits;
  const leases = new Leases();
  const loader = new BlockLoader(logger);
  const directory = new GroupDirectory({ folder, logger, leases, remnants, folders, openGroups });
  const deleted = new Map<string, JournalFile | undefined>(replay.deleted);
  const onBegun = () => upkeep.afterBegun();
  const journal = new Journal({ folder, disk, random, logger, fileBytesMax, onBegun }, replay.files);
  const files = new GroupFiles({ directory, loader, leases, disk, random });
  const upkeep = new Upkeep({ directory, journal, leases, files, clock, logger, deleted, limits });
  const queries = new QueryScan({
    directory,
    loader,
    leases,
    clock,
    logger,
    bytesHereMax: limits.queryBytesHere,
  });
  return new SegmentedLogStore({
    directory,
    journal,
    loader,
    leases,
    upkeep,
    queries,
    deleted,
    clock,
    logger,
  });
}
