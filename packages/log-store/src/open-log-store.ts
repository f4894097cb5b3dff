// Opens the store: reads what the journal holds, and puts the parts together.
import { mkdir } from 'node:fs/promises';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { BlockLoader } from './block-loader.ts';
import type { LogStore, LogStoreOptions } from './contract.ts';
import { hastyDisk, realDisk } from './disk.ts';
import { GroupDirectory } from './group-directory.ts';
import { Journal, type JournalFile } from './journal.ts';
import { replayJournal } from './journal-replay.ts';
import { Leases } from './leases.ts';
import { SegmentedLogStore } from './log-store.ts';
import { QueryScan } from './query-scan.ts';
import { Upkeep } from './upkeep.ts';

const JOURNAL_FILE_BYTES_MAX = 32 * 1024 * 1024;

/** Opens the store in `options.path`, which one process at a time may do. Groups are read when they are asked for. */
export async function openLogStore(options: LogStoreOptions): Promise<LogStore> {
  const { path: folder, clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const disk = options.durability === 'durable' ? realDisk : hastyDisk;
  const replay = await replayJournal(folder, logger);
  const directory = new GroupDirectory(folder, logger, replay.remnants);
  const loader = new BlockLoader(logger);
  const leases = new Leases();
  const deleted = new Map<string, JournalFile | undefined>(replay.deleted);
  const journal = new Journal(
    {
      folder,
      disk,
      random,
      logger,
      fileBytesMax: JOURNAL_FILE_BYTES_MAX,
      onRolled: () => upkeep.afterRoll(),
    },
    replay.files,
  );
  const upkeep = new Upkeep({ folder, directory, journal, loader, leases, disk, random, logger, deleted });
  const queries = new QueryScan({ directory, loader, leases, clock });
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
