// PartiQL: statements as DynamoDB reads them, and what it says about those that it does not.
import { describe, expect, it } from 'vitest';
import type { Item } from '../attribute-value.ts';
import type { KeySchema } from '../key-condition/key-condition.ts';
import { bindActions, bindColumns, bindWhere } from './bind-statement.ts';
import { parseStatement } from './parse-statement.ts';
import type { SelectStatement, UpdateStatement } from './statement.ts';
import { readPlanOf, readTargetOf, writeTargetOf } from './statement-keys.ts';

const select = (text: string, parameters?: readonly unknown[]): SelectStatement => {
  const statement = parseStatement(text, parameters);
  if (statement.kind !== 'select') throw new Error('no SELECT');
  return statement;
};
const update = (text: string, parameters?: readonly unknown[]): UpdateStatement => {
  const statement = parseStatement(text, parameters);
  if (statement.kind !== 'update') throw new Error('no UPDATE');
  return statement;
};
const holds = (clause: string, item: Item, parameters?: readonly unknown[]): boolean =>
  bindWhere(select(`SELECT * FROM t WHERE ${clause}`, parameters).where).test(item);

const item: Item = {
  pk: { S: 'p' },
  sk: { S: '1' },
  n: { N: '1' },
  note: { S: "it's a--b /*c*/" },
  m: { M: { k: { L: [{ S: 'c' }] } } },
  tags: { SS: ['a'] },
  nil: { NULL: true },
};

describe('a statement', () => {
  it('selects columns of a table or an index', () => {
    const statement = select(
      'select m.k[0], "pk" from "my-table"."by-n" where pk = \'p\' order by sk desc, n;',
    );
    expect(statement).toMatchObject({
      table: 'my-table',
      index: 'by-n',
      exists: false,
      order: [
        { attribute: 'sk', descending: true },
        { attribute: 'n', descending: false },
      ],
    });
    expect(bindColumns(statement.columns ?? []).project(item)).toEqual({
      'k[0]': { S: 'c' },
      pk: { S: 'p' },
    });
    expect(select('SELECT/**/* FROM t -- all\n--').columns).toBeUndefined();
    expect(select("EXISTS(SELECT * FROM t WHERE a = 'b')").exists).toBe(true);
  });

  it('inserts literals and parameters', () => {
    const text = `INSERT INTO "t" VALUE {'pk': ?, 'n': - - 1.50, 's': <<'a','b'>>, 'ns': <<1, 2>>, 'l': [true, null, {'x': 'it''s'}], 'e': {}}`;
    expect(parseStatement(text, [{ S: 'p' }])).toEqual({
      kind: 'insert',
      table: 't',
      item: {
        pk: { S: 'p' },
        n: { N: '1.5' },
        s: { SS: ['a', 'b'] },
        ns: { NS: ['1', '2'] },
        l: { L: [{ BOOL: true }, { NULL: true }, { M: { x: { S: "it's" } } }] },
        e: { M: {} },
      },
    });
  });

  it('updates', () => {
    const statement = update(
      `UPDATE "t" SET n=n-1 SET a = list_append(m.k, ['z']), tags = set_add(tags, <<'b'>>) REMOVE note WHERE pk='p' AND sk='1' RETURNING ALL NEW *`,
    );
    expect(statement.returning).toBe('ALL NEW');
    expect(bindActions(statement.actions).apply(item)).toEqual({
      pk: { S: 'p' },
      sk: { S: '1' },
      n: { N: '0' },
      a: { L: [{ S: 'c' }, { S: 'z' }] },
      m: item['m'],
      tags: { SS: ['a', 'b'] },
      nil: { NULL: true },
    });
    expect(parseStatement(`DELETE FROM t WHERE pk='p' RETURNING ALL OLD *`)).toMatchObject({
      returning: 'ALL OLD',
    });
  });
});

