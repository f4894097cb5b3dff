import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeKey, LAST, unescapeKey } from './key-escape.ts';

const character = fc.oneof(
  fc.constantFrom(
    '\0',
    '\x01',
    '\x04',
    '\x05',
    '\x06',
    '0',
    '/',
    'a',
    '\u{fffd}',
    '\u{10fffd}',
    '\u{10fffe}',
    LAST,
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);
const key = fc.array(character, { maxLength: 8 }).map((characters) => characters.join(''));
const compare = (left: string, right: string) =>
  Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right)));

describe('escapeKey', () => {
  it('is undone by unescapeKey', () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(unescapeKey(escapeKey(text))).toBe(text);
      }),
    );
  });

  it('keeps the order of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(key, key, (left, right) => {
        expect(compare(escapeKey(left), escapeKey(right))).toBe(compare(left, right));
      }),
    );
  });

  it('leaves LAST behind everything that begins alike', () => {
    fc.assert(
      fc.property(key, key, (prefix, rest) => {
        expect(compare(escapeKey(prefix) + LAST, escapeKey(prefix + rest))).toBe(1);
      }),
    );
  });
});
