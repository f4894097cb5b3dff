import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDocument, sizeOf } from './documents.ts';

describe('a document in an answer', () => {
  it('is percent-encoded after RFC 3986 and decodes to what was given', () => {
    expect(encodeDocument(`{"a": "(b)*!'é"}`)).toBe('%7B%22a%22%3A%20%22%28b%29%2A%21%27%C3%A9%22%7D');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = encodeDocument(text);
        expect(encoded).toMatch(/^[A-Za-z0-9\-._~%]*$/);
        expect(decodeURIComponent(encoded)).toBe(text);
      }),
    );
  });
});

it('counts a document without its white space', () => {
  expect(sizeOf(' {\n\t"a" : 1 }\r\n')).toBe(7);
});
