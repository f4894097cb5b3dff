import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeholders, templateOf } from '../../records/record-template.ts';
import { setTime } from '../../tail/cri-time.ts';
import { emptyLine } from '../../tail/line.ts';
import { Lane, LogProgress } from '../../tail/progress.ts';
import type { Entry } from '../output.ts';
import { Batch, type AddResult } from './batch.ts';
import { BufferPool } from './buffer-pool.ts';

const header = Buffer.from('{"logGroupName":"g","logStreamName":"s","logEvents":[');
const template = templateOf({
  '@timestamp': placeholders.time,
  level: placeholders.level,
  'label "x"': 'a\nb',
  message: placeholders.message,
  openshift: { sequence: placeholders.sequence },
});

function newBatch(recordBytesMax = 1_048_576): Batch {
  return new Batch(header, new BufferPool(1 << 20), { recordBytesMax, nowMs: 0, expectedBytes: 0 });
}

function entryOf(message: string, millis: number, level = 'info'): Entry {
  const line = emptyLine();
  line.bytes = Buffer.from(message);
  line.end = line.bytes.length;
  setTime(line, Math.floor(millis / 1000), (millis % 1000) * 1e6);
  return { line, level, sequence: { seconds: 1_800_000_000, nanos: 7 }, previous: { seconds: 0, nanos: 0 } };
}

function add(batch: Batch, entry: Entry): AddResult {
  return batch.addLine(template, entry, 0, entry.line.end);
}

function recordOf(entry: Entry): string {
  const { line, level } = entry;
  const time = line.time.toString('latin1');
  const message = line.bytes.toString('utf8');
  const record = { '@timestamp': time, level, 'label "x"': 'a\nb', message, openshift: { sequence: 0 } };
  return JSON.stringify(record).replace('"sequence":0', '"sequence":1800000000000000007');
}

interface Request {
  readonly logEvents: { readonly timestamp: number; readonly message: string }[];
}

const day = 86_400_000;
const noon = Date.UTC(2026, 0, 2, 12);
const lines = fc.array(
  fc.tuple(fc.string({ unit: 'binary' }), fc.nat(day - 1), fc.constantFrom('info', 'default', 'we"ird\n')),
  { minLength: 1, maxLength: 30 },
);

describe('a batch', () => {
  it('is the request that JSON.stringify would make, in the order of time', () => {
    fc.assert(
      fc.property(lines, fc.boolean(), (input, asJson) => {
        const entries = input.map(([message, offset, level]) => entryOf(message, noon + offset, level));
        const batch = newBatch();
        for (const entry of entries) {
          const result = asJson ? batch.addJson(recordOf(entry), entry.line.timestampMs) : add(batch, entry);
          expect(result).toBe('added');
        }
        const { body, events, recordBytes } = batch.seal();
        const expected = entries
          .map((entry) => ({ timestamp: entry.line.timestampMs, message: recordOf(entry) }))
          .toSorted((left, right) => left.timestamp - right.timestamp);
        expect(JSON.parse(body.toString('utf8'))).toEqual({
          logGroupName: 'g',
          logStreamName: 's',
          logEvents: expected,
        });
        expect(events).toBe(entries.length);
        expect(recordBytes).toBe(
          expected.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0),
        );
      }),
    );
  });

  it('never exceeds what PutLogEvents takes', () => {
    const wide = fc.array(fc.tuple(fc.nat(2000), fc.nat(3 * day)), { maxLength: 60 });
    fc.assert(
      fc.property(wide, (input) => {
        const batch = newBatch(20_000);
        for (const [size, offset] of input) add(batch, entryOf('"'.repeat(size), noon + offset));
        if (batch.events === 0) return;
        const { logEvents } = JSON.parse(batch.seal().body.toString('utf8')) as Request;
        const times = logEvents.map(({ timestamp }) => timestamp);
        expect(Math.max(...times) - Math.min(...times)).toBeLessThan(day);
        const bytes = logEvents.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
        expect(bytes).toBeLessThanOrEqual(20_000);
      }),
    );
  });

  it('ends at 10,000 events', () => {
    const batch = newBatch();
    for (let count = 0; count < 10_000; count++) expect(batch.addJson('{}', noon)).toBe('added');
    expect(batch.addJson('{}', noon)).toBe('full');
  });

  it('refuses an event that no batch can hold', () => {
    expect(add(newBatch(), entryOf('x'.repeat(1_048_550), noon))).toBe('tooLarge');
    expect(add(newBatch(), entryOf('\u0001'.repeat(200_000), noon))).toBe('tooLarge');
  });

  it('remembers how far each log is in it', () => {
    const progress = new LogProgress(() => {});
    progress.read.done = 100;
    const lane = new Lane(progress);
    const batch = newBatch();
    const entry = entryOf('a', noon);
    Object.assign(entry.line, { endPosition: 40, resumePosition: 10 });
    add(batch, entry);
    batch.mark(lane, entry, true);
    expect(progress.delivered).toMatchObject({ done: 39, resume: 0 });
    const [[, mark] = []] = [...batch.marks];
    expect(mark).toMatchObject({ done: 40, resume: 10 });
    if (mark) lane.leave(mark);
    expect(progress.delivered.done).toBe(100);
  });
});
