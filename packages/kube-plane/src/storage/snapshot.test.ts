import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@pergola/store';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { snapshot } from './snapshot.ts';

it('lists any remembered revision as it was then, whole or in pages', async () => {
  const operation = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    value: fc.option(fc.string(), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 20 }),
      fc.integer({ min: 1, max: 3 }),
      async (operations, limit) => {
        const folder = mkdtempSync(join(tmpdir(), 'kube-snapshot-'));
        const store = openStore({ path: folder, durability: 'ephemeral' });
        try {
          const then: { revision: number; state: string[] }[] = [];
          const state = new Map<string, string>();
          for (const { name, value } of operations) {
            await store.transact((tx) =>
              value === undefined ? tx.delete(`k/${name}`) : tx.put(`k/${name}`, value),
            );
            if (value === undefined) state.delete(name);
            else state.set(name, value);
            const sorted = [...state].toSorted(([left], [right]) => (left < right ? -1 : 1));
            then.push({ revision: store.revision(), state: sorted.map(([key, text]) => `${key}=${text}`) });
          }
          for (const { revision, state: wanted } of then) {
            expect(pagesOf(store, revision, limit)).toEqual(wanted);
          }
        } finally {
          await store[Symbol.asyncDispose]();
          rmSync(folder, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 15 },
  );
});

function pagesOf(store: Store, revision: number, limit: number): string[] {
  const found: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = snapshot(store, { prefix: 'k/', revision, limit, after });
    found.push(...page.entries.map((entry) => `${entry.key.slice(2)}=${entry.value}`));
    if (page.remaining === 0) return found;
    after = page.entries.at(-1)?.key;
  }
}
