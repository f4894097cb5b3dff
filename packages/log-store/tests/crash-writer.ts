// The process that crash.test.ts kills: appends batches to several groups at once and reports each acknowledged one.
import { openWithLimits } from '../src/open-log-store.ts';
import { smallLimits } from './small-limits.ts';

const store = await openWithLimits({ path: process.argv[2] ?? '', durability: 'durable' }, smallLimits);

async function lane(key: string): Promise<void> {
  const group = { account: '111122223333', name: `/${key}`, key };
  for (let batch = 0; ; batch++) {
    const events = Array.from({ length: 5 }, (_, n) => ({
      timestampMs: 1_000 + batch,
      message: `${key} ${batch} ${n} ${'.'.repeat((batch * 37) % 300)}`,
    }));
    const { firstSequence } = await store.append(group, `s${batch % 3}`, events, 2_000);
    process.send?.({ key, batch, firstSequence });
  }
}

await Promise.all(['a', 'b', 'c'].map(lane));
