import { describe, expect, test } from 'vitest';
import type { KubeSchema } from '../schema.ts';
import { CompiledRules } from './compiled-rules.ts';

const text: KubeSchema = { type: 'string' };
const whole: KubeSchema = { type: 'integer' };

/** What a schema of one property `x` with one rule says about a value that was another. */
function check(x: KubeSchema, rule: object, value: unknown, previous?: unknown): string[] {
  const rules = [rule as Readonly<Record<string, unknown>>];
  const schema: KubeSchema = {
    type: 'object',
    properties: { x: { ...x, 'x-kubernetes-validations': rules } },
  };
  const compiled = new CompiledRules(schema);
  expect(compiled.problems).toEqual([]);
  const before = previous === undefined ? undefined : { x: previous };
  return compiled.faults({ x: value }, before).map(({ field, message }) => `${field}: ${message}`);
}

describe('a rule', () => {
  test.each<readonly [string, KubeSchema, string, unknown, unknown]>([
    ['compares whole numbers', whole, 'self > 3', 4, 3],
    ['compares others', { type: 'number' }, 'self < 2.5', 2, 2.5],
    ['knows what is there', obj({ a: text }), 'has(self.a)', { a: '' }, {}],
    ['takes null as absent', obj({ a: text }), '!has(self.a)', { a: null }, { a: 'b' }],
    ['looks into lists', list(whole), 'self.all(n, n > 0)', [1, 2], [1, 0]],
    ['adds', list(whole), 'self.sum() == 6', [1, 2, 3], [1]],
    ['finds the least and the most', list(whole), 'self.max() - self.min() < 3', [1, 3], [1, 4]],
    ['looks for elements', list(text), "self.indexOf('b') == 1", ['a', 'b'], ['b', 'a']],
    ['wants an order', list(text), 'self.isSorted()', ['a', 'b'], ['b', 'a']],
    ['looks into maps', map(whole), 'self.all(k, self[k] > 0)', { a: 1 }, { a: 0 }],
    ['matches patterns', text, "self.matches('^a+$')", 'aa', 'ab'],
    ['finds patterns', text, "self.find('[0-9]+') == '12'", 'a12b', 'ab'],
    ['knows URLs', text, 'isURL(self)', 'https://a/b', 'a b'],
    ['measures durations', text, "duration(self) < duration('1h')", '30m', '90m'],
    [
      'measures dates',
      { type: 'string', format: 'date-time' },
      "self > timestamp('2020-01-01T00:00:00Z')",
      '2021-01-01T00:00:00Z',
      '2019-01-01T00:00:00Z',
    ],
    [
      'says odd names',
      obj({ 'a-b': whole, in: whole }),
      'self.a__dash__b < self.__in__',
      { 'a-b': 1, in: 2 },
      { 'a-b': 2, in: 2 },
    ],
    ['takes what may be both', { 'x-kubernetes-int-or-string': true }, "self == 5 || self == '5%'", 5, '6%'],
  ])('%s', (...[, schema, rule, good, bad]) => {
    expect(check(schema, { rule }, good)).toEqual([]);
    const [fault] = check(schema, { rule }, bad);
    expect(fault).toBe(`x: Invalid value: "${schema.type ?? 'object'}": failed rule: ${rule}`);
  });

  test('says its message, the words of its expression, and its reason', () => {
    const rule = 'self < 3';
    expect(check(whole, { rule, message: 'too large' }, 3)).toEqual([
      'x: Invalid value: "integer": too large',
    ]);
    const messageExpression = "'at most 2, not ' + string(self)";
    expect(check(whole, { rule, message: 'm', messageExpression }, 3)).toEqual([
      'x: Invalid value: "integer": at most 2, not 3',
    ]);
    expect(check(whole, { rule, message: 'm', messageExpression: "''" }, 3)).toEqual([
      'x: Invalid value: "integer": m',
    ]);
    expect(check(whole, { rule, message: 'm', reason: 'FieldValueForbidden' }, 3)).toEqual([
      'x: Forbidden: m',
    ]);
    expect(check(obj({ a: whole }), { rule: 'self.a < 3', message: 'm', fieldPath: '.a' }, { a: 3 })).toEqual(
      ['x.a: Invalid value: "object": m'],
    );
  });

  test('that compares with what was holds for what is new', () => {
    const rule = { rule: 'self == oldSelf', message: 'immutable' };
    expect(check(text, rule, 'a')).toEqual([]);
    expect(check(text, rule, 'a', 'a')).toEqual([]);
    expect(check(text, rule, 'a', 'b')).toEqual(['x: Invalid value: "string": immutable']);
  });

  test('may ask whether there was something', () => {
    const rule = { rule: "oldSelf.hasValue() || self == 'first'", message: 'm', optionalOldSelf: true };
    expect(check(text, rule, 'second')).toEqual(['x: Invalid value: "string": m']);
    expect(check(text, rule, 'first')).toEqual([]);
    expect(check(text, rule, 'second', 'first')).toEqual([]);
  });

  test('that fails to evaluate refuses the value', () => {
    expect(check(obj({ a: whole }), { rule: 'self.a > 1' }, {})).toEqual([
      'x: Invalid value: "object": rule evaluation error: No such key: a',
    ]);
  });
});

test('elements of lists with keys are compared with the element of the same key', () => {
  const items: KubeSchema = {
    type: 'object',
    properties: {
      name: text,
      size: { ...whole, 'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'shrinks' }] },
    },
  };
  const keyed: KubeSchema = {
    type: 'object',
    properties: {
      x: { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
    },
  };
  const before = {
    x: [
      { name: 'a', size: 1 },
      { name: 'b', size: 5 },
    ],
  };
  const after = {
    x: [
      { name: 'b', size: 4 },
      { name: 'a', size: 1 },
    ],
  };
  expect(new CompiledRules(keyed).faults(after, before).map(({ field }) => field)).toEqual(['x[0].size']);
  const plain: KubeSchema = { type: 'object', properties: { x: { type: 'array', items } } };
  expect(new CompiledRules(plain).faults(after, before)).toEqual([]);
});

test('rules at the root see the name', () => {
  const rules = [{ rule: "self.metadata.name == 'only' && self.kind == 'K'" }];
  const compiled = new CompiledRules({ type: 'object', 'x-kubernetes-validations': rules });
  expect(compiled.faults({ kind: 'K', metadata: { name: 'only' } }, undefined)).toEqual([]);
  expect(compiled.faults({ kind: 'K', metadata: { name: 'other' } }, undefined)).toHaveLength(1);
});

test('problems tell bad CEL from functions that are missing', () => {
  const rules = [{ rule: 'self +' }, { rule: "ip('1.1.1.1').family() == 4" }, { rule: 'true' }];
  const { problems } = new CompiledRules({
    type: 'object',
    properties: { x: { type: 'string', 'x-kubernetes-validations': rules } },
  });
  expect(problems.map(({ path, isSyntax }) => [path, isSyntax])).toEqual([
    ['.properties[x].x-kubernetes-validations[0].rule', true],
    ['.properties[x].x-kubernetes-validations[1].rule', false],
  ]);
});

function obj(properties: Record<string, KubeSchema>): KubeSchema {
  return { type: 'object', properties };
}

function list(items: KubeSchema): KubeSchema {
  return { type: 'array', items };
}

function map(additionalProperties: KubeSchema): KubeSchema {
  return { type: 'object', additionalProperties };
}
