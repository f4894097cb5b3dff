import { expect, test } from 'vitest';
import { selectorMatches } from './label-selector.ts';

const labels = { app: 'web', tier: 'front' };

test.each([
  [undefined, false],
  [{}, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', tier: 'back' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['web'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'Near' }] }, false],
])('%j matches: %s', (selector, expected) => {
  expect(selectorMatches(selector, labels)).toBe(expected);
});

test('a pod without labels is matched only by absence', () => {
  expect(selectorMatches({ matchLabels: { app: 'web' } }, undefined)).toBe(false);
  expect(selectorMatches({ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, undefined)).toBe(
    true,
  );
});
