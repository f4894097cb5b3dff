// Damage anywhere in any file: the store opens, shows nothing that was not written, and says so when something is lost.
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@pergola/kernel';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogStore, StoredEvent } from '../src/contract.ts';
import { openWithLimits } from '../src/open-log-store.ts';
import { smallLimits } from './small-limits.ts';

const groups = ['a', 'b'].map((key) => ({ account: '111122223333', name: `/${key}`, key }));
const limits = { ...smallLimits, closedFiles: 2 };
const folder = mkdtempSync(join(tmpdir(), 'pergola-log-damage-'));
const sound = join(folder, 'sound');
let written: StoredEvent[];
let files: string[];

beforeAll(async () => {
  const store = await openWithLimits({ path: sound, durability: 'ephemeral' }, limits);
  for (let n = 0; n < 90; n++) {
    const message = `event ${n} ${'x'.repeat((n * 31) % 90)}`;
    await store.append(groups[n % 5 === 0 ? 1 : 0]!, `s${n % 3}`, [{ timestampMs: 1_000 + n, message }], 5);
  }
  written = await eventsOf(store);
  await store[Symbol.asyncDispose]();
  files = readdirSync(sound, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(sound.length))
    .sort();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function eventsOf(store: LogStore): Promise<StoredEvent[]> {
  const pages = await Promise.all(
    groups.map((group) =>
      store.read({ group, fromMs: 0, toMs: 9_999, direction: 'forward', limitEvents: 999, limitBytes: 1e9 }),
    ),
  );
  return pages.flatMap((page) => page.events);
}

/** Opens a copy of the store after `damage` was done to one of its files. */
async function openDamaged(damage: (path: string) => void) {
  const path = mkdtempSync(join(folder, 'copy-'));
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (_: object, message: string) => errors.push(message) };
  try {
    cpSync(sound, path, { recursive: true });
    damage(path);
    const store = await openWithLimits({ path, durability: 'ephemeral', logger }, limits);
    const events = await eventsOf(store);
    // And it goes on.
    const { firstSequence } = await store.append(
      groups[0]!,
      's0',
      [{ timestampMs: 5_000, message: 'new' }],
      6,
    );
    expect((await store.event(groups[0]!, firstSequence))?.message).toBe('new');
    await store[Symbol.asyncDispose]();
    return { events, errors };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

it('has files of every sort to be damaged', () => {
  for (const sort of [/journal-/, /\.segment$/, /manifest$/]) {
    expect(files.filter((file) => sort.test(file)).length).toBeGreaterThan(1);
  }
});

it('passes over what is damaged, tells it, and keeps the rest', async () => {
  const place = fc.record({
    file: fc.nat(),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  });
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async ({ file, at }, flip) => {
      const name = files[file % files.length]!;
      const { events, errors } = await openDamaged((path) => {
        const bytes = readFileSync(path + name);
        const offset = Math.floor(at * bytes.length);
        bytes[offset] = bytes[offset]! ^ flip;
        writeFileSync(path + name, bytes);
      });
      for (const event of events) expect(written).toContainEqual(event);
      const lost = written.length - events.length;
      const isLastFrame = name === files.findLast((other) => other.includes('journal-'));
      if (lost > 0 && !isLastFrame) expect(errors.length).toBeGreaterThan(0);
      // One frame or block, or one event of the journal.
      expect(lost).toBeLessThanOrEqual(40);
    }),
    { numRuns: 50 },
  );
});

it('reads a file that ends too early up to there', async () => {
  const place = fc.record({ file: fc.nat(), at: fc.double({ min: 0, max: 1, noNaN: true }) });
  await fc.assert(
    fc.asyncProperty(place, async ({ file, at }) => {
      const name = files[file % files.length]!;
      const { events } = await openDamaged((path) => {
        truncateSync(path + name, Math.floor(at * statSync(path + name).size));
      });
      for (const event of events) expect(written).toContainEqual(event);
    }),
    { numRuns: 25 },
  );
});
