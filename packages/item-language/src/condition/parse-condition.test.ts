// ConditionExpression and FilterExpression: what is refused, in DynamoDB's words and order, and what holds.
import { describe, expect, it } from 'vitest';
import type { Item } from '../attribute-value.ts';
import { ExpressionCache } from '../expression-cache.ts';
import { Placeholders, type PlaceholderMaps } from '../placeholders.ts';
import { parseCondition } from './parse-condition.ts';

function refusal(text: string, maps: PlaceholderMaps = {}): string {
  try {
    parseCondition('FilterExpression', text, new Placeholders(maps));
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

const A = { names: { '#a': 'a' } };
const fault = (problem: string) => `Invalid FilterExpression: ${problem}`;

describe('a condition that is not well formed', () => {
  it.each([
    ['a > 4', 'Syntax error; token: "4", near: "> 4"'],
    ['things are not gonna be ok', 'Syntax error; token: "are", near: "things are not"'],
    ['a = ([1])', 'Syntax error; token: "[", near: "([1"'],
    ['a = :b AND __typename = :c', 'Syntax error; token: "_", near: "AND __"'],
    ['a in b', 'Syntax error; token: "b", near: "in b"'],
    ['a in (b,c,)', 'Syntax error; token: ")", near: ",)"'],
    ['attribute_exists(Pictures-RearView)', 'Syntax error; token: "-", near: "Pictures-RearView"'],
    ['attribute_exists("Pictures.RearView")', 'Syntax error; token: """, near: "("Pictures"'],
    ['(a)between(b.c.d)and((c)', 'Syntax error; token: "<EOF>", near: ")"'],
    ['#$.b > a', 'Syntax error; token: "#", near: "#$"'],
    ['a > :things.stuff', 'Syntax error; token: ".", near: ":things.stuff"'],
    ['b[:a] > a', 'Syntax error; token: ":a", near: "[:a]"'],
    ['ü > a', 'Syntax error; token: "ü", near: "ü >"'],
    ['b[4.5] > a', 'Syntax error; token: ".", near: "4.5"'],
    ['size(a).b > a', 'Syntax error; token: ".", near: ").b"'],
    ['(size(a))[0] > a', 'Syntax error; token: "[", near: ")[0"'],
    ['a > between', 'Syntax error; token: "between", near: "> between"'],
    ['(a) and b = c', 'Syntax error; token: "and", near: ") and b"'],
    ['a = b c', 'Syntax error; token: "c", near: "b c"'],
    ['a=a and a > ((views))', 'The expression has redundant parentheses;'],
    ['a > whatever((:things), ((a)))', 'The expression has redundant parentheses;'],
    ['a=a AND ((a=a AND (a=a AND a=a)))', 'The expression has redundant parentheses;'],
    [' ', 'The expression can not be empty;'],
  ])('%s', (text, problem) => {
    expect(refusal(text)).toBe(fault(problem));
  });
});

describe('a condition that is well formed and wrong', () => {
  it.each<[string, string, PlaceholderMaps?]>([
    ['a=a and whatever((:things)) > a', 'Invalid function name; function: whatever'],
    ['attRIbute_exIsts((views), #a)', 'Invalid function name; function: attRIbute_exIsts'],
    ['list_append(a, b) = c', 'The function is not allowed in a condition expression; function: list_append'],
    ...[
      ['a=a and attribute_exists((views), (#a)) > b', 'attribute_exists'],
      ['begins_with(things, a) > b', 'begins_with'],
      ['size(contains(a, b)) > a', 'contains'],
      ['size(things)', 'size'],
      ['a between b and attribute_exists(things)', 'attribute_exists'],
      ['a in (b, attribute_exists(things))', 'attribute_exists'],
    ].map(([text = '', name]): [string, string] => [
      text,
      `The function is not allowed to be used this way in an expression; function: ${name}`,
    ]),
    ['attribute_exists(views, #a)', 'Attribute name is a reserved keyword; reserved keyword: views'],
    [':a < abOrT', 'Attribute name is a reserved keyword; reserved keyword: abOrT'],
    ...[
      ['attribute_exists(#Pictures.RearView, :a) and a=a', '#Pictures'],
      ['begins_with(Pictures.#RearView)', '#RearView'],
      ['(#P between :lo and :hi) and (#PC in (:cat1, :cat2))', '#P'],
      ['#4g > a', '#4g'],
      ['(a)between(b.c[45].#d)and(:a)', '#d'],
    ].map(([text = '', name]): [string, string] => [
      text,
      `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
    ]),
    [
      'begins_with(:hello, #a, #b)',
      'An expression attribute value used in expression is not defined; attribute value: :hello',
    ],
    ...[
      ['attribute_exists(things, a) and a=a', 'attribute_exists', 2],
      ['attribute_type(things)', 'attribute_type', 1],
      ['begins_with(things, size(a), b)', 'begins_with', 3],
      ['size(things, a) > b', 'size', 2],
    ].map(([text, name, count]): [string, string] => [
      String(text),
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
    ]),
    ...(
      [
        ['attribute_type(a, :a)', 'attribute_type', { N: '1' }],
        ['attribute_type(a, size(a)) and a=a and a=:a', 'attribute_type', { N: '1' }],
        ['begins_with(a, :a)', 'begins_with', { M: {} }],
        ['begins_with(:a, a)', 'begins_with', { N: '1' }],
        ['begins_with(a, size(a)) and a=:a', 'begins_with', { N: '1' }],
        ['size(size(a)) > :a', 'size', { N: '1' }],
        ['attribute_not_exists(size(:a))', 'size', { N: '1' }],
        ['size(:a) > a', 'size', { BOOL: true }],
        ['a < :a', '<', { SS: ['x'] }],
        ['a between :a and b', 'BETWEEN', { BOOL: true }],
      ] as const
    ).map(([text, name, value]): [string, string, PlaceholderMaps] => [
      text,
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${Object.keys(value)[0]}`,
      { values: { ':a': value } },
    ]),
    [
      'attribute_type(a, :a)',
      'Invalid attribute type name found; type: 1, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
      { values: { ':a': { S: '1' } } },
    ],
    [
      'attribute_not_exists(size(:a))',
      'Operator or function requires a document path; operator or function: attribute_not_exists',
      { values: { ':a': { S: '1' } } },
    ],
    ...[
      ['a = a AND #a = b AND :views > a', '=', '[a]'],
      ['a > #a', '>', '[a]'],
      ['contains(ab.bc[1].a, ab.bc[1].#a)', 'contains', '[ab, bc, [1], a]'],
      ['attribute_type(ab.bc[1].#a, ab.bc[1].a)', 'attribute_type', '[ab, bc, [1], a]'],
    ].map(([text = '', operator, path]): [string, string, PlaceholderMaps] => [
      text,
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${path}`,
      A,
    ]),
    [
      'a between :b and :a',
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}',
      { values: { ':a': { S: 'a' }, ':b': { N: '1' } } },
    ],
    [
      'a between :b and :a',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
      { values: { ':a': { S: 'a' }, ':b': { S: 'b' } } },
    ],
    [
      `a in (${Array.from({ length: 101 }, () => ':a').join(',')})`,
      'The IN operator is provided with too many operands; number of operands: 101',
      { values: { ':a': { S: 'a' } } },
    ],
    [`a${'.b'.repeat(32)} = c`, 'The document path has too many nesting levels; nesting levels: 33'],
  ])('%s', (text, problem, maps) => {
    expect(refusal(text, maps)).toBe(fault(problem));
  });
});

const item: Item = {
  id: { S: 'häuser' },
  n: { N: '10' },
  letters: { L: [{ N: '1' }, { M: { deep: { SS: ['x', 'y'] } } }] },
  raw_bytes: { B: Uint8Array.of(1, 2, 3) },
  numbers: { NS: ['1', '2'] },
  nil: { NULL: true },
};
const values = {
  ':ten': { N: '10.0' },
  ':nine': { N: '9' },
  ':ha': { S: 'hä' },
  ':x': { S: 'x' },
  ':set': { SS: ['y', 'x'] },
  ':two': { N: '2' },
  ':b': { B: Uint8Array.of(2, 3) },
  ':str': { S: 'S' },
  ':none': { NULL: true },
};

describe('a condition', () => {
  it.each([
    'n = :ten',
    'n > :nine and not n < :nine',
    'n between :nine and :ten',
    'n in (:nine, :ten)',
    'begins_with(id, :ha) or n = :nine',
    'contains(id, :ha)',
    'contains(letters[1].deep, :x)',
    'contains(letters, letters[0])',
    'contains(numbers, :two) AND contains(raw_bytes, :b)',
    'letters[1].deep = :set',
    'attribute_exists(letters[1].deep) and attribute_not_exists(letters[2])',
    'attribute_type(id, :str) AND attribute_type(:ha, :str)',
    'size(raw_bytes) > :two AND size(letters) = :two AND size(numbers) = :two',
    'absent <> :ten',
    'n <> :ha',
    'nil = :none',
    'NOT absent = :ten',
    'NOT (id > :ten)',
    '(n) > (:nine)',
  ])('%s holds', (text) => {
    expect(parseCondition('ConditionExpression', text, new Placeholders({ values })).test(item)).toBe(true);
  });

  it.each([
    'absent = :ten',
    'absent < :ten',
    'n < id',
    'absent in (:ten)',
    'begins_with(n, :ha)',
    'size(n) > :two',
    'attribute_exists(toString)',
    'attribute_exists(letters.deep)',
    'attribute_exists(id.x)',
    'n between :ten and :ten AND NOT n = :ten',
  ])('%s does not', (text) => {
    expect(parseCondition('ConditionExpression', text, new Placeholders({ values })).test(item)).toBe(false);
  });

  it('names the paths that it mentions', () => {
    const { paths } = parseCondition(
      'ConditionExpression',
      'size(a.#a) > b[1] and contains(c, d)',
      new Placeholders(A),
    );
    expect(paths).toEqual([['a', 'a'], ['b', 1], ['c'], ['d']]);
  });
});

describe('a cache of expressions', () => {
  it('keeps the text, not the values, and not for ever', () => {
    const cache = new ExpressionCache({ entries: 2, bytes: 100_000 });
    const ask = (text: string, N: string): boolean =>
      parseCondition('ConditionExpression', text, new Placeholders({ values: { ':v': { N } } }), cache).test(
        item,
      );
    expect([ask('n = :v', '10'), ask('n = :v', '11'), cache.size]).toEqual([true, false, 1]);
    expect([ask('n > :v', '9'), ask('n < :v', '9'), cache.size]).toEqual([true, false, 2]);
    const small = new ExpressionCache({ entries: 9, bytes: 10 });
    small.get('Statement', 'a long one', () => 1);
    expect(small.size).toBe(0);
  });
});
