import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BufferedEntry, DiskBuffer } from './disk-buffer.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'disk-buffer-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const mebibyte = 1024 * 1024;

function entryOf(stream: string): BufferedEntry {
  return { group: 'g', stream, events: 1, recordBytes: 10, openedMs: 5 };
}

function segments(): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.segment'));
}

describe('the disk buffer', () => {
  it('gives back, in order, what was written and not accepted, whatever happens in between', () => {
    const step = fc.oneof(
      fc.record({ write: fc.uint8Array({ maxLength: 200 }) }),
      fc.record({ accept: fc.nat(20) }),
      fc.constant('reopen' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const path = mkdtempSync(join(directory, 'run-'));
        let buffer = new DiskBuffer(path, mebibyte);
        let expected: { ref: ReturnType<DiskBuffer['write']>; body: Buffer }[] = [];
        let count = 0;
        for (const next of steps) {
          if (next === 'reopen') {
            buffer.close();
            buffer = new DiskBuffer(path, mebibyte);
            expect(buffer.found.map(({ entry }) => entry.stream)).toEqual(
              expected.map(({ ref }) => ref.entry.stream),
            );
            expected = expected.map(({ body }, index) => ({ ref: buffer.found[index]!, body }));
          } else if ('write' in next) {
            const body = Buffer.from(next.write);
            expected.push({ ref: buffer.write(entryOf(`s${count++}`), body), body });
          } else {
            const [accepted] = expected.splice(next.accept, 1);
            if (accepted) buffer.accept(accepted.ref);
          }
          for (const { ref, body } of expected) expect(buffer.read(ref)?.equals(body)).toBe(true);
        }
        buffer.close();
      }),
      { numRuns: 40 },
    );
  });

  it('leaves no file behind when everything is accepted', () => {
    const buffer = new DiskBuffer(directory, 100 * mebibyte);
    const refs = Array.from({ length: 20 }, (_, index) =>
      buffer.write(entryOf(`s${index}`), Buffer.alloc(mebibyte)),
    );
    expect(segments().length).toBe(2);
    for (const ref of refs) buffer.accept(ref);
    expect(segments()).toEqual([]);
    expect(buffer.sizeBytes).toBe(0);
    buffer.close();
    expect(readFileSync(join(directory, 'accepted.journal'), 'utf8')).toBe('');
  });

  it('survives an entry that was torn off by a crash', () => {
    const first = new DiskBuffer(directory, mebibyte);
    first.write(entryOf('whole'), Buffer.from('whole'));
    const torn = first.write(entryOf('torn'), Buffer.from('torn'));
    first.close();
    truncateSync(join(directory, segments()[0]!), torn.offset + torn.sizeBytes - 1);
    const second = new DiskBuffer(directory, mebibyte);
    expect(second.found.map(({ entry }) => entry.stream)).toEqual(['whole']);
    second.write(entryOf('next'), Buffer.from('next'));
    second.close();
    const third = new DiskBuffer(directory, mebibyte);
    expect(third.found.map(({ entry }) => entry.stream)).toEqual(['whole', 'next']);
    third.close();
  });

  it('does not take entries of a new segment as accepted after a crash between two files', () => {
    const first = new DiskBuffer(directory, mebibyte);
    first.accept(first.write(entryOf('delivered'), Buffer.from('delivered')));
    first.close();
    // The segment was removed, and the process killed before the journal was emptied.
    writeFileSync(join(directory, 'accepted.journal'), '1 0\n');
    const second = new DiskBuffer(directory, mebibyte);
    second.write(entryOf('waiting'), Buffer.from('waiting'));
    second.close();
    const third = new DiskBuffer(directory, mebibyte);
    expect(third.found.map(({ entry }) => entry.stream)).toEqual(['waiting']);
    third.close();
  });

  it('does not take another entry for the one whose acceptance was torn off by a crash', () => {
    const first = new DiskBuffer(directory, mebibyte);
    first.write(entryOf('waiting'), Buffer.from('waiting'));
    first.close();
    // A line without its end may be the beginning of one that names an entry further on.
    writeFileSync(join(directory, 'accepted.journal'), '1 0');
    const second = new DiskBuffer(directory, mebibyte);
    expect(second.found.map(({ entry }) => entry.stream)).toEqual(['waiting']);
    const [ref] = second.found;
    if (ref) second.accept(ref);
    second.close();
    expect(segments()).toEqual([]);
  });

  it('never gives out bytes that the disk has changed', () => {
    const buffer = new DiskBuffer(directory, mebibyte);
    const ref = buffer.write(entryOf('s'), Buffer.from('some bytes'));
    const path = join(directory, segments()[0]!);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    expect(buffer.read(ref)).toBeUndefined();
    buffer.close();
    appendFileSync(path, 'garbage');
    const again = new DiskBuffer(directory, mebibyte);
    expect(again.found).toEqual([]);
    again.close();
  });

  it('knows its bounds', () => {
    const buffer = new DiskBuffer(directory, 10_000);
    expect(buffer.hasRoomFor(5_000)).toBe(true);
    buffer.write(entryOf('s'), Buffer.alloc(5_000));
    expect(buffer.hasRoomFor(5_000)).toBe(false);
    buffer.close();
  });
});
