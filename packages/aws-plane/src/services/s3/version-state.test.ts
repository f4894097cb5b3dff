import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@pergola/kernel';
import { openStore, type Store } from '@pergola/store';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isVersionId, makeVersionId, SEQUENCE_MAX, sequenceIn } from './version-id.ts';
import { deleteOlder, findOlder, listOlder, newestOlder, putOlder } from './version-state.ts';

let folder: string;
let store: Store;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-versions-'));
  store = openStore({ path: folder, durability: 'ephemeral' });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('a version id', () => {
  it('looks like any other, and knows its place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SEQUENCE_MAX }), (sequence) => {
        const id = makeVersionId(systemRandom, sequence);
        expect(isVersionId(id)).toBe(true);
        expect(sequenceIn(id)).toBe(sequence);
        expect(makeVersionId(systemRandom, sequence)).not.toBe(id);
      }),
    );
  });
});

describe('older versions', () => {
  const character = fc.constantFrom('a', '!', '/', '\0', '\x05', 'é', '\u{ffff}', '\u{10fffe}', '\u{10ffff}');
  const key = fc.array(character, { minLength: 1, maxLength: 4 }).map((characters) => characters.join(''));
  const version = fc.record({ key, sequence: fc.nat(3), id: fc.boolean() });

  it('lie in the order of their keys, newest first, and are found again, whatever the keys', async () => {
    let bucket = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(version, { selector: (one) => one.key + one.sequence }),
        async (all) => {
          const name = `b${bucket++}`;
          const written = all.map((one) => ({
            key: one.key,
            version: {
              deleteMarker: true as const,
              modifiedMs: 0,
              sequence: one.sequence,
              versionId: makeVersionId(systemRandom, one.sequence),
            },
          }));
          await store.transact((tx) => {
            for (const one of written) putOlder(tx, { bucket: name, key: one.key }, one.version);
          });
          const wanted = written.toSorted(
            (left, right) =>
              Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)) ||
              right.version.sequence - left.version.sequence,
          );
          const within = { bucket: name, prefix: '' };
          expect(listOlder(store, within, {}, 1_000)).toEqual(wanted);
          for (const [index, one] of wanted.entries()) {
            const afterVersion = { key: one.key, sequence: one.version.sequence };
            expect(listOlder(store, within, { afterVersion }, 1_000)).toEqual(wanted.slice(index + 1));
            const place = { bucket: name, key: one.key };
            expect(findOlder(store, place, one.version.versionId)).toEqual(one.version);
            expect(newestOlder(store, place)).toEqual(wanted.find(({ key }) => key === one.key)?.version);
          }
        },
      ),
    );
  });

  it('tell the null version by its name, and forget it', async () => {
    const place = { bucket: 'nulls', key: 'k' };
    const marker = { deleteMarker: true as const, modifiedMs: 0, sequence: 7 };
    await store.transact((tx) => putOlder(tx, place, marker));
    expect(findOlder(store, place, 'null')).toEqual(marker);
    await store.transact((tx) => deleteOlder(tx, place, marker));
    expect(findOlder(store, place, 'null')).toBeUndefined();
    expect(newestOlder(store, place)).toBeUndefined();
  });
});
