import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LogStore } from '../src/contract.ts';
import { openWithLimits } from '../src/open-log-store.ts';
import { smallLimits } from './small-limits.ts';

interface Acknowledged {
  readonly key: string;
  readonly batch: number;
  readonly firstSequence: number;
}

/** Runs the writer until it has acknowledged `count` batches, and kills it there. */
async function killAfter(path: string, count: number): Promise<Acknowledged[]> {
  const writer = fork(join(import.meta.dirname, 'crash-writer.ts'), [path], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const acknowledged: Acknowledged[] = [];
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  writer.on('message', (message: Acknowledged) => {
    acknowledged.push(message);
    if (acknowledged.length === count) writer.kill('SIGKILL');
  });
  await ended;
  return acknowledged;
}

async function messagesOf(store: LogStore, key: string) {
  const group = { account: '111122223333', name: `/${key}`, key };
  const page = await store.read({
    group,
    fromMs: 0,
    toMs: 1_000_000,
    direction: 'forward',
    limitEvents: 1_000_000,
    limitBytes: 1_000_000_000,
  });
  return new Map(page.events.map((event) => [event.sequence, event.message]));
}

it.each([5, 110])(
  'keeps every acknowledged batch, whole, when killed after %i',
  async (count) => {
    const path = mkdtempSync(join(tmpdir(), 'pergola-log-crash-'));
    try {
      const acknowledged = await killAfter(path, count);
      expect(acknowledged.length).toBeGreaterThanOrEqual(count);
      const store = await openWithLimits({ path, durability: 'durable' }, smallLimits);
      for (const key of ['a', 'b', 'c']) {
        const messages = await messagesOf(store, key);
        const mine = acknowledged.filter((one) => one.key === key);
        const promised = mine.flatMap(({ batch, firstSequence }) =>
          [0, 1, 2, 3, 4].map((n) => [firstSequence + n, `${key} ${batch} ${n} `] as const),
        );
        for (const [sequence, start] of promised)
          expect(messages.get(sequence)?.startsWith(start)).toBe(true);
        // What was under way is there as a whole or not at all, and only once.
        expect(messages.size % 5).toBe(0);
        expect(new Set(messages.values()).size).toBe(messages.size);
      }
      await store[Symbol.asyncDispose]();
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  },
  60_000,
);
