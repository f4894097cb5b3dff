// Following a group: history, then what arrives, each event once, over broken connections too.
import { AwsError, createTransport } from '@pergola/aws-client';
import { type Clock, systemClock } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { followGroups } from '../src/logs/follow.ts';
import type { LogGroup } from '../src/logs/logs-api.ts';
import { startLogs, type Tail, type WireEvent } from './logs-endpoint.ts';

const group: LogGroup = {
  name: 'shop',
  arn: 'arn:aws:logs:us-east-1:123456789012:log-group:shop',
  storedBytes: 0,
  retentionDays: undefined,
  createdMs: 0,
  class: 'STANDARD',
};
const event = (message: string, timestamp: number): WireEvent => ({
  logStreamName: 's',
  timestamp,
  ingestionTime: timestamp + 1,
  message,
});
/** Waiting before a new connection takes no time here. */
const clock: Clock = { ...systemClock, sleep: async () => {} };

async function scene(
  pages: () => readonly (readonly WireEvent[])[],
  onTail: (tail: Tail, count: number) => void,
) {
  let tails = 0;
  const logs = await startLogs(pages, (tail) => onTail(tail, ++tails));
  const transport = createTransport();
  const stop = new AbortController();
  const seen: string[] = [];
  const notices: string[] = [];
  const follow = (more: { pattern?: string; streamPrefix?: string } = {}) =>
    followGroups({
      target: {
        endpoint: logs.url,
        credentials: { accessKeyId: 'A', secretAccessKey: 'B' },
        region: 'us-east-1',
        clock: systemClock,
        transport,
      },
      groups: [group],
      sinceMs: 0,
      clock,
      signal: stop.signal,
      onEvent: ({ message, group: name }) => {
        seen.push(message);
        expect(name).toBe('shop');
        if (message === 'end') stop.abort();
      },
      onNotice: (text) => notices.push(text),
      ...more,
    });
  return {
    follow,
    seen,
    notices,
    filtered: logs.filtered,
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await logs[Symbol.asyncDispose]();
    },
  };
}

test('history comes first, and what the tail brings again is shown once', async () => {
  const [one, two] = [event('one', 1), event('two', 2)];
  await using it = await scene(
    () => [[one], [two, two]],
    (tail) => {
      expect(tail.body).toEqual({
        logGroupIdentifiers: [group.arn],
        logEventFilterPattern: 'ERROR',
        logStreamNamePrefixes: ['s'],
      });
      tail.update([two, event('three', 3)]);
      tail.update([two, two]);
      tail.update([event('end', 4)]);
    },
  );
  await it.follow({ pattern: 'ERROR', streamPrefix: 's' });
  expect(it.seen).toEqual(['one', 'two', 'two', 'three', 'two', 'end']);
  expect(it.filtered[0]).toMatchObject({ filterPattern: 'ERROR', logStreamNamePrefix: 's', startTime: 0 });
});

test('a session that ends or breaks is opened again, from where it was', async () => {
  const stored: WireEvent[] = [];
  await using it = await scene(
    () => [stored],
    (tail, count) => {
      if (count === 1) {
        tail.update([event('first', 10)]);
        tail.fail('SessionTimeoutException', 'three hours');
        stored.push(event('first', 10), event('between', 11));
      } else if (count === 2) {
        setImmediate(() => tail.cut());
      } else {
        tail.update([event('end', 12)]);
      }
    },
  );
  await it.follow();
  expect(it.seen).toEqual(['first', 'between', 'end']);
  expect(it.notices[0]).toContain('SessionTimeoutException');
});

test('a refusal ends the tail, and a sample is said to be one', async () => {
  await using it = await scene(
    () => [],
    (tail) => {
      tail.update([event('some', 1)], true);
      tail.update([event('more', 2)], true);
      tail.fail('AccessDeniedException', 'no longer');
    },
  );
  await expect(it.follow()).rejects.toMatchObject({ code: 'AccessDeniedException', message: 'no longer' });
  await expect(it.follow()).rejects.toBeInstanceOf(AwsError);
  expect(it.notices).toHaveLength(2);
  expect(it.notices[0]).toContain('sample');
});
