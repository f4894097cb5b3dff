import { runSteps } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { jobSteps } from './reconcile.ts';
import type { JobRun } from './run.ts';

/** A Job whose pods do what the test says. */
class World {
  job: KubeResource;
  pods: KubeResource[] = [];
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  deleted = false;
  readonly events: string[] = [];

  constructor(spec: object = {}) {
    const defaults = {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      template: { spec: { restartPolicy: 'Never' } },
    };
    this.job = { metadata: { name: 'job', uid: 'j' }, spec: { ...defaults, ...spec }, status: {} };
  }

  step() {
    const run: JobRun = {
      job: this.job,
      pods: this.pods,
      nowMs: this.nowMs,
      settled: true,
      createPods: async (count) => {
        for (let i = 0; i < count; i++) {
          this.pods = [
            ...this.pods,
            { metadata: { name: `p${this.pods.length}` }, status: { phase: 'Running' } },
          ];
        }
        return undefined;
      },
      removePods: async (gone) => {
        this.pods = this.pods.filter((pod) => !gone.includes(pod));
        return undefined;
      },
      patchStatus: async (status) => {
        this.job = { ...this.job, status: { ...this.job.status, ...status } };
      },
      deleteJob: async () => {
        this.deleted = true;
      },
      event: (_type, reason) => this.events.push(reason),
    };
    return runSteps(jobSteps, run);
  }

  end(phase: 'Succeeded' | 'Failed', count = 1): void {
    let left = count;
    const finishedAt = new Date(this.nowMs).toISOString();
    this.pods = this.pods.map((pod) => {
      if (pod.status?.phase !== 'Running' || left-- <= 0) return pod;
      return { ...pod, status: { phase, containerStatuses: [{ state: { terminated: { finishedAt } } }] } };
    });
  }

  running(): number {
    return this.pods.filter((pod) => pod.status?.phase === 'Running').length;
  }

  condition(type: string) {
    return this.job.status.conditions?.find((each: { type: string }) => each.type === type);
  }
}

test('one pod, one success, complete', async () => {
  const world = new World();
  await world.step();
  expect(world.running()).toBe(1);
  await world.step();
  expect(world.job.status).toMatchObject({ active: 1, startTime: '2026-01-01T00:00:00Z' });
  world.end('Succeeded');
  world.nowMs += 5_000;
  await world.step();
  expect(world.job.status).toMatchObject({ succeeded: 1, completionTime: '2026-01-01T00:00:05Z' });
  expect(world.job.status.active).toBeUndefined();
  expect(world.condition('Complete')).toMatchObject({ status: 'True' });
  await world.step();
  expect(world.events).toEqual(['Completed']);
});

test('parallelism bounds what runs, completions what is wanted', async () => {
  const world = new World({ parallelism: 2, completions: 3 });
  await world.step();
  expect(world.running()).toBe(2);
  world.end('Succeeded', 2);
  await world.step();
  expect(world.running()).toBe(1);
  world.end('Succeeded');
  await world.step();
  expect(world.condition('Complete')?.status).toBe('True');
});

test('failures are tried again later and later, up to the limit', async () => {
  const world = new World({ backoffLimit: 1 });
  await world.step();
  world.end('Failed');
  expect(await world.step()).toEqual({ requeueAfterMs: 10_000 });
  expect(world.running()).toBe(0);
  world.nowMs += 10_000;
  await world.step();
  expect(world.running()).toBe(1);
  world.end('Failed');
  await world.step();
  expect(world.condition('Failed')).toMatchObject({
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  });
  expect(world.events).toEqual(['BackoffLimitExceeded']);
  world.nowMs += 3_600_000;
  await world.step();
  expect(world.running()).toBe(0);
});

test('the deadline ends it and its pods', async () => {
  const world = new World({ activeDeadlineSeconds: 30 });
  expect(await world.step()).toEqual({ requeueAfterMs: 30_000 });
  world.nowMs += 30_000;
  await world.step();
  expect(world.running()).toBe(0);
  expect(world.condition('Failed')).toMatchObject({ reason: 'DeadlineExceeded' });
});

test('a success that was counted stays counted when its pod is deleted', async () => {
  const world = new World({ completions: 2 });
  await world.step();
  world.end('Succeeded');
  await world.step();
  await world.step();
  world.pods = world.pods.filter((pod) => pod.status?.phase === 'Running');
  await world.step();
  expect([world.job.status.succeeded, world.running()]).toEqual([1, 1]);
});

test('suspended: its pods go, and come back', async () => {
  const world = new World();
  await world.step();
  world.job = { ...world.job, spec: { ...world.job.spec, suspend: true } };
  await world.step();
  expect(world.running()).toBe(0);
  expect(world.condition('Suspended')).toMatchObject({ status: 'True', reason: 'JobSuspended' });
  world.job = { ...world.job, spec: { ...world.job.spec, suspend: false } };
  await world.step();
  expect(world.running()).toBe(1);
  expect(world.events).toEqual(['Suspended', 'Resumed']);
});

test('after its time to live it is deleted', async () => {
  const world = new World({ ttlSecondsAfterFinished: 60 });
  await world.step();
  world.end('Succeeded');
  await world.step();
  expect(await world.step()).toEqual({ requeueAfterMs: 60_000 });
  world.nowMs += 60_000;
  await world.step();
  expect(world.deleted).toBe(true);
});

test('what is not implemented says so and does nothing', async () => {
  const world = new World({ completionMode: 'Indexed' });
  await world.step();
  expect([world.running(), world.events]).toEqual([0, ['NotImplemented']]);
});
