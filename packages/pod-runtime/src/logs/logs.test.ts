import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { fakeClock } from '@pergola/kernel';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CriFormatter, parseCriLine } from './cri-format.ts';
import { LogFile, rotatedFiles } from './log-file.ts';
import { readLog, type ReadLogOptions } from './read-log.ts';

describe('CriFormatter', () => {
  it('cuts any bytes in any pieces into lines that join to the same bytes', () => {
    const bytes = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 50 }),
        fc.constant(Buffer.from('\n')),
        fc.constant(Buffer.alloc(20_000, 'x')),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(bytes, (chunks) => {
        const formatter = new CriFormatter('stdout');
        const out = [
          ...chunks.flatMap((chunk) => formatter.push(Buffer.from(chunk), 0)),
          ...formatter.flush(0),
        ];
        const text = Buffer.concat(out);
        const parts: Buffer[] = [];
        for (let start = 0; start < text.length; ) {
          const end = text.indexOf(0x0a, start);
          const line = parseCriLine(text.subarray(start, end));
          expect(line?.stream).toBe('stdout');
          expect(line?.time).toBe('1970-01-01T00:00:00.000000000Z');
          expect(line!.content.length).toBeLessThanOrEqual(16 * 1024);
          parts.push(line!.content, Buffer.from(line!.partial ? '' : '\n'));
          start = end + 1;
        }
        expect(Buffer.concat(parts).equals(Buffer.concat(chunks))).toBe(true);
      }),
    );
  });
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logs-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const clock = fakeClock(Date.UTC(2026, 0, 2, 3, 4, 5));
const defaults: ReadLogOptions = { follow: false, timestamps: false };

async function read(path: string, options: Partial<ReadLogOptions> = {}, live?: LogFile): Promise<string> {
  let text = '';
  for await (const part of readLog({ path, live }, { ...defaults, ...options }, new AbortController().signal))
    text += String(part);
  return text;
}

describe('a log file', () => {
  it('is CRI text, read back by tail, time, bytes and with timestamps', async () => {
    const log = new LogFile(directory, 0, clock);
    await log.attach(Readable.from([Buffer.from('one\ntwo\nthr'), Buffer.from('ee\n')]), 'stdout');
    expect(readFileSync(log.path, 'utf8').split('\n')[0]).toBe('2026-01-02T03:04:05.000000000Z stdout F one');
    expect(await read(log.path)).toBe('one\ntwo\nthree\n');
    expect(await read(log.path, { tailLines: 2 })).toBe('two\nthree\n');
    expect(await read(log.path, { tailLines: 0 })).toBe('');
    expect(await read(log.path, { tailLines: 9 })).toBe('one\ntwo\nthree\n');
    expect(await read(log.path, { limitBytes: 5 })).toBe('one\nt');
    expect(await read(log.path, { timestamps: true, tailLines: 1 })).toBe(
      '2026-01-02T03:04:05.000000000Z three\n',
    );
    expect(await read(log.path, { sinceMs: clock.nowMs() + 1 })).toBe('');
    expect(await read(log.path, { sinceMs: clock.nowMs() })).toBe('one\ntwo\nthree\n');
  });

  it('rotates at 10 MiB, keeps five files, and is read across them', async () => {
    const log = new LogFile(directory, 0, clock);
    const line = `${'x'.repeat(8000)}\n`;
    async function* lines() {
      for (let n = 0; n < 7500; n++) yield Buffer.from(`${n} ${line}`);
    }
    await log.attach(Readable.from(lines()), 'stdout');
    const rotated = rotatedFiles(log.path);
    expect(rotated).toHaveLength(4);
    for (const path of [...rotated, log.path])
      expect(statSync(path).size).toBeLessThanOrEqual(10 * 1024 * 1024);
    const tail = await read(log.path, { tailLines: 3000 });
    const numbers = tail
      .trimEnd()
      .split('\n')
      .map((text) => Number(text.split(' ')[0]));
    expect(numbers).toEqual(Array.from({ length: 3000 }, (_, index) => 4500 + index));
  });

  it('is followed to the end of the container, across a rotation', async () => {
    const log = new LogFile(directory, 0, clock);
    const source = new PassThrough();
    const done = log.attach(source, 'stderr');
    source.write('first\n');
    const followed = read(log.path, { follow: true }, log);
    const big = `${'y'.repeat(16_000)}\n`;
    for (let n = 0; n < 700; n++)
      if (!source.write(big)) await new Promise((resolve) => source.once('drain', resolve));
    source.end('last\n');
    await done;
    const text = await followed;
    expect(rotatedFiles(log.path)).toHaveLength(1);
    expect(text.length).toBe('first\n'.length + 700 * big.length + 'last\n'.length);
    expect(text.endsWith('last\n')).toBe(true);
  });
});
