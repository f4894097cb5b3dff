// What an earlier run has left in the journal, group by group, until somebody asks for the group.
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { PlacedBatch } from '../files/batch-run.ts';
import { type Control, decodeControl } from './control-frame.ts';
import { decodeHead } from './event-frame.ts';
import { frameKinds, kindOf } from '../files/frame.ts';
import { type JournalFile, journalNumber } from './journal.ts';
import { scanFrames } from './journal-scan.ts';

/** Something of one group, in the order in which it was written. */
export type Remnant =
  | { readonly file: JournalFile; readonly batch: PlacedBatch }
  | { readonly file: JournalFile; readonly control: Control };

export interface Replay {
  readonly files: JournalFile[];
  readonly remnants: Map<string, Remnant[]>;
  /** Groups that were deleted; each with the last journal file that says so. */
  readonly deleted: Map<string, JournalFile>;
}

/** Reads the journal files among `names` in `folder`. Damage is logged and passed over, a torn end is left out. */
export async function replayJournal(
  folder: string,
  names: readonly string[],
  logger: Logger,
): Promise<Replay> {
  const replay: Replay = { files: [], remnants: new Map(), deleted: new Map() };
  const numbers = names.flatMap((name) => {
    const number = journalNumber(name);
    return number === undefined ? [] : [{ name, number }];
  });
  for (const { name, number } of numbers.sort((left, right) => left.number - right.number)) {
    await replayFile({ path: join(folder, name), number }, replay, logger);
  }
  return replay;
}

async function replayFile(
  { path, number }: { path: string; number: number },
  replay: Replay,
  logger: Logger,
): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const file = { path, number, salt: 0, sizeBytes: size, holders: new Map<string, number>() };
    const found: Remnant[] = [];
    const outcome = await scanFrames(handle, (frame, offset) => {
      found.push(remnantOf(frame, offset, file));
    });
    if (outcome.salt === undefined) {
      await setAside(path, size, logger);
      return;
    }
    file.salt = outcome.salt;
    file.sizeBytes = outcome.wholeBytes;
    if (outcome.damagedBytes > 0) {
      logger.error({ path, damagedBytes: outcome.damagedBytes }, 'damaged log events are passed over');
    }
    for (const remnant of found) remember(replay, remnant);
    replay.files.push(file);
  } finally {
    await handle.close();
  }
}

function remnantOf(frame: Buffer, offset: number, file: JournalFile): Remnant {
  if (kindOf(frame) === frameKinds.control) return { file, control: decodeControl(frame) };
  return { file, batch: { head: decodeHead(frame), offset, length: frame.length } };
}

function remember({ remnants, deleted }: Replay, remnant: Remnant): void {
  const key = 'batch' in remnant ? remnant.batch.head.key : remnant.control.key;
  if ('control' in remnant && remnant.control.what === 'delete-group') {
    remnants.delete(key);
    deleted.set(key, remnant.file);
  } else if (!deleted.has(key)) {
    const list = remnants.get(key) ?? [];
    list.push(remnant);
    remnants.set(key, list);
    remnant.file.holders.set(key, 0);
  }
}

/** A file that was being made when the process ended goes; one that held something is kept for people to look at. */
async function setAside(path: string, sizeBytes: number, logger: Logger): Promise<void> {
  if (sizeBytes < 64) {
    await rm(path, { force: true });
    return;
  }
  logger.error({ path, sizeBytes }, 'a journal file is damaged at its beginning and was set aside');
  await rename(path, `${path}.damaged`);
}