describe('a WHERE clause', () => {
  it.each([
    "n = 1 AND (sk > '0' OR pk = 'x')",
    'NOT n <> 1.0',
    'n>-5 and -5<n',
    'n BETWEEN - 2 AND +5 AND n IN [- 1, 1]',
    "sk IN ('1', '2')",
    "note = 'it''s a--b /*c*/'",
    'absent IS MISSING AND n IS NOT MISSING',
    'nil IS NULL AND n IS NOT NULL',
    "begins_with(note, 'it') AND CONTAINS(tags, 'a') and size(m) = 1",
    "attribute_type(n, 'N') AND m.k[0] = 'c'",
    'n NOT IN [2, 3] AND n NOT BETWEEN 5 AND 6',
    "m.k = ['c'] AND tags = <<'a'>> AND n != 2",
    'attribute_exists(absent) = false AND attribute_exists(n) <> false',
    '(n BETWEEN 0 AND 5) = true AND NOT (n = 5 OR n = 6) = true',
    'NOT (attribute_exists(n) = true) = false',
  ])('%s', (clause) => {
    expect(holds(clause, item)).toBe(true);
  });

  it('takes parameters of every type', () => {
    expect(holds('tags = ? AND n = ?', item, [{ SS: ['a'] }, { N: '1.0' }])).toBe(true);
    expect(holds('"pk" = ?', item, [{ S: 'q' }])).toBe(false);
  });
});

describe('a statement that is refused', () => {
  it.each([
    [
      "UPDATE t SET t=1 WHERE pk='minus' garbage",
      "Statement wasn't well formed, can't be processed: Unexpected token after expression",
    ],
    ['SELECT l[-1] FROM t', 'List index is not within the allowable range; index: [-1] at 1:10:1'],
    [
      'SELECT l[2147483648] FROM t',
      'List index is not within the allowable range; index: [2147483648] at 1:10:10',
    ],
    [
      "UPDATE t\nSET b = set_add(b, 'x') WHERE pk='s'",
      'The second argument to SET_ADD must be a value with type SET at 2:9:8',
    ],
    [
      "UPDATE t SET s = set_add(s, <<'b','b'>>)",
      'One or more parameter values were invalid: Input collection [b, b] contains duplicates.',
    ],
    [
      'UPDATE t SET n = <<2, 2.0>>',
      'One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root',
    ],
    ['UPDATE t SET x = [?]', 'Unsupported data type: Parameter under key root[0] at 1:19:1'],
    ["INSERT INTO t VALUE {'m':{'k':?}}", 'Unsupported data type: Parameter under key root.m.k at 1:31:1'],
    ["INSERT INTO t VALUE {'': 1}", 'Empty attribute name'],
    ['SELECT * FROM t WHERE a = ?', "Number of parameters in request and statement don't match."],
    [
      `UPDATE t SET d = ${"{'a':".repeat(32)}1${'}'.repeat(32)}`,
      `Nesting Levels have exceeded supported limits under root${'.a'.repeat(32)}`,
    ],
    [
      `UPDATE t SET d = {'a':${'['.repeat(31)}1${']'.repeat(31)}}`,
      `Nesting Levels have exceeded supported limits under root.a${'[0]'.repeat(31)}`,
    ],
  ])('%s', (text, message) => {
    expect(() => parseStatement(text)).toThrow(
      new RegExp(`^${message.replace(/[.[\]()?*+-]/g, String.raw`\$&`)}$`),
    );
  });

  it.each([
    'SELECT',
    'SELECT * FROM',
    'SELECT * t',
    'SELECT a[1.5] FROM t',
    'SELECT * FROM t WHERE',
    'DROP t',
    "SELECT * FROM t WHERE a = 'x",
    'SELECT * FROM t /* open',
    'SELECT * FROM t WHERE a',
    'SELECT * FROM t WHERE a > -?',
    'SELECT * FROM t WHERE a > -b',
    'SELECT * FROM t WHERE (a=1',
    'UPDATE t WHERE a=1',
    "INSERT INTO t VALUE {pk:'x'}",
    'SELECT * FROM t WHERE a IN [1, 2',
    'SELECT * FROM select',
    `SELECT * FROM t WHERE ${'('.repeat(4_000)}`,
    `SELECT * FROM t WHERE ${'NOT '.repeat(2_000)}a=1`,
    `SELECT * FROM t WHERE ${'size('.repeat(1_500)}`,
  ])('%s', (text) => {
    expect(() => parseStatement(text)).toThrow(/^Statement wasn't well formed, can't be processed: /);
  });

  it('is refused for its operands', () => {
    const wrong = (operator: string, type: string): RegExp =>
      new RegExp(
        `^Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}$`,
      );
    expect(() => holds('attribute_type(l, 1)', item)).toThrow(wrong('attribute_type', 'N'));
    expect(() => holds('a < ?', item, [{ BOOL: true }])).toThrow(wrong('<', 'BOOL'));
    expect(() => holds('a BETWEEN true AND false', item)).toThrow(wrong('BETWEEN', 'BOOL'));
    expect(() => bindActions(update("UPDATE t SET n = 'a' + 1").actions)).toThrow(wrong(String.raw`\+`, 'S'));
    expect(() => holds(`a IN [${'1,'.repeat(100)}1]`, item)).toThrow(
      /^The IN operator is provided with too many operands; number of operands: 101$/,
    );
    expect(() => parseStatement('SELECT * FROM t WHERE', [{ SS: ['a', 'a'] }])).toThrow(
      'Input collection [a, a]',
    );
  });
});

