import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@pergola/store';
import { expect, it } from 'vitest';
import type { Body } from '../src/services/s3/object.ts';
import { findBlob, findObject, isFileInUse } from '../src/services/s3/state.ts';
import { isDeleteMarker, listOlder, newestOlder, sequenceOf } from '../src/services/s3/version-state.ts';
import { findVersion } from '../src/services/s3/versions.ts';

interface Named {
  readonly key: string;
  readonly id: string;
  readonly etag?: string;
}

/** Lets the writer run until `count` versions are acknowledged, and kills it. Doomed ones may be there or not. */
async function writeAndKill(dataDir: string, count: number): Promise<Named[]> {
  const writer = fork(join(import.meta.dirname, 's3-versions-crash-writer.ts'), [dataDir], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const written: Named[] = [];
  const doomed = new Set<string>();
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  writer.on('message', ({ put, doom }: { put?: Named; doom?: Named }) => {
    if (doom) doomed.add(doom.id);
    if (put) written.push(put);
    if (written.length === count) writer.kill('SIGKILL');
  });
  await ended;
  return written.filter(({ id }) => !doomed.has(id));
}

it('keeps every acknowledged version over kill -9, each key with one newest', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pergola-s3-crash-'));
  const folder = join(dataDir, 's3', 'objects');
  try {
    const kept = await writeAndKill(dataDir, 60);
    expect(kept.length).toBeGreaterThan(20);
    await using store = openStore({ path: join(dataDir, 'store') });
    for (const { key, id, etag } of kept) {
      const version = findVersion(store, { bucket: 'bucket', key }, id);
      if (!version || isDeleteMarker(version)) throw new Error(`${key} ${id} is lost`);
      expect(
        createHash('md5')
          .update(bytesOf(store, folder, version.body))
          .digest('hex'),
      ).toBe(etag);
    }
    for (const key of new Set(kept.map((one) => one.key))) {
      const current = findObject(store, 'bucket', key);
      const newest = newestOlder(store, { bucket: 'bucket', key });
      if (current) expect(sequenceOf(current)).toBeGreaterThan(newest ? sequenceOf(newest) : -1);
      else expect(newest && isDeleteMarker(newest)).toBe(true);
    }
    for (const { version } of listOlder(store, { bucket: 'bucket', prefix: '' }, {}, 1_000))
      if (!isDeleteMarker(version))
        expect(bytesOf(store, folder, version.body)).toHaveLength(version.sizeBytes);
    const orphans = readdirSync(folder)
      .flatMap((name) => readdirSync(join(folder, name)))
      .filter((id) => !isFileInUse(store, id));
    // At most what each lane was writing, and what it had just let go.
    expect(orphans.length).toBeLessThanOrEqual(8);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

function bytesOf(store: Store, folder: string, body: Body): Buffer {
  if (body.in === 'file') return readFileSync(join(folder, body.id.slice(0, 2), body.id));
  const blob = body.in === 'blob' ? findBlob(store, body.id) : undefined;
  if (!blob) throw new Error('a body is lost');
  return blob;
}
