// The process that s3-versions-crash.test.ts kills: writes, hides and destroys versions, one key for each of four lanes.
import { join } from 'node:path';
import { Disposal, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore } from '@pergola/store';
import type { PlaneContext } from '../src/plane-context.ts';
import { bodiesOf, commit } from '../src/services/s3/storage.ts';
import { versionIdOf } from '../src/services/s3/version-state.ts';
import { deleteCurrent, deleteVersion, putVersion } from '../src/services/s3/versions.ts';

const dataDir = process.argv[2] ?? '';
const plane = {
  store: openStore({ path: join(dataDir, 'store') }),
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  disposal: new Disposal(),
  dataDir,
} as unknown as PlaneContext;
const { random } = plane;
const versioning = 'Enabled' as const;

async function put(key: string, sizeBytes: number): Promise<string> {
  const received = await bodiesOf(plane).receive([random.bytes(sizeBytes)] as never, {
    sizeMaxBytes: 10_000_000,
    tooLarge: () => new Error('too large'),
  });
  const record = {
    etag: received.md5.toString('hex'),
    sizeBytes,
    modifiedMs: 0,
    body: received.body,
    headers: {},
    storageClass: 'STANDARD',
  } as const;
  const written = await commit(
    plane,
    (tx, drop) => putVersion({ tx, drop, random, versioning }, { bucket: 'bucket', key }, record),
    received,
  );
  const id = versionIdOf(written);
  process.send?.({ put: { key, id, etag: record.etag } });
  return id;
}

await Promise.all(
  [0, 1, 2, 3].map(async (lane) => {
    const place = { bucket: 'bucket', key: `lane ${lane}` };
    for (let n = 0; n < 10_000; n++) {
      await put(place.key, n % 2 === 0 ? 5_000 : 100_000);
      const doomed = await put(place.key, 100_000);
      if (n % 3 === 0)
        await commit(plane, (tx, drop) => deleteCurrent({ tx, drop, random, versioning }, place, 0));
      process.send?.({ doom: { key: place.key, id: doomed } });
      await commit(plane, (tx, drop) => deleteVersion({ tx, drop }, place, doomed));
    }
  }),
);
