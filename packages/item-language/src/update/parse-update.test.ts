// UpdateExpression: what is refused, in DynamoDB's words and order, and what items become.
import { describe, expect, it } from 'vitest';
import type { AttributeValue, Item } from '../attribute-value.ts';
import { Placeholders, type PlaceholderMaps } from '../placeholders.ts';
import { parseUpdate } from './parse-update.ts';

const ab: PlaceholderMaps = {
  values: { ':a': { S: 'a' }, ':b': { S: 'a' } },
  names: { '#a': 'a', '#b': 'b' },
};

function refusal(text: string, maps: PlaceholderMaps): string {
  try {
    parseUpdate(text, new Placeholders(maps));
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('an update that is not well formed', () => {
  it.each([
    'whatever',
    'set a',
    'add a',
    'delete a',
    'set a=set',
    'remove a = b',
    'add a = b',
    'delete a b',
    'delete a if_not_exist(b)',
    'add abort b',
    'remove a b',
    'set a b',
    'set :a = b',
    'add :a b',
    'remove :a',
    'set a = b / c',
    'set a[1] = "eight"',
    'set a[1] = 1',
    'SET a = if_not_exist(a, 100)',
    'SET if_not_exist(a, b) = a',
    'set (a = (b + c))',
    'set a = (b.c).d + e',
    'set a = (b.c)[0] + e',
    'set a = b + c + d',
    'set a = b,',
    'set a = (b',
  ])('%s', (text) => {
    expect(refusal(text, {})).toMatch(/^Invalid UpdateExpression: Syntax error; token: "/);
  });

  it('is shown where it goes wrong', () => {
    expect(refusal('INVALID SYNTAX HERE', {})).toBe(
      'Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"',
    );
    expect(refusal('ADD hits : incr', {})).toBe(
      'Invalid UpdateExpression: Syntax error; token: ":", near: "hits : incr"',
    );
    expect(refusal('SET #attr = :val1,', {})).toBe(
      'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: ","',
    );
    expect(refusal('set a = (b + c)', {})).toBe('accepted');
    expect(refusal('set a = ((b.c.d)+(e))', {})).toBe('accepted');
  });
});

const clash = (relation: string, one: string, two: string) =>
  `Two document paths ${relation} with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`;
const brackets = { names: { '#b': 'b', '#c': 'c', '#d': '[3]' } };

describe('an update that is well formed and wrong', () => {
  it.each<[string, string, PlaceholderMaps?]>([
    [' set #c = :c set abOrt = true ', 'Attribute name is a reserved keyword; reserved keyword: abOrt'],
    [' remove Absolute ', 'Attribute name is a reserved keyword; reserved keyword: Absolute'],
    ['set #c = if_not_exist(:c) set c = d', 'Invalid function name; function: if_not_exist'],
    [
      'set a = list_append(list_append(:a, :b), :b)',
      'The function is not allowed to be used this way in an expression; function: list_append',
    ],
    ['set a = size(b)', 'The function is not allowed in an update expression; function: size'],
    ['set a = #c set c = :d', 'The "SET" section can only be used once in an update expression;'],
    [
      'delete #d :e set a = b delete #e :f',
      'The "DELETE" section can only be used once in an update expression;',
    ],
    [
      'SET #c = if_not_exists(:c)',
      'An expression attribute name used in the document path is not defined; attribute name: #c',
    ],
    [
      'SET #a = if_not_exists(:c)',
      'An expression attribute value used in expression is not defined; attribute value: :c',
    ],
    [
      'set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)',
      clash('overlap', '[c, [1], a]', '[c]'),
      brackets,
    ],
    ['set #c[3].#d = a, #c[3] = a', clash('overlap', '[c, [3], [3]]', '[c, [3]]'), brackets],
    [
      'set #c[3].#d = a, #c.#d[3] = if_not_exists(a)',
      clash('conflict', '[c, [3], [3]]', '[c, [3], [3]]'),
      brackets,
    ],
    ['remove a.#c set a[1] = #d', clash('conflict', '[a, c]', '[a, [1]]'), brackets],
    [
      'set a = if_not_exists(c)',
      'Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
    ],
    [
      'set a = list_append(c)',
      'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1',
    ],
    [
      'set a = if_not_exists(:a, c)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'set a = if_not_exists(if_not_exists(a, b), c)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'set b = list_append(:a, a), c = if_not_exists(a) add a.b :a',
      'Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND',
    ],
    ...Object.entries({ NUMBER: { N: '1' }, MAP: { M: {} }, NULL: { NULL: true } }).map(
      ([name, value]): [string, string, PlaceholderMaps] => [
        'delete a.b :a',
        `Incorrect operand type for operator or function; operator: DELETE, operand type: ${name}, typeSet: ALLOWED_FOR_DELETE_OPERAND`,
        { values: { ':a': value } },
      ],
    ),
    [
      'set a = list_append(:a, a)',
      'Incorrect operand type for operator or function; operator or function: list_append, operand type: S',
    ],
    [
      'set a = :a + b',
      'Incorrect operand type for operator or function; operator or function: +, operand type: S',
    ],
    [
      'set a = b - :a',
      'Incorrect operand type for operator or function; operator or function: -, operand type: S',
    ],
  ])('%s', (text, problem, maps = ab) => {
    expect(refusal(text, maps)).toBe(`Invalid UpdateExpression: ${problem}`);
  });
});

const item: Item = {
  pk: { S: 'k' },
  n: { N: '10' },
  s: { S: 'text' },
  letters: { L: ['a', 'b', 'c'].map((S) => ({ S })) },
  doc: { M: { deep: { N: '1' }, rest: { S: 'o' } } },
  tags: { SS: ['x', 'y'] },
  blobs: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
};
const values: Record<string, AttributeValue> = {
  ':one': { N: '1' },
  ':new': { S: 'new' },
  ':l': { L: [{ S: 'z' }] },
  ':tags': { SS: ['y', 'z'] },
  ':xy': { SS: ['x', 'y'] },
  ':nums': { NS: ['1'] },
  ':blob': { BS: [Uint8Array.of(2)] },
  ':empty': { M: {} },
};

function update(text: string, old: Item = item): Item {
  return parseUpdate(text, new Placeholders({ values })).apply(old);
}

describe('an update', () => {
  it.each<[string, Partial<Item>]>([
    ['SET n = n + :one, s = s', { n: { N: '11' } }],
    ['SET n = :one - n', { n: { N: '-9' } }],
    ['SET n = if_not_exists(absent, :one) + n', { n: { N: '11' } }],
    ['SET a = n, n = :one', { a: { N: '10' }, n: { N: '1' } }],
    ['SET letters = list_append(letters, :l)', { letters: { L: ['a', 'b', 'c', 'z'].map((S) => ({ S })) } }],
    ['SET letters = list_append(:l, letters)', { letters: { L: ['z', 'a', 'b', 'c'].map((S) => ({ S })) } }],
    ['SET fresh = list_append(if_not_exists(fresh, :l), :l)', { fresh: { L: [{ S: 'z' }, { S: 'z' }] } }],
    ['SET letters[1] = :new', { letters: { L: ['a', 'new', 'c'].map((S) => ({ S })) } }],
    [
      'SET letters[9] = :one, letters[5] = :new',
      { letters: { L: [...['a', 'b', 'c', 'new'].map((S) => ({ S })), { N: '1' }] } },
    ],
    ['REMOVE letters[0], letters[2]', { letters: { L: [{ S: 'b' }] } }],
    [
      'REMOVE letters[0], letters[7] SET letters[1] = :new',
      { letters: { L: ['new', 'c'].map((S) => ({ S })) } },
    ],
    ['SET doc.deep = doc.deep + :one REMOVE doc.rest', { doc: { M: { deep: { N: '2' } } } }],
    ['SET doc.added = :empty', { doc: { M: { deep: { N: '1' }, rest: { S: 'o' }, added: { M: {} } } } }],
    [
      'ADD n :one, fresh :one, doc.deep :one',
      { n: { N: '11' }, fresh: { N: '1' }, doc: { M: { deep: { N: '2' }, rest: { S: 'o' } } } },
    ],
    ['ADD tags :tags', { tags: { SS: ['x', 'y', 'z'] } }],
    ['DELETE tags :tags', { tags: { SS: ['x'] } }],
    ['DELETE blobs :blob, absent :tags', { blobs: { BS: [Uint8Array.of(1)] } }],
    ['ADD blobs :blob', {}],
    ['REMOVE absent, doc.absent', {}],
  ])('%s', (text, changes) => {
    const before = structuredClone(item);
    expect(update(text)).toEqual({ ...item, ...changes });
    expect(item).toEqual(before);
  });

  it('removes a set with its last member', () => {
    expect(update('DELETE tags :xy')).not.toHaveProperty('tags');
  });

  it.each([
    ['SET a = absent', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET a = absent, b = s + :one', 'An operand in the update expression has an incorrect data type'],
    ['SET a = list_append(s, :l)', 'An operand in the update expression has an incorrect data type'],
    ['ADD s :one', 'An operand in the update expression has an incorrect data type'],
    ['ADD tags :nums', 'An operand in the update expression has an incorrect data type'],
    ['DELETE s :tags', 'An operand in the update expression has an incorrect data type'],
    ['SET absent.x = :one', 'The document path provided in the update expression is invalid for update'],
    ['SET s.x = :one', 'The document path provided in the update expression is invalid for update'],
    ['SET doc[0] = :one', 'The document path provided in the update expression is invalid for update'],
    ['SET letters[7].x = :one', 'The document path provided in the update expression is invalid for update'],
    ['REMOVE letters.x', 'The document path provided in the update expression is invalid for update'],
  ])('%s is refused', (text, message) => {
    expect(() => update(text)).toThrow(message);
  });

  it('hands out what it touched', () => {
    const parsed = parseUpdate(
      'SET doc.deep = :one, letters[1] = :one REMOVE s ADD n :one',
      new Placeholders({ values }),
    );
    expect(parsed.updatedPart(item)).toEqual({
      doc: { M: { deep: { N: '1' } } },
      letters: { L: [{ S: 'b' }] },
      s: { S: 'text' },
      n: { N: '10' },
    });
    expect(parsed.updatedPart(parsed.apply(item))).toEqual({
      doc: { M: { deep: { N: '1' } } },
      letters: { L: [{ N: '1' }] },
      n: { N: '11' },
    });
    expect(parsed.paths.map(([name]) => name)).toEqual(['doc', 'letters', 's', 'n']);
  });

  it('puts nothing too deep', () => {
    const nested = (levels: number): AttributeValue =>
      levels === 0 ? { S: 'x' } : { M: { a: nested(levels - 1) } };
    const put = (levels: number) =>
      parseUpdate('SET doc.added = :v', new Placeholders({ values: { ':v': nested(levels) } })).apply(item);
    expect(put(30)['doc']).toMatchObject({ M: { added: nested(30) } });
    expect(() => put(31)).toThrow(/^Nesting Levels have exceeded supported limits$/);
  });

  it('does not touch prototypes', () => {
    const placeholders = new Placeholders({ names: { '#p': '__proto__' }, values: { ':v': { S: 'v' } } });
    const after = parseUpdate('SET #p = :v', placeholders).apply({ pk: { S: 'k' } });
    expect(Object.keys(after)).toEqual(['pk', '__proto__']);
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
    expect(parseUpdate('REMOVE #p', new Placeholders({ names: { '#p': '__proto__' } })).apply(after)).toEqual(
      {
        pk: { S: 'k' },
      },
    );
  });
});

it('does not put a list together that no item can hold', () => {
  let value = 'els';
  for (let depth = 0; depth < 50; depth += 1) value = `list_append(if_not_exists(nowhere, ${value}), els)`;
  const update = parseUpdate(`SET els = ${value}`, new Placeholders());
  const els = { L: Array.from({ length: 90_000 }, () => ({ S: '' })) };
  expect(() => update.apply({ els })).toThrow('Item size to update has exceeded the maximum allowed size');
});
