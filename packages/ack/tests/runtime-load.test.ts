// Many resources, an AWS that throttles, and two operators of which one works.
import { AwsError } from '@pergola/aws-client';
import { systemClock } from '@pergola/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { thingKind } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster([thingKind()]);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const countSynced = async ({ client, type }: Cluster) => {
  const { items } = await client.list(type, { namespace });
  return items.filter((item) => {
    const conditions: { type: string; status: string }[] = item['status']?.conditions ?? [];
    return conditions.some((each) => each.type === 'ACK.ResourceSynced' && each.status === 'True');
  }).length;
};

test('a thousand resources come into sync with no call more than each needs, and then are still', async () => {
  const many = 1000;
  for (let at = 0; at < many; at += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        cluster.apply(`r-${at + index}`, { name: `r-${at + index}`, size: 1, color: 'x' }),
      ),
    );
  }
  await using operator = await cluster.operator({
    driftCheckMs: 3_600_000,
    workers: 16,
    callsPerSecond: 5000,
  });
  // The finalizer, what AWS chose, and that it is in sync.
  await expect
    .poll(() => operator.totals.kubernetesWrites, { timeout: 150_000, interval: 100 })
    .toBe(3 * many);
  expect(await countSynced(cluster)).toBe(many);
  // Looked for, made, looked at.
  expect(operator.totals.awsCalls).toBe(3 * many);
  const before = operator.totals;
  await cluster.annotate('r-7', { 'services.k8s.aws/sync-requested-at': '1' });
  await eventually(() => operator.totals.awsCalls).toBe(before.awsCalls + 1);
  expect(operator.totals.kubernetesWrites).toBe(before.kubernetesWrites);
  expect(operator.metrics()).toContain(
    `ack_outbound_api_requests_total{service="things",op_type="CREATE",op_id="CreateThing"} ${many}`,
  );
}, 180_000);

test('throttling slows the calls down and loses nothing', async () => {
  await using small = await startCluster([thingKind({ kind: 'Box' })]);
  const perSecond = 25;
  let refused = 0;
  const recent: number[] = [];
  small.aws.before = () => {
    const nowMs = systemClock.monotonicMs();
    while (recent[0] !== undefined && recent[0] < nowMs - 1000) recent.shift();
    if (recent.length < perSecond) {
      recent.push(nowMs);
      return;
    }
    refused++;
    throw new AwsError(400, 'Throttling', 'Rate exceeded');
  };
  const many = 40;
  for (let index = 0; index < many; index++)
    await small.apply(`t-${index}`, { name: `t-${index}`, color: 'x' });
  await using operator = await small.operator({ driftCheckMs: 3_600_000 });
  await expect.poll(() => countSynced(small), { timeout: 50_000, interval: 100 }).toBe(many);
  expect(refused).toBeGreaterThan(0);
  expect(operator.metrics()).toContain(`op_id="DescribeThing",status_code="400"} `);
  expect(small.aws.things.size).toBe(many);
  // Most calls are not refused: they come at the pace that AWS allows.
  expect(refused).toBeLessThan(operator.totals.awsCalls / 2);
});

test('of two operators one works, and the other takes over', async () => {
  const lost: Error[] = [];
  const election = (identity: string) => ({
    driftCheckMs: 3_600_000,
    leaderElection: { namespace: 'ack-system', identity, onLost: (error: Error) => void lost.push(error) },
  });
  const first = await cluster.operator(election('first'));
  await eventually(() => first.totals.awsCalls).toBeGreaterThan(0);
  await using second = await cluster.operator(election('second'));
  await cluster.apply('led', { name: 'led' });
  await eventually(async () => (await cluster.conditions('led'))['ACK.ResourceSynced']?.status).toBe('True');
  expect(second.totals.awsCalls).toBe(0);
  await first[Symbol.asyncDispose]();
  await cluster.apply('next', { name: 'next' });
  await eventually(async () => (await cluster.conditions('next'))['ACK.ResourceSynced']?.status).toBe('True');
  expect(second.totals.awsCalls).toBeGreaterThan(0);
  expect(lost).toEqual([]);
});
