import { assert, constantFrom, dictionary, property, string, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KubeStatus } from '../kube-status.ts';
import { assertSelectable, parseFieldSelector } from './field-selector.ts';
import { labelSelectorOf, parseLabelSelector, renderLabelSelector } from './label-selector.ts';
import { qualifiedNameErrors } from './label-syntax.ts';

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof KubeStatus && error.code === 400) return error.message;
    throw error;
  }
  throw new Error('did not throw');
}

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'front', empty: '', 'example.com/x': 'y' };

  test.each<[string, boolean]>([
    ['', true],
    ['   ', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web , tier=front', true],
    ['app=api', false],
    ['app!=api', true],
    ['missing!=api', true],
    ['app!=web', false],
    ['app in (api, web)', true],
    ['app in (api)', false],
    ['app notin (api)', true],
    ['missing notin (api)', true],
    ['missing in (api)', false],
    ['app', true],
    ['missing', false],
    ['!missing', true],
    ['! app', false],
    ['empty=', true],
    ['empty in ()', true],
    ['example.com/x=y', true],
    ['app,tier in (front),!missing', true],
  ])('%s', (selector, matches) => {
    expect(parseLabelSelector(selector).matches(labels)).toBe(matches);
  });

  test.each<[string, string]>([
    ['a=b,', `found '', expected: identifier after ','`],
    ['a b', `found 'b', expected: in, notin, =, ==, !=, gt, lt`],
    ['a in b', `found 'b' expected: '('`],
    ['=b', `found '=', expected: !, identifier, or 'end of string'`],
    ['a in (b', `found '', expected: ',' or ')'`],
    ['a=b c=d', `found 'c', expected: ',' or 'end of string'`],
  ])('%s is refused', (selector, message) => {
    expect(messageOf(() => parseLabelSelector(selector))).toBe(message);
  });

  test('keys and values must be labels', () => {
    expect(messageOf(() => parseLabelSelector('-a=b'))).toContain(
      'unable to parse requirement: key: Invalid value: "-a": name part must consist of',
    );
    expect(messageOf(() => parseLabelSelector('a=-b'))).toContain(
      'values[0][a]: Invalid value: "-b": a valid label must be an empty string',
    );
  });

  test('selector objects', () => {
    const selector = labelSelectorOf({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['front', 'back'] },
        { key: 'missing', operator: 'DoesNotExist' },
        { key: 'empty', operator: 'Exists' },
        { key: 'app', operator: 'NotIn', values: ['api'] },
      ],
    });
    expect(selector.matches(labels)).toBe(true);
    expect(selector.matches({ app: 'web' })).toBe(false);
    expect(labelSelectorOf({}).matches(undefined)).toBe(true);
    expect(labelSelectorOf(undefined).matches(labels)).toBe(false);
  });

  test('what is rendered is parsed to the same', () => {
    const names = constantFrom('a', 'b.c', 'example.com/d', 'in', 'notin');
    const values = constantFrom('', 'x', 'y-z', '1');
    assert(
      property(
        dictionary(names, values),
        uniqueArray(values, { minLength: 1 }),
        dictionary(names, values),
        (matchLabels, list, target) => {
          const given = labelSelectorOf({
            matchLabels,
            matchExpressions: [{ key: 'k', operator: 'NotIn', values: list }],
          });
          const parsed = parseLabelSelector(renderLabelSelector(given));
          expect(renderLabelSelector(parsed)).toBe(renderLabelSelector(given));
          expect(parsed.matches(target)).toBe(given.matches(target));
        },
      ),
    );
  });

  test('no text does anything but parse or give a 400', () => {
    assert(
      property(
        string({ unit: constantFrom('a', '=', '!', ',', '(', ')', ' ', 'in', '-', '<', '/') }),
        (text) => {
          try {
            parseLabelSelector(text).matches({ a: 'b' });
          } catch (error) {
            expect(error).toBeInstanceOf(KubeStatus);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each(['a', 'a.b_c-d', 'example.com/name', 'A'])('%s is a qualified name', (name) => {
    expect(qualifiedNameErrors(name)).toEqual([]);
  });
  test.each(['', '-a', 'a-', 'a/b/c', '/a', 'Up.com/a', 'a b', 'x'.repeat(64)])('%j is none', (name) => {
    expect(qualifiedNameErrors(name).length).toBeGreaterThan(0);
  });
});

describe('field selectors', () => {
  const fields = { 'metadata.name': 'web', 'status.phase': 'Running', 'spec.nodeName': '', odd: 'a,b=c\\' };

  test.each<[string, boolean]>([
    ['', true],
    ['metadata.name=web', true],
    ['metadata.name==web', true],
    ['metadata.name!=web', false],
    ['metadata.name=web,status.phase!=Failed', true],
    ['spec.nodeName=', true],
    ['unset=', true],
    ['unset!=', false],
    [String.raw`odd=a\,b\=c\\`, true],
    [',metadata.name=web,', true],
  ])('%s', (selector, matches) => {
    expect(parseFieldSelector(selector).matches(fields)).toBe(matches);
  });

  test('a pinned field is known, so that a list can be a read', () => {
    expect(parseFieldSelector('metadata.name=x,a!=b').pinned('metadata.name')).toBe('x');
    expect(parseFieldSelector('metadata.name!=x').pinned('metadata.name')).toBeUndefined();
  });

  test('refusals', () => {
    expect(messageOf(() => parseFieldSelector('abc'))).toBe(
      `unable to parse field selector: invalid selector: 'abc'; can't understand 'abc'`,
    );
    expect(messageOf(() => parseFieldSelector('a=b=c'))).toContain('unescaped character in value');
    expect(messageOf(() => parseFieldSelector(String.raw`a=b\c`))).toContain('invalid escape sequence');
    expect(messageOf(() => assertSelectable(parseFieldSelector('spec.foo=a'), ['metadata.name']))).toBe(
      'field label not supported: spec.foo',
    );
  });
});
