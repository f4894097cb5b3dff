import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, silentLogger } from '@pergola/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, realDisk, type WritableFile } from '../files/disk.ts';
import { frameKinds, frameOf, sealFrame } from '../files/frame.ts';
import { AppendError, type Entry, Journal } from './journal.ts';
import { replayJournal } from './journal-replay.ts';
import { encodeControl } from './control-frame.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Fault = 'write' | 'sync' | 'truncate';

/** A disk that fails as `faults` say, one by one, and counts its syncs. */
function faultyDisk(faults: Set<Fault>) {
  const counts = { syncs: 0 };
  const failure = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const wrap = (file: WritableFile): WritableFile => ({
    async write(parts, position) {
      if (!faults.has('write')) return file.write(parts, position);
      // As a real disk does, it takes a part before it refuses.
      await file.write([Buffer.concat(parts).subarray(0, 10)], position);
      throw failure();
    },
    sync() {
      counts.syncs++;
      return faults.has('sync') ? Promise.reject(failure()) : file.sync();
    },
    truncate: (size) => (faults.has('truncate') ? Promise.reject(failure()) : file.truncate(size)),
    close: () => file.close(),
  });
  const disk: Disk = { ...realDisk, openFile: async (path) => wrap(await realDisk.openFile(path)) };
  return { disk, counts };
}

function open(disk: Disk, fileBytesMax = 1_000_000): Journal {
  const onBegun = () => {};
  return new Journal(
    { folder, disk, random: seededRandom(), logger: silentLogger, fileBytesMax, onBegun },
    [],
  );
}

/** An entry that says `key`, and notes where it was placed. */
function entry(key: string, placed: string[]): Entry {
  return {
    ...encodeControl({ what: 'delete-group', key }),
    placed: (file, offset) => placed.push(`${key}@${file.number}:${offset > 0}`),
  };
}

async function keysOnDisk(): Promise<string[]> {
  const { deleted } = await replayJournal(folder, readdirSync(folder), silentLogger);
  return [...deleted.keys()];
}

describe('the journal', () => {
  it('waits once for all who append together, and keeps their order', async () => {
    const { disk, counts } = faultyDisk(new Set());
    const journal = open(disk);
    const placed: string[] = [];
    await journal.append(entry('first', placed));
    const before = counts.syncs;
    const keys = Array.from({ length: 50 }, (_, n) => `k${n}`);
    await Promise.all(keys.map((key) => journal.append(entry(key, placed))));
    expect(counts.syncs - before).toBe(1);
    expect(placed).toEqual(['first', ...keys].map((key) => `${key}@1:true`));
    await journal.close();
    expect(await keysOnDisk()).toEqual(['first', ...keys]);
  });

  it.each<Fault>(['write', 'sync'])(
    'refuses an append when the disk fails to %s, and takes later ones',
    async (fault) => {
      const faults = new Set<Fault>();
      const journal = open(faultyDisk(faults).disk);
      const placed: string[] = [];
      await journal.append(entry('before', placed));
      faults.add(fault);
      const refused = journal.append(entry('refused', placed));
      await expect(refused).rejects.toThrow(AppendError);
      await expect(refused).rejects.toMatchObject({ code: 'ENOSPC' });
      faults.clear();
      await journal.append(entry('after', placed));
      await journal.close();
      expect(placed.map((text) => text.split('@')[0])).toEqual(['before', 'after']);
      expect(await keysOnDisk()).toEqual(['before', 'after']);
    },
  );

  it('gives a file up that it can neither write nor mend', async () => {
    const faults = new Set<Fault>();
    const journal = open(faultyDisk(faults).disk);
    const placed: string[] = [];
    await journal.append(entry('before', placed));
    faults.add('write').add('truncate');
    await expect(journal.append(entry('refused', placed))).rejects.toThrow(AppendError);
    faults.clear();
    await journal.append(entry('after', placed));
    await journal.close();
    expect(placed).toEqual(['before@1:true', 'after@2:true']);
    expect(await keysOnDisk()).toEqual(['before', 'after']);
  });

  it('begins another file when one is long', async () => {
    const journal = open(realDisk, 200);
    for (let n = 0; n < 10; n++) await journal.append(entry(`k${n}`, []));
    expect(journal.files.length).toBeGreaterThan(2);
    await journal.close();
    expect(await keysOnDisk()).toEqual(Array.from({ length: 10 }, (_, n) => `k${n}`));
    await expect(journal.append(entry('late', []))).rejects.toThrow('closed');
  });

  it('takes no message for a frame where a file is damaged', async () => {
    const journal = open(realDisk);
    const forged = frameOf(frameKinds.control, Buffer.from('{"what":"delete-group","key":"forged"}'), 12_345);
    const carrier = frameOf(frameKinds.control, Buffer.concat([Buffer.alloc(9), forged]), 0);
    await journal.append({
      frame: carrier,
      seal: (salt) => sealFrame(carrier, frameKinds.control, salt ^ 1),
      placed: () => {},
    });
    await journal.append(entry('honest', []));
    await journal.close();
    expect(await keysOnDisk()).toEqual(['honest']);
  });
});
