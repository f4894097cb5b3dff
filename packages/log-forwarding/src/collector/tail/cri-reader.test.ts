import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CriReader } from './cri-reader.ts';

interface Seen {
  readonly text: string;
  readonly stream: number;
  readonly time: string;
  readonly end: number;
  readonly resume: number;
}

function reader(seen: Seen[], malformed = () => {}): CriReader {
  return new CriReader({
    emit: (line) =>
      seen.push({
        text: line.bytes.toString('utf8', line.start, line.end),
        stream: line.stream,
        time: line.time.toString('latin1'),
        end: line.endPosition,
        resume: line.resumePosition,
      }),
    budget: { usedBytes: 0, maxBytes: 1 << 24 },
    malformed,
  });
}

/** Feeds `bytes` as they come in reads that end at `cuts`. */
function feed(
  into: CriReader,
  bytes: Buffer,
  { cuts, from = 0, skipTo = 0 }: { cuts: number[]; from?: number; skipTo?: number },
) {
  let at = from;
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    if (cut > at)
      at += into.feed(bytes.subarray(at, cut), { position: at, skipTo, complete: false, nowMs: 0 });
  }
}

const time = (index: number) => `2026-01-02T03:04:05.${String(index).padStart(9, '0')}Z`;
const content = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', 'ü', '😀', 'F', 'P') });
const written = fc.array(
  fc.record({
    parts: fc.array(content, { minLength: 1, maxLength: 3 }),
    stream: fc.constantFrom(0, 1),
  }),
  { maxLength: 12 },
);

/** Lines of two streams, their parts interleaved as a runtime may. */
function file(lines: readonly { parts: string[]; stream: number }[]): Buffer {
  const queues = [0, 1].map((stream) =>
    lines
      .filter((line) => line.stream === stream)
      .flatMap(({ parts }) =>
        parts.map((part, index) => ({ part, tag: index === parts.length - 1 ? 'F' : 'P', stream })),
      ),
  );
  const out: string[] = [];
  for (let index = 0; queues.some((queue) => queue.length > 0); index++) {
    const queue = (queues[index % 2]?.length ?? 0) > 0 ? queues[index % 2] : queues[(index + 1) % 2];
    const next = queue?.shift();
    if (next)
      out.push(`${time(index)} ${next.stream === 0 ? 'stdout' : 'stderr'} ${next.tag} ${next.part}\n`);
  }
  return Buffer.from(out.join(''));
}

describe('CRI lines', () => {
  it('are joined by stream, however the file is read', () => {
    fc.assert(
      fc.property(written, fc.array(fc.nat(400)), (lines, cuts) => {
        const seen: Seen[] = [];
        feed(reader(seen), file(lines), { cuts });
        for (const stream of [0, 1]) {
          const expected = lines.filter((line) => line.stream === stream).map(({ parts }) => parts.join(''));
          expect(seen.filter((line) => line.stream === stream).map(({ text }) => text)).toEqual(expected);
        }
      }),
    );
  });

  it('are all seen, and none twice, by whoever reads on after any of them', () => {
    fc.assert(
      fc.property(written, fc.nat(20), (lines, stopped) => {
        const bytes = file(lines);
        const all: Seen[] = [];
        feed(reader(all), bytes, { cuts: [] });
        const last = all[stopped];
        fc.pre(last !== undefined);
        const rest: Seen[] = [];
        feed(reader(rest), bytes, { cuts: [], from: last?.resume ?? 0, skipTo: last?.end ?? 0 });
        expect(rest.map(({ text }) => text)).toEqual(all.slice(stopped + 1).map(({ text }) => text));
      }),
    );
  });

  it('take the time of their first part, in one form', () => {
    const seen: Seen[] = [];
    const text = `2026-01-02T05:04:05.5+02:00 stdout P a\n${time(9)} stdout F:x b\n${time(10)} stderr F\n`;
    feed(reader(seen), Buffer.from(text), { cuts: [] });
    expect(seen.map(({ time: at, text: message }) => [at, message])).toEqual([
      ['2026-01-02T03:04:05.500000000Z', 'ab'],
      [time(10), ''],
    ]);
  });

  it('that are not CRI are passed on whole, with the time before, and counted', () => {
    const seen: Seen[] = [];
    let malformed = 0;
    const bytes = Buffer.concat([
      Buffer.from(`${time(1)} stdout F a\n`),
      Buffer.from([0xff, 0x00, 0x0a]),
      Buffer.from('x\n'),
    ]);
    feed(
      reader(seen, () => malformed++),
      bytes,
      { cuts: [] },
    );
    expect(seen.map(({ time: at, text }) => [at, text])).toEqual([
      [time(1), 'a'],
      [time(1), '\ufffd\u0000'],
      [time(1), 'x'],
    ]);
    expect(malformed).toBe(2);
  });

  it('replace what is not UTF-8, but not a character that the runtime cut', () => {
    const seen: Seen[] = [];
    const euro = Buffer.from('€');
    const bytes = Buffer.concat([
      Buffer.from(`${time(1)} stdout P a`),
      euro.subarray(0, 1),
      Buffer.from(`\n${time(2)} stdout F `),
      euro.subarray(1),
      Buffer.from('\n'),
      Buffer.from(`${time(3)} stdout F b`),
      euro.subarray(0, 2),
      Buffer.from('c\n'),
    ]);
    feed(reader(seen), bytes, { cuts: [] });
    expect(seen.map(({ text }) => text)).toEqual(['a€', 'b\ufffdc']);
  });

  it('that never end are let go by time', () => {
    const seen: Seen[] = [];
    const cri = reader(seen);
    const bytes = Buffer.from(`${time(1)} stdout P half\n`);
    feed(cri, bytes, { cuts: [] });
    cri.flush(-1, bytes.length);
    expect(seen).toEqual([]);
    expect(cri.resumeFrom(bytes.length)).toBe(0);
    cri.flush(0, bytes.length);
    expect(seen).toMatchObject([{ text: 'half', end: bytes.length }]);
    expect(cri.resumeFrom(bytes.length)).toBe(bytes.length);
  });
});
