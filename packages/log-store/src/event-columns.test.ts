import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventColumns } from './event-columns.ts';
import { encodeBatch } from './journal/event-frame.ts';

const text = fc.string({
  minLength: 1,
  unit: fc.constantFrom('a', 'é', '漢', '🌹', '\n', '\u{d83c}', '\u0000'),
});
const message = fc.oneof(
  text,
  text.map((value) => Buffer.from(value)),
);
const events = fc.array(fc.record({ timestampMs: fc.integer(), message }), { minLength: 1, maxLength: 20 });
const batch = { key: 'k1', stream: 'strøm', firstSequence: 40, ingestedMs: 99 };

describe('events as columns', () => {
  it('are stored as the same events in a list are', () => {
    fc.assert(
      fc.property(events, fc.nat(19), fc.nat(20), (list, from, length) => {
        const part = list.slice(from, from + length + 1);
        fc.pre(part.length > 0);
        const columns = EventColumns.from(list).slice(from, from + part.length);
        const encoded = encodeBatch(batch, columns);
        expect(encoded.head).toEqual(encodeBatch(batch, part).head);
        // What stands before the body is written when the frame is sealed.
        expect(encoded.frame.subarray(16)).toEqual(encodeBatch(batch, part).frame.subarray(16));
        expect([...columns].map(({ timestampMs, message: bytes }) => [timestampMs, String(bytes)])).toEqual(
          part.map((event) => [event.timestampMs, Buffer.from(event.message as string).toString()]),
        );
      }),
    );
  });
});
