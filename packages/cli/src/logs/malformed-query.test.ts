import { AwsError } from '@pergola/aws-client';
import { expect, test } from 'vitest';
import { malformedQuery, pointAt } from './malformed-query.ts';

test('the place is pointed at', () => {
  const error = new AwsError(400, 'MalformedQueryException', 'unexpected symbol', {
    members: {
      queryCompileError: {
        location: { startCharOffset: 14, endCharOffset: 17 },
        message: 'unknown function foo',
      },
    },
  });
  const told = malformedQuery('filter a = 1 |\nstats foo(1)', error);
  expect(told?.parts.what).toBe('the query cannot be read: unknown function foo');
  expect(malformedQuery('x', new AwsError(400, 'AccessDenied', 'no'))).toBeUndefined();
});

test.each([
  ['fields @x | foo', 12, 15, 'fields @x | foo\n              ^^^'],
  ['a\nbb cc', 5, 7, 'bb cc\n     ^^'],
  ['short', 99, 120, 'short\n       ^'],
  ['one\ntwo', 1, 7, 'one\n   ^^'],
  ['', 0, 0, '\n  ^'],
])('%j from %i to %i', (text, start, end, shown) => {
  expect(pointAt(text, start, end)).toBe(shown);
});

test('without a place AWS’s words are enough', () => {
  const error = new AwsError(400, 'MalformedQueryException', 'unexpected symbol found');
  expect(malformedQuery('x', error)?.parts).toMatchObject({
    what: 'the query cannot be read: unexpected symbol found',
  });
});
