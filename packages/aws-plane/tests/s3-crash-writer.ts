// The process that s3-crash.test.ts kills: writes objects, four at a time, and reports each acknowledged one.
import { join } from 'node:path';
import { Disposal, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore } from '@pergola/store';
import type { PlaneContext } from '../src/plane-context.ts';
import { putObject } from '../src/services/s3/state.ts';
import { toSeconds } from '../src/services/s3/object.ts';
import { bodiesOf, commit } from '../src/services/s3/storage.ts';

const dataDir = process.argv[2] ?? '';
const plane = {
  store: openStore({ path: join(dataDir, 'store') }),
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  disposal: new Disposal(),
  dataDir,
} as unknown as PlaneContext;

async function write(key: string, sizeBytes: number): Promise<void> {
  const source = (async function* () {
    for (let left = sizeBytes; left > 0; left -= 50_000) yield systemRandom.bytes(Math.min(left, 50_000));
  })();
  const received = await bodiesOf(plane).receive(source, {
    sizeMaxBytes: 10_000_000,
    tooLarge: () => new Error('too large'),
  });
  const etag = received.md5.toString('hex');
  const object = {
    etag,
    sizeBytes: received.sizeBytes,
    modifiedMs: toSeconds(plane.clock.nowMs()),
    body: received.body,
    headers: {},
    storageClass: 'STANDARD',
  } as const;
  await commit(plane, (tx) => putObject(tx, 'bucket', key, object), received);
  process.send?.({ key, etag });
}

await Promise.all(
  [0, 1, 2, 3].map(async (lane) => {
    for (let n = 0; n < 10_000; n++) await write(`${lane}/${n}`, n % 2 === 0 ? 5_000 : 300_000);
  }),
);
