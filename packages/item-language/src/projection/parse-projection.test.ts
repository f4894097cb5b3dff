// ProjectionExpression: what is refused, and what of an item is handed out.
import { describe, expect, it } from 'vitest';
import type { Item } from '../attribute-value.ts';
import { Placeholders } from '../placeholders.ts';
import { parseProjection } from './parse-projection.ts';

const item: Item = {
  a: {
    M: { b: { L: [{ N: '0' }, { M: { c: { S: 'c' }, d: { S: 'd' } } }, { N: '2' }] }, e: { BOOL: true } },
  },
  f: { N: '1' },
};

function project(text: string, names?: Record<string, string>): Item {
  return parseProjection(text, new Placeholders(names === undefined ? {} : { names })).project(item);
}

describe('a projection', () => {
  it('hands out whole attributes and parts of documents', () => {
    expect(project('f, absent')).toEqual({ f: { N: '1' } });
    expect(project('a.b[2], a.b[0], a.e')).toEqual({
      a: { M: { b: { L: [{ N: '0' }, { N: '2' }] }, e: { BOOL: true } } },
    });
    expect(project('a.b[1].d, f.x, a.b[7], a.x.y')).toEqual({
      a: { M: { b: { L: [{ M: { d: { S: 'd' } } }] } } },
    });
    expect(project('#p, toString', { '#p': '__proto__' })).toEqual({});
  });

  it.each([
    ['!!!', 'Syntax error; token: "!", near: "!!"'],
    ['a b', 'Syntax error; token: "b", near: "a b"'],
    ['a,', 'Syntax error; token: "<EOF>", near: ","'],
    ['', 'The expression can not be empty;'],
    ['a, abort', 'Attribute name is a reserved keyword; reserved keyword: abort'],
    ['a, #b', 'An expression attribute name used in the document path is not defined; attribute name: #b'],
    [
      'a.b, f, a',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]',
    ],
    [
      'a.b, a[1]',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]',
    ],
  ])('%s is refused', (text, problem) => {
    expect(() => project(text)).toThrow(`Invalid ProjectionExpression: ${problem}`);
  });
});
