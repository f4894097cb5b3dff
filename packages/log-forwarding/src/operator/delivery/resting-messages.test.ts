import { expect, test } from 'vitest';
import { RestingMessages } from './resting-messages.ts';

const failing = (resource: string, request: string, since = 'a') => ({
  type: 'Delivering',
  status: 'False' as const,
  reason: 'AccessDenied',
  message: `does not deliver since ${since}: logs:PutLogEvents: AccessDenied; resource ${resource}; request ${request}`,
});

test('another request is nothing new, another resource only after a while, another beginning at once', () => {
  const messages = new RestingMessages();
  const at = (nowMs: number) => ({ key: 'k', nowMs });
  const first = messages.settle(failing('one', 'r-1'), undefined, at(0));
  expect(first.message).toContain('request r-1');
  expect(messages.settle(failing('one', 'r-2'), [first], at(60_000))).toEqual(first);
  const later = new RestingMessages();
  const shown = later.settle(failing('one', 'r-1'), undefined, at(0));
  expect(later.settle(failing('two', 'r-2'), [shown], at(29_999))).toEqual(shown);
  expect(later.settle(failing('two', 'r-2'), [shown], at(30_000)).message).toContain('resource two');
  expect(later.settle(failing('one', 'r-3', 'b'), [shown], at(30_001)).message).toContain('since b');
});

test('another status or reason is said at once', () => {
  const messages = new RestingMessages();
  const before = [failing('one', 'r-1')];
  const mended = {
    type: 'Delivering',
    status: 'True' as const,
    reason: 'LogsDelivered',
    message: 'delivers',
  };
  expect(messages.settle(mended, before, { key: 'k', nowMs: 0 })).toEqual(mended);
  const throttled = { ...failing('one', 'r-1'), reason: 'Throttled' };
  expect(messages.settle(throttled, before, { key: 'k', nowMs: 0 })).toEqual(throttled);
});
