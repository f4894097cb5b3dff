import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBatches } from '../files/batch-run.ts';
import type { NewEvent } from '../contract.ts';
import { decodeHead, encodeBatch, sealBatch } from './event-frame.ts';
import { isWhole } from '../files/frame.ts';
import { eventAt, GONE, loadedBlock } from '../files/loaded-block.ts';

const text = fc.string({
  minLength: 1,
  unit: fc.constantFrom('a', 'é', '漢', '🌹', '\n', '\u{d83c}', '\u0000'),
});
const message = fc.oneof(
  fc.string({ minLength: 1 }),
  text,
  text.map((value) => Buffer.from(value)),
);
const events = fc.array(fc.record({ timestampMs: fc.integer(), message }), { minLength: 1, maxLength: 20 });
const batch = { key: 'k1', stream: 'strøm', firstSequence: 40, ingestedMs: 99 };

/** As UTF-8 has it: half of a surrogate pair becomes the replacement character. */
const asStored = ({ message }: NewEvent) => Buffer.from(message as string).toString('utf8');

describe('an encoded batch', () => {
  it('gives back its events, whatever characters they are made of', () => {
    fc.assert(
      fc.property(events, (events) => {
        const encoded = encodeBatch(batch, events);
        sealBatch(encoded, 5);
        expect(isWhole(encoded.frame, 5)).toBe(true);
        expect(decodeHead(encoded.frame)).toEqual(encoded.head);
        const columns = joinBatches({ firstSequence: 40, count: events.length }, [encoded.frame]);
        const block = loadedBlock({ ...columns, account: '1', group: 'g' });
        const back = events.map((_, index) => eventAt(block, index));
        expect(back).toEqual(
          events.map((event, index) => ({
            timestampMs: event.timestampMs,
            ingestedMs: 99,
            stream: 'strøm',
            message: asStored(event),
            sequence: 40 + index,
          })),
        );
      }),
    );
  });

  it('says what an index needs', () => {
    const times = [30, 10, 20];
    const { head } = encodeBatch(
      batch,
      times.map((timestampMs) => ({ timestampMs, message: 'xyz' })),
    );
    expect(head).toEqual({ ...batch, count: 3, minMs: 10, maxMs: 30, messageBytes: 9 });
  });
});

describe('batches that are joined', () => {
  const encode = (firstSequence: number, stream: string, ...messages: string[]) =>
    encodeBatch(
      { ...batch, firstSequence, stream },
      messages.map((message) => ({ timestampMs: firstSequence, message })),
    ).frame;

  it('share the names of streams', () => {
    const frames = [encode(0, 'a', 'one'), encode(1, 'b', 'two', 'three'), encode(3, 'a', 'four')];
    const block = loadedBlock({
      ...joinBatches({ firstSequence: 0, count: 4 }, frames),
      account: '',
      group: '',
    });
    expect(block.streamNames).toEqual(['a', 'b']);
    expect([0, 1, 2, 3].map((index) => eventAt(block, index).message)).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
    expect([...block.streams]).toEqual([0, 1, 1, 0]);
  });

  it('leave a gap where a frame is damaged', () => {
    const frames = [encode(0, 'a', 'one'), undefined, encode(3, 'a', 'four')];
    const block = loadedBlock({
      ...joinBatches({ firstSequence: 0, count: 5 }, frames),
      account: '',
      group: '',
    });
    expect([...block.streams]).toEqual([0, GONE, GONE, 0, GONE]);
    expect(eventAt(block, 3).message).toBe('four');
    expect(block.hasGone).toBe(true);
  });
});
