import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { goSyntaxError } from './go-syntax-error.ts';

// As Go 1.24's encoding/json words them.
it.each([
  ['', 'unexpected end of JSON input'],
  ['{bad', "invalid character 'b' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"', "invalid character '\"' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['<a/>', "invalid character '<' looking for beginning of value"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['[trve]', "invalid character 'v' in literal true (expecting 'u')"],
  ['-x', "invalid character 'x' in numeric literal"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ['1e+', 'unexpected end of JSON input'],
  ['01', "invalid character '1' after top-level value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
])('%j: %s', (text, sentence) => {
  expect(goSyntaxError(text)).toBe(sentence);
});

it('finds the fault of every text that JSON.parse refuses, and none before the end of what it takes', () => {
  const cut = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', 'x', '}', ',', '"', '\\'));
  fc.assert(
    fc.property(cut, ([text, at, extra]) => {
      const broken = text.slice(0, at % (text.length + 1)) + extra;
      let valid = true;
      try {
        JSON.parse(broken);
      } catch {
        valid = false;
      }
      const sentence = goSyntaxError(broken);
      if (valid) expect(sentence).toBe('unexpected end of JSON input');
      else expect(sentence).toMatch(/^(unexpected end of JSON input$|invalid character '.+' )/);
    }),
  );
});
