import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandReader, ProtocolError, type ReaderLimits, splitWords } from './reader.ts';

const roomy: ReaderLimits = { args: 1000, bulkBytes: 1_000_000, commandBytes: 10_000_000 };

function frame(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

function readAll(text: string, cuts: readonly number[], limits = roomy): string[][] {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new CommandReader(limits);
  const commands: string[][] = [];
  const edges = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...edges, bytes.length]) {
    reader.push(bytes.subarray(from, to));
    from = to;
    for (let next = reader.next(); next; next = reader.next()) commands.push(next);
  }
  return commands;
}

const word = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const commandsOf = fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { maxLength: 8 });

describe('CommandReader', () => {
  it('reads the same commands however their bytes are split', () => {
    fc.assert(
      fc.property(commandsOf, fc.array(fc.nat(), { maxLength: 30 }), (commands, cuts) => {
        expect(readAll(commands.map(frame).join(''), cuts)).toEqual(commands);
      }),
    );
  });

  it('waits for no more than the next command after a large one', () => {
    const reader = new CommandReader(roomy);
    const large = frame(['SET', 'a', 'x'.repeat(100_000)]);
    reader.push(Buffer.from(large.slice(0, 50)));
    expect(reader.next()).toBeUndefined();
    reader.push(Buffer.from(large.slice(50)));
    expect(reader.next()).toHaveLength(3);
    reader.push(Buffer.from(frame(['PING'])));
    expect(reader.next()).toEqual(['PING']);
  });

  it('never fails but by a protocol error, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 5 }), (bytes, cuts) => {
        try {
          readAll(Buffer.from(bytes).toString('latin1'), cuts);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
    );
  });

  it('reads inline commands with quotes', () => {
    expect(readAll('SET a "b c\\x41"\r\nPING\n\r\n', [3, 9])).toEqual([['SET', 'a', 'b cA'], ['PING']]);
    expect(() => splitWords('"a')).toThrow('unbalanced quotes in request');
  });

  it.each([
    ['*1\r\n+x\r\n', "expected '$', got '+'"],
    ['*-x\r\n', 'invalid multibulk length'],
    ['*1\r\n$-5\r\n', 'invalid bulk length'],
    ['*11\r\n', 'unauthenticated multibulk length'],
    ['*1\r\n$20000\r\n', 'unauthenticated bulk length'],
  ])('refuses %j of a stranger', (text, message) => {
    const reader = new CommandReader();
    reader.push(Buffer.from(text));
    expect(() => reader.next()).toThrow(message);
  });

  it('does not hold a line without an end for ever', () => {
    const reader = new CommandReader(roomy);
    reader.push(Buffer.alloc(70_000, 'x'));
    expect(() => reader.next()).toThrow('too big inline request');
  });
});
