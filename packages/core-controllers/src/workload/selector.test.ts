import { expect, test } from 'vitest';
import { renderSelector } from './selector.ts';

test('a selector reads as a query', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['b', 'a'] },
    { key: 'old', operator: 'DoesNotExist' },
  ];
  expect(renderSelector({ matchLabels: { app: 'web' }, matchExpressions })).toBe(
    '!old,app=web,tier in (a,b)',
  );
});
