import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGoBool, parseGoCsvRecord, parseGoInt } from './go-values.ts';

test('ParseBool knows twelve words', () => {
  expect(['1', 't', 'T', 'true', 'TRUE', 'True'].map(parseGoBool)).not.toContain(false);
  expect(['0', 'f', 'F', 'false', 'FALSE', 'False'].map(parseGoBool)).not.toContain(true);
  expect(['yes', 'tRue', '', ' true', 'on'].map(parseGoBool)).toEqual(Array(5).fill(undefined));
});

test.each([
  ['3600', 3600],
  ['+7', 7],
  ['-5', -5],
  ['007', 7],
  ['9223372036854775808', undefined],
  ['1_000', undefined],
  ['1e3', undefined],
  [' 1', undefined],
  ['', undefined],
  ['12.0', undefined],
])('ParseInt(%j) is %j', (text, value) => {
  expect(parseGoInt(text)).toBe(value);
});

describe('encoding/csv', () => {
  test.each([
    ['a,b', ['a', 'b']],
    [' a , b', [' a ', ' b']],
    ['a,', ['a', '']],
    ['\n\na,b\nc', ['a', 'b']],
    ['a\r\nb', ['a']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi"""', ['say "hi"']],
    ['"two\nlines",x', ['two\nlines', 'x']],
    ['', undefined],
    ['\n', undefined],
    ['a"b', undefined],
    ['"a"b', undefined],
    ['"open', undefined],
    [' "a"', undefined],
  ])('%j gives %j', (text, fields) => {
    expect(parseGoCsvRecord(text)).toEqual(fields);
  });

  test('reads back whatever was quoted', () => {
    const fields = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 });
    fc.assert(
      fc.property(fields, (wanted) => {
        const clean = wanted.map((field) => field.replaceAll('\r', ''));
        const text = clean.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
        expect(parseGoCsvRecord(text)).toEqual(clean);
      }),
    );
  });
});
