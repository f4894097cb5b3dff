import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@pergola/store';
import { expect, it } from 'vitest';
import { findBlob, findObject, isFileInUse } from '../src/services/s3/state.ts';

it('keeps every acknowledged object over kill -9, and shows no half of any other', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pergola-s3-crash-'));
  try {
    const writer = fork(join(import.meta.dirname, 's3-crash-writer.ts'), [dataDir], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const acknowledged: { key: string; etag: string }[] = [];
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    writer.on('message', (written: { key: string; etag: string }) => {
      acknowledged.push(written);
      if (acknowledged.length === 40) writer.kill('SIGKILL');
    });
    await ended;
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);

    const store = openStore({ path: join(dataDir, 'store') });
    const folder = join(dataDir, 's3', 'objects');
    const bytesOf = (id: string, where: string) =>
      where === 'file' ? readFileSync(join(folder, id.slice(0, 2), id)) : findBlob(store, id);
    for (const { key, etag } of acknowledged) {
      const object = findObject(store, 'bucket', key);
      if (!object || !('id' in object.body)) throw new Error(`${key} is lost`);
      const bytes = bytesOf(object.body.id, object.body.in);
      expect(createHash('md5').update(bytes!).digest('hex')).toBe(etag);
    }
    const orphans = readdirSync(folder)
      .flatMap((name) => readdirSync(join(folder, name)))
      .filter((id) => !isFileInUse(store, id));
    // At most the uploads that were under way when it was killed.
    expect(orphans.length).toBeLessThanOrEqual(4);
    await store[Symbol.asyncDispose]();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
