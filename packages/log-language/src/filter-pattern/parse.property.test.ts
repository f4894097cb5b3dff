// Whatever the pattern and the events: the search over bytes finds exactly what the test of each event says, and that is
// what a reading of the messages without any cleverness says.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf } from './block.fixture.ts';
import { parseFilterPattern } from './parse.ts';
import { matching, patternOf } from './pattern.fixture.ts';

const word = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'A', '1'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
const message = fc
  .array(fc.oneof(word, fc.constantFrom(' ', 'ä', '"', '\\', '[', ']', '{')), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''));
const messages = fc.array(message, { maxLength: 12 });

describe('terms', () => {
  const sign = fc.constantFrom('', '', '-', '?');
  it('are found as by String.includes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sign, word), { maxLength: 4 }), messages, (terms, events) => {
        const of = (wanted: string) => terms.filter(([found]) => found === wanted).map(([, term]) => term);
        const [required, excluded, optional] = [of(''), of('-'), of('?')];
        const expected = events.filter((event) => {
          const holds = (term: string) => event.includes(term);
          if (required.length + excluded.length === 0) return optional.length === 0 || optional.some(holds);
          return required.every(holds) && !excluded.some(holds);
        });
        const pattern = terms.map(([mark, term]) => mark + term).join(' ');
        expect(matching(pattern, events)).toEqual(expected);
      }),
    );
  });
});

const key = fc.constantFrom('a', 'b', 'key', 'ä', 'x/y');
const scalar = fc.oneof(
  word,
  fc.constantFrom('', '5', 'x/y', 'q"q', 'ä'),
  fc.constantFrom(5, -1, 0.5, 1e21),
  fc.constantFrom(null, true, false),
);
const document = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
})).object;
/** A JSON text, some of whose characters are written as escapes. */
const jsonText = fc.tuple(document, fc.constantFrom('', 'a', '5', '/', 'ä')).map(([value, escaped]) => {
  const text = JSON.stringify(value);
  if (escaped === '') return text;
  const code = escaped.charCodeAt(0).toString(16).padStart(4, '0');
  return escaped === '5' ? text : text.replaceAll(escaped, escaped === '/' ? '\\/' : `\\u${code}`);
});

const step = fc.oneof(fc.constantFrom('.a', '.b', '.key', '[0]', '[1]', '.*', '[*]', "['ä']", "['x/y']"));
const selector = fc
  .tuple(fc.constantFrom('.a', '.b', '.key', "['x/y']", '.*'), fc.array(step, { maxLength: 2 }))
  .map(([first, rest]) => `$${first}${rest.join('')}`)
  .filter((text) => text.split('*').length <= 2);
const comparison = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('=', '!='),
      fc.constantFrom('a', '"a"', '"ab*"', '"*b"', '*', '5', '"5"', '"x/y"', '"q\\"q"', '"ä"', '""'),
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.constantFrom('5', '-1', '0.50', '1e21'))
    .map((parts) => parts.join('')),
  fc.constantFrom(' IS NULL', ' IS TRUE', ' IS FALSE', ' NOT EXISTS'),
);
const leaf = fc.tuple(selector, comparison).map((parts) => parts.join(''));
const jsonTest = fc.letrec<{ test: string }>((tie) => ({
  test: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('test'), fc.constantFrom('&&', '||'), tie('test'))
      .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
  ),
})).test;

describe('JSON patterns', () => {
  it('are found as by reading each event', () => {
    fc.assert(
      fc.property(
        jsonTest,
        fc.array(fc.oneof({ weight: 5, arbitrary: jsonText }, { weight: 1, arbitrary: message }), {
          maxLength: 12,
        }),
        (test, events) => {
          const pattern = `{ ${test} }`;
          fc.pre(parseFilterPattern(pattern).ok);
          matching(pattern, events);
        },
      ),
    );
  });

  it('say the opposite for = and != of strings and numbers only', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', '"5"', '5', '"ab*"'),
        fc.oneof(scalar, fc.array(scalar)),
        (value, node) => {
          const text = JSON.stringify({ a: node });
          const equal = patternOf(`{ $.a = ${value} }`).matches(text);
          const different = patternOf(`{ $.a != ${value} }`).matches(text);
          const comparable = typeof node === 'string' || typeof node === 'number';
          expect(equal !== different).toBe(comparable);
          if (!comparable) expect(equal || different).toBe(false);
        },
      ),
    );
  });
});

describe('column patterns', () => {
  const condition = fc.constantFrom('', '=a', '=a*', '!=1', '>0', '="ä"', '=%[ab]1%', '=*b*');
  it('are found as by reading each event', () => {
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '..., ', '...'),
        messages,
        (conditions, dots, events) => {
          const fields = conditions.map((text, index) => `f${index}${text}`).join(', ');
          const pattern = dots === '...' ? `[${fields}, ...]` : `[${dots}${fields}]`;
          fc.pre(parseFilterPattern(pattern).ok);
          matching(pattern, events);
        },
      ),
    );
  });
});

describe('parseFilterPattern', () => {
  it('answers for any text, and its answer names a place in it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('{', '}', '[', ']', '$.', '%', '"', '&&', '=', '...', '(', ')', '\\', 'IS ', '-', '?'),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, message, (source, event) => {
        const parsed = parseFilterPattern(source);
        if (parsed.ok) parsed.value.select(blockOf([event, event]), 0, 2, []);
        else expect(parsed.error.offset).toBeLessThanOrEqual(source.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
