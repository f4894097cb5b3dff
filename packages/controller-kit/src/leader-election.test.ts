import { type FakeClock, fakeClock, seededRandom, silentLogger } from '@pergola/kernel';
import { KubeApiError, type KubeClient, type KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { runAsLeader } from './leader-election.ts';

/** One lease with optimistic concurrency. */
function leaseServer() {
  let lease: KubeResource | undefined;
  let version = 0;
  let reachable = true;
  const stored = (object: KubeResource) => {
    lease = { ...object, metadata: { ...object.metadata, resourceVersion: `${++version}` } };
    return lease;
  };
  const client = {
    async find() {
      if (!reachable) throw new KubeApiError(0, 'TransportFailure', 'no connection');
      return lease;
    },
    async create(_type: unknown, object: KubeResource) {
      if (lease) throw new KubeApiError(409, 'AlreadyExists', 'exists');
      return stored(object);
    },
    async update(_type: unknown, object: KubeResource) {
      if (object.metadata.resourceVersion !== lease?.metadata.resourceVersion) {
        throw new KubeApiError(409, 'Conflict', 'changed');
      }
      return stored(object);
    },
  } as unknown as KubeClient;
  return { client, lease: () => lease, disconnect: () => (reachable = false) };
}

async function settle(clock: FakeClock, ms = 0): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 500) {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    if (passed < ms) clock.advance(500);
  }
}

function candidate(client: KubeClient, clock: FakeClock, identity: string) {
  const state = { leading: false, failed: undefined as unknown };
  const stop = new AbortController();
  const finished = runAsLeader(
    {
      client,
      lease: { namespace: 'a', name: 'lock' },
      identity,
      clock,
      random: seededRandom(),
      logger: silentLogger,
    },
    async (signal) => {
      state.leading = true;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      state.leading = false;
    },
    stop.signal,
  ).catch((error: unknown) => {
    state.failed = error;
  });
  return { state, finished, stop: () => stop.abort(new Error('stopped')) };
}

test('the second takes over when the first gives the lease up, and not before', async () => {
  const server = leaseServer();
  const clock = fakeClock();
  const first = candidate(server.client, clock, 'one');
  await settle(clock);
  const second = candidate(server.client, clock, 'two');
  await settle(clock, 60_000);
  expect([first.state.leading, second.state.leading]).toEqual([true, false]);
  expect(server.lease()?.spec).toMatchObject({
    holderIdentity: 'one',
    leaseTransitions: 0,
    leaseDurationSeconds: 15,
  });
  expect(server.lease()?.spec.renewTime).toMatch(/\.\d{6}Z$/);

  first.stop();
  await first.finished;
  await settle(clock, 6_000);
  expect(second.state.leading).toBe(true);
  expect(server.lease()?.spec).toMatchObject({ holderIdentity: 'two', leaseTransitions: 1 });
  second.stop();
  await second.finished;
});

test('a leader that cannot renew stops leading before others may begin', async () => {
  const server = leaseServer();
  const clock = fakeClock();
  const first = candidate(server.client, clock, 'one');
  await settle(clock, 3_000);
  server.disconnect();
  await settle(clock, 7_000);
  expect(first.state.leading).toBe(true);
  await settle(clock, 6_000);
  expect(first.state.leading).toBe(false);
  await first.finished;
  expect(String(first.state.failed)).toContain('leadership of a/lock was lost');
});

test('a lease that is no longer renewed is taken after its duration', async () => {
  const server = leaseServer();
  const clock = fakeClock();
  const first = candidate(server.client, clock, 'one');
  await settle(clock);
  // A process that was killed: its lease stays as it is.
  const orphan = structuredClone(server.lease());
  first.stop();
  await first.finished;
  const frozen = leaseServer();
  await frozen.client.create({} as never, orphan as KubeResource);
  const second = candidate(frozen.client, clock, 'two');
  await settle(clock, 14_000);
  expect(second.state.leading).toBe(false);
  await settle(clock, 8_000);
  expect(second.state.leading).toBe(true);
  second.stop();
  await second.finished;
});

test('who is stopped while it becomes leader gives the lease up and never leads', async () => {
  const server = leaseServer();
  const clock = fakeClock();
  const first = candidate(server.client, clock, 'one');
  first.stop();
  await first.finished;
  expect(first.state.leading).toBe(false);
  expect(server.lease()?.spec.holderIdentity).toBe('');
});
