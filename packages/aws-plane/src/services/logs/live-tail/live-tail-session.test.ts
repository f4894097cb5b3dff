import { type FakeClock, fakeClock } from '@pergola/kernel';
import type { AppendedBatch, LogStore } from '@pergola/log-store';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveTailSelection } from './live-tail-selection.ts';
import { LiveTailSession } from './live-tail-session.ts';
import type { LogGroup } from '../state.ts';

const group: LogGroup = {
  account: '123456789012',
  region: 'us-east-1',
  name: 'app',
  key: 'k1',
  createdMs: 0,
  class: 'STANDARD',
  tags: {},
};

let clock: FakeClock;
let listeners: Set<(batch: AppendedBatch) => void>;
let ended: number;
beforeEach(() => {
  clock = fakeClock();
  listeners = new Set();
  ended = 0;
});

function open(input: Partial<ConstructorParameters<typeof LiveTailSelection>[1]> = {}): LiveTailSession {
  const events = {
    onAppend(listener: (batch: AppendedBatch) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as Partial<LogStore> as LogStore;
  const selection = new LiveTailSelection([group], { logGroupIdentifiers: [], ...input });
  const onEnd = () => void (ended += 1);
  return new LiveTailSession({ sessionStart: {} }, selection, {
    clock,
    events,
    onEnd,
  });
}

function append(messages: readonly string[], stream = 's', key = 'k1'): void {
  const events = messages.map((message) => ({ timestampMs: 5, message }));
  const ref = { account: group.account, name: group.name, key };
  for (const listener of listeners) listener({ group: ref, stream, ingestedMs: 6, firstSequence: 0, events });
}

/** The messages of the next update. */
async function update(session: LiveTailSession): Promise<readonly (string | undefined)[]> {
  const { value } = await session.next();
  return (value?.sessionUpdate?.sessionResults ?? []).map(({ message }: { message?: string }) => message);
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);

describe('LiveTailSession', () => {
  it('begins with its start and has an update each second, also without events', async () => {
    const session = open();
    expect(await session.next()).toEqual({ done: false, value: { sessionStart: {} } });
    clock.advance(2_000);
    const empty = { sessionUpdate: { sessionMetadata: { sampled: false }, sessionResults: [] } };
    expect(await session.next()).toEqual({ done: false, value: empty });
    expect(await session.next()).toEqual({ done: false, value: empty });
  });

  it('shows what comes after a silence at once, and what follows a second later', async () => {
    const session = open();
    await session.next();
    append(['a']);
    append(['b']);
    clock.advance(20);
    expect(await session.next()).toMatchObject({
      value: {
        sessionUpdate: {
          sessionResults: [
            {
              logGroupIdentifier: '123456789012:app',
              logStreamName: 's',
              message: 'a',
              timestamp: 5,
              ingestionTime: 6,
            },
            { message: 'b' },
          ],
        },
      },
    });
    clock.advance(100);
    append(['c']);
    const next = update(session);
    let shown = false;
    void next.then(() => (shown = true));
    clock.advance(899);
    await Promise.resolve();
    expect(shown).toBe(false);
    clock.advance(1);
    expect(await next).toEqual(['c']);
  });

  it('shows the wanted events only', async () => {
    const byName = open({ logStreamNames: ['s', 't'], logEventFilterPattern: '-x' });
    const byPrefix = open({ logStreamNamePrefixes: ['web-'] });
    await byName.next();
    await byPrefix.next();
    append(['1', 'x2']);
    append(['3'], 'web-1');
    append(['4'], 't');
    append(['5'], 's', 'other');
    clock.advance(20);
    expect(await update(byName)).toEqual(['1', '4']);
    expect(await update(byPrefix)).toEqual(['3']);
  });

  it('shows at most 500 events a second, and says so', async () => {
    const session = open();
    await session.next();
    append(numbered(400));
    append(numbered(101));
    clock.advance(20);
    const { value } = await session.next();
    expect(value?.sessionUpdate?.sessionResults).toHaveLength(500);
    expect(value?.sessionUpdate?.sessionMetadata).toEqual({ sampled: true });
    append(numbered(500));
    clock.advance(1_000);
    const second = await session.next();
    expect(second.value?.sessionUpdate?.sessionMetadata).toEqual({ sampled: false });
    append(['x'.repeat(1_000_000), 'y'.repeat(1_000_000), 'z']);
    clock.advance(1_000);
    expect(await update(session)).toHaveLength(2);
  });

  it('keeps ten updates for a slow client, the newest', async () => {
    const session = open();
    await session.next();
    for (let second = 0; second < 13; second++) {
      append([`second ${second}`]);
      clock.advance(1_000);
    }
    const kept = [];
    for (let at = 0; at < 10; at++) kept.push(await update(session));
    expect(kept.flat()).toEqual(Array.from({ length: 10 }, (_, index) => `second ${index + 3}`));
  });

  it('ends after three hours with the error of AWS', async () => {
    const session = open();
    clock.advance(3 * 3_600_000);
    const messages = [];
    for await (const message of session) messages.push(message);
    expect(messages.at(-1)).toMatchObject({ SessionTimeoutException: { message: expect.any(String) } });
    expect([ended, listeners.size]).toEqual([1, 0]);
  });

  it('ends when the client goes, while it waits for events', async () => {
    const session = open();
    await session.next();
    const waiting = session.next();
    await session.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    clock.advance(10_000);
    await session.return();
    expect([ended, listeners.size]).toEqual([1, 0]);
  });
});