const schema: KeySchema = { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'S' } };
const plan = (clause: string) => readPlanOf(select(`SELECT * FROM t WHERE ${clause}`).where, schema);
const target = (clause: string) => writeTargetOf(update(`UPDATE t SET a=1 WHERE ${clause}`).where, schema);

describe('keys in a WHERE clause', () => {
  it('plan a read', () => {
    expect(plan("n = 1 AND pk = 'a'")).toEqual({ partitions: [{ S: 'a' }] });
    expect(plan("(pk = 'a' AND sk >= '1') AND n = 1")).toEqual({
      partitions: [{ S: 'a' }],
      sort: { name: 'sk', operator: '>=', value: { S: '1' } },
    });
    expect(plan("pk IN ['a','b'] AND begins_with(sk, 'x')")).toEqual({
      partitions: [{ S: 'a' }, { S: 'b' }],
      sort: { name: 'sk', operator: 'begins_with', value: { S: 'x' } },
    });
    expect(plan("pk = 'a' OR 'b' = pk")).toEqual({ partitions: [{ S: 'a' }, { S: 'b' }] });
    expect(plan("pk > 'a'")).toBeUndefined();
    expect(plan("pk = 'a' OR n = 1")).toBeUndefined();
    expect(plan("NOT pk = 'a'")).toBeUndefined();
    expect(plan("pk.x = 'a'")).toBeUndefined();
    expect(() => plan("pk IN ['a','a']")).toThrow(
      'Overlapping conditions with range keys are not supported in where clause',
    );
    expect(() => plan("pk = 1 OR pk = 'a'")).toThrow(
      "Key attribute's data type should match its data type in table's schema: Key pk",
    );
    expect(() => plan(`pk IN [${Array.from({ length: 51 }, (_, at) => `'${at}'`).join(',')}]`)).toThrow(
      'Too many decomposed read operations for a given query.',
    );
  });

  it('name the item of a write', () => {
    expect(target("(pk='a' AND sk='1') AND n=2 AND pk='a'")).toMatchObject({
      key: { pk: { S: 'a' }, sk: { S: '1' } },
      rest: { kind: 'and', parts: [{ kind: 'comparison' }] },
    });
    expect(target("pk='a' AND '1'=sk").rest).toBeUndefined();
    for (const clause of ["pk='a'", "pk='a' OR sk='1'", "pk IN ['a'] AND sk='1'", "pk='a' AND sk>'1'"])
      expect(() => target(clause)).toThrow(
        'Where clause does not contain a mandatory equality on all key attributes',
      );
    const read = readTargetOf(
      select("SELECT * FROM t WHERE pk IN ['a'] AND sk IN ['1'] AND n IN [1, 2]").where,
      schema,
    );
    expect(read).toMatchObject({
      key: { pk: { S: 'a' }, sk: { S: '1' } },
      rest: { parts: [{ kind: 'in' }] },
    });
    expect(() => target("pk='a' AND sk='1' AND pk='b'")).toThrow(
      'Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported',
    );
  });
});
