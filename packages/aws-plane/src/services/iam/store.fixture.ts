// A store in a temporary folder, for the tests of IAM's own files.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@pergola/store';

export interface TestStore extends AsyncDisposable {
  readonly store: Store;
}

export function openTestStore(): TestStore {
  const path = mkdtempSync(join(tmpdir(), 'pergola-iam-'));
  const store = openStore({ path, durability: 'ephemeral' });
  return {
    store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export const account = '123456789012';

/** A policy document that allows one action on everything. */
export const allowing = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
