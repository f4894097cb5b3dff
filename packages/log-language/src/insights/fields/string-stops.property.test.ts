// The search for the ends of strings against the one that looks at every byte.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stopOfString } from './json-bytes.ts';
import { StringStops, startProgram } from './string-stops.ts';

const message = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0x61) }, fc.nat(255)), { maxLength: 70 }),
    // Some are longer than what is looked over at once.
    fc.oneof({ weight: 9, arbitrary: fc.nat(60) }, fc.integer({ min: 60_000, max: 140_000 })),
  )
  .map(([bytes, more]) => Buffer.concat([Buffer.from(bytes), Buffer.alloc(more, 'z'), Buffer.from(bytes)]));

describe.each([
  ['with its program', startProgram()],
  ['without it', undefined],
])('StringStops %s', (_, program) => {
  it('stops where every byte is looked at, in whatever order messages are read', () => {
    const stops = new StringStops(program);
    const order = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 12 }), order, (messages, jumps) => {
        const bytes = Buffer.concat(messages);
        const ends = messages.map((_message, index) => Buffer.concat(messages.slice(0, index + 1)).length);
        const backwards = messages.map((_message, index) => messages.length - 1 - index);
        for (const index of [...backwards, ...jumps.map((jump) => jump % messages.length)]) {
          const end = ends[index] ?? 0;
          const start = end - (messages[index]?.length ?? 0);
          if (start === end) continue;
          stops.cover(bytes, start, end);
          // From each stop on to the next one, and a step beside it.
          for (let at = start; at < end; ) {
            const stop = stopOfString(bytes, at, end);
            expect(stops.next(bytes, at, end)).toBe(stop);
            at = stop + 1;
          }
          expect(stops.next(bytes, end, end)).toBe(end);
        }
      }),
    );
  });

  it('sees bytes anew that have changed in their place', () => {
    const stops = new StringStops(program);
    const bytes = Buffer.from('aaaaaaaa');
    stops.cover(bytes, 0, 8);
    expect(stops.next(bytes, 0, 8)).toBe(8);
    bytes.write('"', 3);
    stops.reset();
    stops.cover(bytes, 0, 8);
    expect(stops.next(bytes, 0, 8)).toBe(3);
  });
});

it('has its program here', () => {
  expect(startProgram()).toBeDefined();
});
