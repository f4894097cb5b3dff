// The scanner against the definition, and the definition against JSON.parse.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toText, type Value } from '../values/value.ts';
import { FieldPlan } from './field-plan.ts';
import { FieldScanner } from './field-scanner.ts';
import { depthMax, fieldsMax, flatten } from './flatten.ts';

/** What the scanner finds of `names` in `message`, which lies among other bytes. */
function scan(message: string, names: readonly string[]): (Value | undefined)[] {
  const plan = new FieldPlan();
  for (const [slot, name] of names.entries()) plan.want(name, slot);
  const before = Buffer.from('{"before":');
  const body = Buffer.from(message);
  const values: Value[] = names.map(() => 'old');
  const bytes = Buffer.concat([before, body, Buffer.from('"after":1}')]);
  new FieldScanner(plan).read(bytes, before.length, before.length + body.length, values);
  return values.map((value) => (value === undefined ? undefined : toText(value)));
}

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'a.b', '@t', '0', '1', '', 'ü', 'a"b', 'x\\y', '__proto__'),
  fc.string({ maxLength: 4 }),
);
const { json } = fc.letrec<{ json: unknown; object: unknown }>((tie) => ({
  object: fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  json: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(true, false, null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.array(tie('json'), { maxLength: 3 }),
    tie('object'),
  ),
}));
const document = fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true });
/** JSON with blanks, escapes and doubled keys that JSON.stringify would not write. */
const text = fc
  .tuple(document, document, fc.constantFrom(undefined, 1, '\t'), fc.boolean(), fc.boolean())
  .map(([first, second, indent, doubled, escaped]) => {
    const written = JSON.stringify(first, undefined, indent);
    const joined = doubled
      ? `${written.trimEnd().slice(0, -1)}, "z": 1, ${JSON.stringify(second).slice(1)}`
      : written;
    const valid = isJson(joined) ? joined : written;
    return escaped ? valid.replaceAll('a', '\\u0061').replaceAll('\\\\u0061', 'a') : valid;
  });
const nearly = fc
  .tuple(
    text,
    fc.nat(),
    fc.constantFrom('', '"', '{', '}', ',', ':', '\\', '0', '-', 'e', ' ', '\u0001', 'true'),
  )
  .map(([whole, at, piece]) => {
    const place = at % (whole.length + 1);
    return whole.slice(0, place) + piece + whole.slice(place + 1);
  });
const names = fc.array(
  fc.oneof(fc.array(key, { minLength: 1, maxLength: 3 }).map((keys) => keys.join('.'))),
  {
    minLength: 1,
    maxLength: 6,
  },
);

function isJson(candidate: string): boolean {
  try {
    JSON.parse(candidate);
    return true;
  } catch {
    return false;
  }
}

describe('the scanner', () => {
  it('finds what flatten finds', () => {
    fc.assert(
      fc.property(fc.oneof(text, nearly), names, (written, wanted) => {
        // Half of a surrogate pair is no UTF-8.
        const message = Buffer.from(written).toString();
        const fields = flatten(message);
        const all = [...new Set([...wanted, ...[...fields.keys()].slice(0, 5)])];
        // One's own names that begin with one @ cannot be asked for.
        const expected = all.map((name) => (/^@(?!@)/.test(name) ? undefined : fields.get(name)));
        expect(scan(message, all)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('finds it in messages that lie one behind another, in whatever order they are read', () => {
    const messages = fc.array(fc.oneof(text, nearly), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(messages, names, fc.array(fc.nat(), { maxLength: 8 }), (written, some, jumps) => {
        const wanted = [...new Set(some)];
        const plan = new FieldPlan();
        for (const [slot, name] of wanted.entries()) plan.want(name, slot);
        const scanner = new FieldScanner(plan);
        const bodies = written.map((message) => Buffer.from(message));
        const bytes = Buffer.concat(bodies);
        const order = [...bodies.keys()].toReversed();
        for (const index of [...order, ...jumps.map((jump) => jump % bodies.length)]) {
          const start = Buffer.concat(bodies.slice(0, index)).length;
          const body = bodies[index] ?? Buffer.alloc(0);
          const values: Value[] = [];
          scanner.read(bytes, start, start + body.length, values);
          const fields = flatten(body.toString());
          const expected = wanted.map((name) => (/^@(?!@)/.test(name) ? undefined : fields.get(name)));
          const found = wanted.map((_name, slot) => values[slot]);
          expect(found.map((value) => (value === undefined ? undefined : toText(value)))).toEqual(expected);
        }
      }),
    );
  });

  it('passes over what is not one JSON object', () => {
    for (const message of [
      '',
      '1',
      '[{"a":1}]',
      '{"a":1}x',
      '{"a":01}',
      '{"a":1,}',
      "{'a':1}",
      '{"a":1',
      '{"a":"\n"}',
    ]) {
      expect(scan(message, ['a'])).toEqual([undefined]);
      expect(flatten(message).size).toBe(0);
    }
    expect(scan(' \t\r\n{ "a" : 1 } ', ['a'])).toEqual(['1']);
  });

  it('stops at the bounds of fields and depth', () => {
    const many = Object.fromEntries(
      Array.from({ length: fieldsMax + 1 }, (_, index) => [`k${index}`, [index]]),
    );
    const message = JSON.stringify(many);
    expect(flatten(message).size).toBe(fieldsMax);
    expect(scan(message, [`k${fieldsMax - 1}.0`, `k${fieldsMax}.0`])).toEqual([
      String(fieldsMax - 1),
      undefined,
    ]);
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const name = (depth: number) => Array.from({ length: depth }, () => 'a').join('.');
    expect(flatten(nested(depthMax)).size).toBe(1);
    expect(flatten(nested(depthMax + 1)).size).toBe(0);
    expect(scan(nested(depthMax), [name(depthMax), name(depthMax - 1)])).toEqual(['1', undefined]);
    expect(scan(`{"x":1,"y":${nested(depthMax)}}`, ['x'])).toEqual([undefined]);
    expect(scan(`{"x":1,"y":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, ['x'])).toEqual([undefined]);
  });
});

describe('flatten', () => {
  it('names the leaves of what JSON.parse makes', () => {
    fc.assert(
      fc.property(document, (value) => {
        const fields = flatten(JSON.stringify(value));
        const expected = new Map<string, string>();
        collect(JSON.parse(JSON.stringify(value)), undefined, expected);
        // The order of keys that are numbers is not that of the text; which of two equal names wins depends on it.
        expect([...fields.keys()].sort()).toEqual([...expected.keys()].sort());
      }),
    );
  });

  it('keeps numbers, shows truth as 1 and 0, and leaves null out', () => {
    expect([...flatten('{"a":1.50,"b":[true,{"c":false}],"d":null,"@e":"x","f":{},"a":2e3}')]).toEqual([
      ['a', '2e3'],
      ['b.0', '1'],
      ['b.1.c', '0'],
      ['@@e', 'x'],
    ]);
  });
});

function collect(value: unknown, name: string | undefined, into: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    if (value === null) into.delete(name ?? '');
    else into.set(name ?? '', String(value));
    return;
  }
  for (const [own, item] of Object.entries(value)) {
    collect(item, name === undefined ? own.replace(/^@/, '@@') : `${name}.${own}`, into);
  }
}
