// The process that dynamodb-crash.test.ts kills: writes items, eight at a time, and reports each acknowledged one.
import { join } from 'node:path';
import { Disposal, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore } from '@pergola/store';
import type { PlaneContext } from '../src/plane-context.ts';
import { openDynamo } from '../src/services/dynamodb/dynamo-context.ts';
import { writeItem } from '../src/services/dynamodb/items/item-write.ts';

const dataDir = process.argv[2] ?? '';
const plane = {
  store: openStore({ path: join(dataDir, 'store') }),
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  disposal: new Disposal(),
  dataDir,
} as unknown as PlaneContext;
openDynamo(plane);
const at = { account: '123456789012', region: 'us-east-1', name: 'crashed' };

await Promise.all(
  Array.from({ length: 8 }, async (_, lane) => {
    for (let n = 0; n < 100_000; n++) {
      const key = { pk: { S: `${lane}` }, sk: { S: String(n).padStart(6, '0') } };
      const body = 'x'.repeat(n % 2 === 0 ? 100 : 20_000);
      await writeItem(plane, {
        at,
        key,
        change: () => ({ ...key, lane: { S: `lane-${lane}` }, body: { S: body } }),
      });
      process.send?.({ lane, n });
    }
  }),
);
