// What must hold for all texts, all events, and all ways to split the work.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileQuery } from './compile-query.ts';
import { blockOf, compiled, context, runQuery, startMs, type TestEvent } from './query.fixture.ts';

const words = fc.constantFrom(
  'error',
  'warn',
  'a/b',
  'x"y',
  'ü€',
  '50',
  '5',
  '1',
  'true',
  'back\\slash',
  '\ud83d\ude00',
  '',
);
const value = fc.oneof(
  words,
  fc.integer({ min: -3, max: 600 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const document = fc.record(
  {
    level: value,
    status: value,
    ms: value,
    k: fc.record({ ns: words }),
    list: fc.array(value, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const message = fc.oneof(
  document.map((json) => JSON.stringify(json)),
  document.map((json) => JSON.stringify(json, undefined, 1)),
  // The same letters, written as escapes.
  document.map((json) => JSON.stringify(json).replaceAll('r', '\\u0072')),
  document.map((json) => JSON.stringify(json).replaceAll('/', '\\/')),
  fc.tuple(words, words).map(([first, second]) => `plain ${first}${second} 12`),
);
const bytes = fc.oneof(
  { weight: 9, arbitrary: message.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 12 }).map((array) => Buffer.from(array)) },
);
const events = fc.array(
  fc.record({
    message: bytes.filter((body) => body.length > 0),
    timestampMs: fc.integer({ min: startMs, max: startMs + 20_000 }),
    stream: fc.constantFrom('one', 'two'),
  }),
  { maxLength: 40 },
);

const queries = [
  'fields @timestamp, @message',
  'fields level, status * 2 as double | filter status != 5 | limit 7',
  'sort status desc, level | fields status, level, @logStream | limit 5',
  'fields ms | sort ms | limit 3 | sort @timestamp',
  'dedup level, status | limit 4',
  'sort ms asc | dedup level',
  'filter ispresent(ms) | stats count(*), sum(ms), avg(ms), stddev(ms), min(ms), max(ms), pct(ms, 75) by level',
  'stats count_distinct(level), earliest(status), latest(status), sortsFirst(level), sortsLast(level) by bin(3s), k.ns',
  'stats count(*) as n by level, status | filter n > 1 | stats sum(n) as all by level | sort all desc',
  'parse @message /(?<n>\\d+)/ multi | stats sum(n) as s, count(*) by @logStream',
  'expand list | fields list, level | sort list | limit 6',
  'fields jsonParse(@message) as j | unnest j.list into item | stats count(*) by item, j.level',
  'pattern @message | sort @pattern | limit 9',
  'fields ms | limit 9 | accum ms as total | filldown | addtotals col=true',
  'countFrequent level, status',
] as const;

/** How one event comes to one of the runs. */
const split = fc.array(fc.record({ run: fc.nat({ max: 3 }), size: fc.integer({ min: 1, max: 9 }) }), {
  minLength: 1,
  maxLength: 40,
});

describe('runs', () => {
  it.each(queries)('put together in any way give the same rows: %s', (text) => {
    fc.assert(
      fc.property(events, split, fc.infiniteStream(fc.nat()), (all, shares, order) => {
        const query = compiled(text);
        const whole = runQuery(text, all);
        const runs = Array.from({ length: 4 }, () => query.start());
        for (const { run, from, to } of shuffled(sharesOf(all, shares), order)) {
          runs[run]?.add(blockOf(all), from, to);
        }
        const partials = runs.map((run) => structuredClone(run.partial()));
        // Twice, since intermediate results must not spoil later ones.
        query.finish(partials);
        expect(query.finish(partials.toReversed())).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('may go on after a partial state', () => {
    fc.assert(
      fc.property(events, fc.constantFrom(...queries), (all, text) => {
        const query = compiled(text);
        const run = query.start();
        const middle = all.length >> 1;
        run.add(blockOf(all), 0, middle);
        const early = run.partial();
        const before = JSON.stringify(query.finish([early]));
        run.add(blockOf(all), middle, all.length);
        expect(JSON.stringify(query.finish([early]))).toBe(before);
        expect(query.finish([run.partial()])).toEqual(runQuery(text, all));
      }),
      { numRuns: 100 },
    );
  });
});

interface Share {
  readonly run: number;
  readonly from: number;
  readonly to: number;
}

function sharesOf(
  all: readonly TestEvent[],
  shares: readonly { readonly run: number; readonly size: number }[],
): Share[] {
  const found: Share[] = [];
  let from = 0;
  for (let index = 0; from < all.length; index += 1) {
    const { run, size } = shares[index % shares.length] ?? { run: 0, size: 1 };
    found.push({ run, from, to: Math.min(from + size, all.length) });
    from += size;
  }
  return found;
}

function shuffled<T>(items: readonly T[], numbers: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, key: Number(numbers.next().value) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Few words and fields, so that filters and events meet. */
const word = fc.constantFrom('error', 'a/b', 'x"y', 'ü€', '50', '1', 'back\\slash');
const said = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 4, arbitrary: fc.constantFrom(50, 500, 500, 1, 5.5, 5e21, -50, '5e1', '050') },
  fc.boolean(),
);
const spoken = fc.record({ level: said, k: fc.record({ ns: said }), list: fc.tuple(said) });
const spelled = fc
  .tuple(spoken, fc.constantFrom('plain', 'letters', 'slashes', 'blanks'))
  .map(([json, spelling]) => {
    if (spelling === 'blanks') return JSON.stringify(json, undefined, 1);
    const text = JSON.stringify(json);
    if (spelling === 'slashes')
      return text.replaceAll('/', '\\/').replaceAll(':50,', ' : 50.0 ,').replaceAll(':500', ':5E2');
    return spelling === 'letters'
      ? text.replaceAll(/[rün]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
      : text;
  });
const speech = fc.array(
  fc.record({
    message: fc.oneof(
      { weight: 5, arbitrary: spelled },
      word.map((text) => `plain ${text} 12`),
    ),
    timestampMs: fc.constant(startMs),
  }),
  { minLength: 8, maxLength: 25 },
);
const literal = word.map((text) => JSON.stringify(text));
const name = fc.constantFrom('level', 'k.ns', 'list.0', '@message');
const regex = fc.constantFrom(
  '/err+or/',
  '/a.b|back/',
  '/^\\{/',
  '/x"y/',
  '/(?i)ERROR/',
  '/plain \\w+ 12$/',
  '/50/',
  '/ü€?/',
  '/er[r]or/',
);
const comparison = fc.oneof(
  fc.tuple(name, literal).map(([field, word]) => `${field} = ${word}`),
  fc.tuple(name, literal).map(([field, word]) => `${word} = ${field}`),
  fc.tuple(name, literal).map(([field, word]) => `${field} like ${word}`),
  fc.tuple(name, regex).map(([field, pattern]) => `${field} like ${pattern}`),
  fc
    .tuple(name, fc.array(literal, { minLength: 1, maxLength: 3 }))
    .map(([field, list]) => `${field} in [${list.join(', ')}]`),
  fc
    .tuple(name, fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.constantFrom(0, 1, 50, 500, -50, 5.5))
    .map(([field, operator, number]) => `${field} ${operator} ${number}`),
  fc
    .tuple(name, fc.constantFrom('=', '<', '>='), fc.constantFrom(1, 50))
    .map(([field, operator, number]) => `${number} ${operator} ${field}`),
);
const condition = fc.oneof(
  comparison,
  fc.tuple(comparison, comparison).map(([left, right]) => `${left} and ${right}`),
  fc.tuple(comparison, comparison).map(([left, right]) => `${left} or ${right}`),
  fc.tuple(comparison, comparison, comparison).map(([a, b, c]) => `(${a} or ${b}) and not ${c}`),
);

describe('the search in bytes', () => {
  it('finds the events that looking at each of them finds', () => {
    fc.assert(
      fc.property(speech, condition, (all, text) => {
        // A double negation says the same, and nothing can be searched for.
        const slow = runQuery(`fields @message | filter not (not (${text}))`, all);
        expect(runQuery(`fields @message | filter ${text}`, all)).toEqual(slow);
        expect(runQuery(`fields @message | filter ${text} | filter ${text}`, all)).toEqual(slow);
      }),
      { numRuns: 400 },
    );
  });

  it('finds numbers in whatever way they are written', () => {
    const spellings = ['500', '5E2', '500.0', '"500"', '0.5e3', '"+500"', ' 500 '].map(
      (number) => `{"n":${number}}`,
    );
    const others = [
      '{"n":50}',
      '{"n":-500}',
      '{"m":{"n":500}}',
      '{"n":5000}',
      '{"x":"n\\":500"}',
      '{"n":500',
    ];
    const all = [...spellings, '{"\\u006e":500}', ...others].map((text, index) => ({
      message: text,
      timestampMs: startMs + index,
    }));
    expect(runQuery('filter n = 500', all).recordsMatched).toBe(spellings.length + 1);
    expect(runQuery('filter 500 <= n', all).recordsMatched).toBe(spellings.length + 2);
  });

  it('gives up where nearly all events match, and goes on where it must', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({
      message: index % 3 === 0 ? '{"level":"warn"}' : '{"level":"error"}',
      timestampMs: startMs + index,
    }));
    const field = runQuery('filter level = "error" | stats count(*) as n', many);
    const text = runQuery('filter @message like "error" | stats count(*) as n', many);
    expect(field.recordsMatched).toBe(2000);
    expect(text).toEqual(field);
  });
});

describe('texts', () => {
  const pieces = fc.constantFrom(
    ...'fields filter stats sort limit parse dedup by as and or not like in count(*) count( abs( bin(5m) @message a.b `x` "y" 1 2.5e3 5m /r/ | , ( ) [ ] = != < + - * / ^ % =~ asc desc multi # \n'.split(
      ' ',
    ),
  );

  it('compile or are refused with a place in the text, and never throw', () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.array(pieces, { maxLength: 25 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const result = compileQuery(text, context);
        if (result.ok) return;
        const { offset, endOffset, line, column } = result.error;
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThanOrEqual(endOffset);
        expect(endOffset).toBeLessThanOrEqual(text.length);
        const lines = text.split('\n').slice(0, line - 1);
        expect(lines.reduce((sum, one) => sum + one.length + 1, 0) + column - 1).toBe(offset);
      }),
      { numRuns: 1000 },
    );
  });
});
