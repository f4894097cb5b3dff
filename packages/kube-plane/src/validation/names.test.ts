import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelFaults, nameErrors } from './names.ts';

it.each([
  ['a-b.c', 'subdomain', true],
  ['A', 'subdomain', false],
  ['a.b', 'label', false],
  ['1a', 'label', true],
  ['1a', 'dns1035', false],
  ['system:node', 'path', true],
  ['a/b', 'path', false],
  ['..', 'path', false],
  ['', 'subdomain', false],
  ['a'.repeat(64), 'label', false],
  ['a'.repeat(254), 'subdomain', false],
] as const)('%s as %s', (name, rule, valid) => {
  expect(nameErrors(name, rule).length === 0).toBe(valid);
});

it('takes linear time on hostile names', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50_000 }), (length) => {
      expect(nameErrors(`${'a-'.repeat(length)}.`, 'subdomain').length).toBeGreaterThan(0);
    }),
    { numRuns: 10 },
  );
});

it('names the label that is wrong', () => {
  expect(labelFaults({ 'a/b/c': 'x', ok: 'a b' }, 'metadata.labels').map((fault) => fault.field)).toEqual([
    'metadata.labels',
    'metadata.labels',
  ]);
});
