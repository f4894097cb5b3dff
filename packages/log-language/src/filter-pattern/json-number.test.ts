import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalarText } from './json-number.ts';

describe('scalarText', () => {
  it('finds a number as it is written', () => {
    const text = ' { "a" : [ {"x":"]}\\"{" , "b":[[1,2],[3, 4.50 ]]}, 1e3 ], "\\u0063":7,"c":8.0 }';
    expect(scalarText(text, ['a', 0, 'b', 1, 1])).toBe('4.50');
    expect(scalarText(text, ['a', 1])).toBe('1e3');
    expect(scalarText(text, ['c'])).toBe('8.0');
  });

  it('finds every number of any document', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (root, indent) => {
        const text = JSON.stringify(root, undefined, indent);
        for (const [path, value] of numbersOf(JSON.parse(text), []))
          expect(scalarText(text, path)).toBe(JSON.stringify(value));
      }),
    );
  });
});

type Path = readonly (string | number)[];

function numbersOf(value: unknown, path: Path): readonly (readonly [Path, number])[] {
  if (typeof value === 'number') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((child, index) => numbersOf(child, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => numbersOf(child, [...path, key]));
}
