// What bundle.test.ts bundles and runs: a query that is scanned by a worker.
import { openWithLimits } from '../src/open-log-store.ts';
import { smallLimits } from './small-limits.ts';

const limits = { ...smallLimits, queryBytesHere: 0 };
const store = await openWithLimits({ path: process.argv[2] ?? '', durability: 'ephemeral' }, limits);
const group = { account: '111122223333', name: '/bundled', key: 'bundled' };
const events = Array.from({ length: 40 }, (_, n) => ({ timestampMs: 1_000 + n, message: `{"n":${n}}` }));
await store.append(group, 's', events, 5);
const { result } = await store.query({
  groups: [group],
  text: 'stats sum(n) as total',
  context: { startMs: 0, endMs: 10_000, nowMs: 10_000 },
  signal: new AbortController().signal,
});
await store[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify(result.rows));
