// Whole rollouts, played through with object literals: the steps run, ReplicaSets follow, pods become available.
import { runSteps } from '@pergola/controller-kit';
import * as fc from 'fast-check';
import { KubeApiError, type KubeResource } from '@pergola/kube-client';
import { describe, expect, test } from 'vitest';
import { deploymentSteps } from './reconcile.ts';
import { findNewSet } from './reconcile-revision.ts';
import { budgetOf, byAge, replicasOf, scaleProportionally, sumOf } from './replicas.ts';
import type { Rollout } from './rollout.ts';

const image = (name: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image: name }] },
});

function deploymentOf(spec: object = {}): KubeResource {
  return {
    metadata: { name: 'web', namespace: 'a', uid: 'd', generation: 1 },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      progressDeadlineSeconds: 600,
      template: image('one'),
      ...spec,
    },
    status: {},
  };
}

/** A Deployment with its ReplicaSets and a clock; `step` runs the controller once. */
class World {
  deployment: KubeResource;
  sets: KubeResource[] = [];
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  podsAlive = new Map<string, number>();
  readonly events: string[] = [];

  constructor(spec: object = {}) {
    this.deployment = deploymentOf(spec);
  }

  async step() {
    this.nowMs += 1_000;
    const ordered = this.sets.toSorted(byAge);
    const newSet = findNewSet(this.deployment, ordered);
    const rollout: Rollout = {
      deployment: this.deployment,
      newSet,
      oldSets: ordered.filter((set) => set !== newSet),
      nowMs: this.nowMs,
      scaling: false,
      conditions: this.deployment.status.conditions ?? [],
      collisionCount: this.deployment.status.collisionCount,
      actions: {
        createSet: async (set) => {
          if (this.sets.some(({ metadata }) => metadata.name === set.metadata.name)) {
            throw new KubeApiError(409, 'AlreadyExists', 'exists', { name: set.metadata.name });
          }
          const created = {
            ...set,
            metadata: { ...set.metadata, creationTimestamp: `${this.nowMs}`, uid: set.metadata.name },
          };
          this.sets.push(created);
          return created;
        },
        updateSet: async (before, after) => {
          this.sets = this.sets.map((set) => (set.metadata.name === before.metadata.name ? after : set));
          return after;
        },
        findSet: async (name) => this.sets.find(({ metadata }) => metadata.name === name),
        deleteSet: async (gone) => {
          this.sets = this.sets.filter(({ metadata }) => metadata.name !== gone.metadata.name);
        },
        annotate: async (annotations) => {
          this.deployment = { ...this.deployment, metadata: { ...this.deployment.metadata, annotations } };
          return this.deployment;
        },
        patchStatus: async (status) => {
          const merged = { ...this.deployment.status, ...status };
          this.deployment = { ...this.deployment, status: merged };
        },
        podsOf: (set) =>
          Array.from({ length: this.podsAlive.get(set.metadata.name) ?? 0 }, () => ({
            metadata: { name: 'p' },
          })),
        event: (_type, _reason, message) => this.events.push(message),
      },
    };
    return runSteps(deploymentSteps, rollout);
  }

  /** ReplicaSets follow their spec; at most `slots` more pods become available. */
  follow(slots = Number.POSITIVE_INFINITY): void {
    let left = slots;
    this.sets = this.sets.map((set) => {
      const before: number = set.status?.availableReplicas ?? 0;
      const more = Math.min(Math.max(0, replicasOf(set) - before), left);
      left -= more;
      const availableReplicas = Math.min(replicasOf(set), before + more);
      const status = { replicas: replicasOf(set), readyReplicas: availableReplicas, availableReplicas };
      return { ...set, status };
    });
  }

  async settle(rounds = 60): Promise<void> {
    for (let i = 0; i < rounds; i++) {
      await this.step();
      this.follow();
    }
  }

  change(spec: object): void {
    const generation = (this.deployment.metadata.generation ?? 0) + 1;
    this.deployment = {
      ...this.deployment,
      metadata: { ...this.deployment.metadata, generation },
      spec: { ...this.deployment.spec, ...spec },
    };
  }

  condition(type: string) {
    return this.deployment.status.conditions?.find((each: { type: string }) => each.type === type);
  }

  sizes(): Record<string, number> {
    return Object.fromEntries(
      this.sets.map((set) => [set.spec.template.spec.containers[0].image, replicasOf(set)]),
    );
  }
}

describe('a new Deployment', () => {
  test('gets a ReplicaSet of its template, numbered 1, with hash, owner and sizes', async () => {
    const world = new World();
    await world.step();
    const [set] = world.sets;
    const hash = set?.metadata.labels?.['pod-template-hash'] ?? '';
    expect(set?.metadata).toMatchObject({
      name: `web-${hash}`,
      annotations: {
        'deployment.kubernetes.io/revision': '1',
        'deployment.kubernetes.io/desired-replicas': '3',
        'deployment.kubernetes.io/max-replicas': '4',
      },
      ownerReferences: [{ kind: 'Deployment', uid: 'd', controller: true, blockOwnerDeletion: true }],
    });
    expect(set?.spec.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
    expect(world.deployment.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
    expect(world.condition('Available')).toMatchObject({
      status: 'False',
      reason: 'MinimumReplicasUnavailable',
    });
    expect(world.condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetCreated' });
    expect(world.events).toEqual([`Scaled up replica set web-${hash} from 0 to 3`]);
  });

  test('is complete when its pods are available', async () => {
    const world = new World();
    await world.settle(5);
    expect(world.deployment.status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
    expect(world.condition('Available')).toMatchObject({ message: 'Deployment has minimum availability.' });
    expect(world.condition('Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: expect.stringMatching(/^ReplicaSet "web-\w+" has successfully progressed\.$/),
    });
  });

  test('that makes no progress times out, and says when to look again', async () => {
    const world = new World();
    await world.step();
    const { requeueAfterMs = 0 } = await world.step();
    expect(requeueAfterMs).toBeGreaterThan(590_000);
    expect(requeueAfterMs).toBeLessThan(602_000);
    world.nowMs += requeueAfterMs;
    await world.step();
    expect(world.condition('Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    await world.settle(3);
    expect(world.condition('Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
    });
  });
});

describe('a rolling update', () => {
  const shape = fc.record({
    replicas: fc.integer({ min: 1, max: 12 }),
    maxSurge: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom('25%', '0%', '100%')),
    maxUnavailable: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom('25%', '0%', '50%')),
    slots: fc.integer({ min: 1, max: 3 }),
  });

  test('always ends, never has too many pods and never too few available ones', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async ({ replicas, slots, ...rollingUpdate }) => {
        const world = new World({ replicas, strategy: { type: 'RollingUpdate', rollingUpdate } });
        await world.settle(4);
        world.change({ template: image('two') });
        const { surge, unavailable } = budgetOf(world.deployment);
        for (let i = 0; i < 80; i++) {
          await world.step();
          expect(sumOf(world.sets, replicasOf)).toBeLessThanOrEqual(replicas + surge);
          world.follow(slots);
          expect(sumOf(world.sets, (set) => set.status.availableReplicas)).toBeGreaterThanOrEqual(
            replicas - unavailable,
          );
        }
        expect(world.sizes()).toEqual({ one: 0, two: replicas });
        expect(world.condition('Progressing')?.reason).toBe('NewReplicaSetAvailable');
      }),
      { numRuns: 60 },
    );
  });

  test('back to an earlier template uses its ReplicaSet again, under a new number', async () => {
    const world = new World();
    await world.settle(5);
    world.change({ template: image('two') });
    await world.settle(20);
    world.change({ template: image('one') });
    await world.settle(20);
    expect(world.sets).toHaveLength(2);
    expect(world.sizes()).toEqual({ one: 3, two: 0 });
    const annotations = world.sets[0]?.metadata.annotations;
    expect(annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    expect(annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
    expect(world.deployment.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  });

  test('a size changed in the middle is spread over both ReplicaSets', async () => {
    const world = new World({ replicas: 10 });
    await world.settle(5);
    world.change({ template: image('two') });
    await world.step();
    world.change({ replicas: 20 });
    await world.step();
    const sizes = world.sizes();
    expect(sizes['one']).toBeGreaterThan(10);
    expect((sizes['one'] ?? 0) + (sizes['two'] ?? 0)).toBe(25);
    await world.settle(40);
    expect(world.sizes()).toEqual({ one: 0, two: 20 });
  });

  test('history beyond the limit goes, oldest first', async () => {
    const world = new World({ revisionHistoryLimit: 1 });
    for (const name of ['one', 'two', 'three', 'four']) {
      world.change({ template: image(name) });
      await world.settle(20);
    }
    expect(world.sizes()).toEqual({ three: 0, four: 3 });
  });

  test('labels and annotations outside of the template start no rollout', async () => {
    const world = new World();
    await world.settle(5);
    world.deployment = {
      ...world.deployment,
      metadata: { ...world.deployment.metadata, annotations: { 'kubernetes.io/change-cause': 'x' } },
    };
    await world.settle(3);
    expect(world.sets).toHaveLength(1);
    expect(world.sets[0]?.metadata.annotations).toMatchObject({ 'kubernetes.io/change-cause': 'x' });
  });
});

test('Recreate: the new pods come when no old one is left', async () => {
  const world = new World({ strategy: { type: 'Recreate' } });
  await world.settle(5);
  const [old] = world.sets;
  world.change({ template: image('two') });
  world.podsAlive.set(old?.metadata.name ?? '', 3);
  await world.settle(5);
  expect(world.sizes()).toEqual({ one: 0 });
  world.podsAlive.clear();
  await world.settle(5);
  expect(world.sizes()).toEqual({ one: 0, two: 3 });
});

test('paused: scales, but does not roll, and says so', async () => {
  const world = new World();
  await world.settle(5);
  world.change({ paused: true, template: image('two') });
  await world.settle(3);
  expect(world.sizes()).toEqual({ one: 3 });
  expect(world.condition('Progressing')).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
  world.change({ replicas: 5 });
  await world.settle(3);
  expect(world.sizes()).toEqual({ one: 5 });
  world.change({ paused: false });
  await world.settle(20);
  expect(world.sizes()).toEqual({ one: 0, two: 5 });
});

test('a name that somebody else holds is avoided by counting up', async () => {
  const world = new World();
  await world.step();
  const [mine] = world.sets;
  const foreign = {
    ...mine,
    metadata: { ...mine?.metadata, ownerReferences: [], labels: {} },
    spec: { template: {} },
  };
  world.sets = [foreign as KubeResource];
  await expect(world.step()).rejects.toThrow('exists');
  expect(world.deployment.status.collisionCount).toBe(1);
  await world.step();
  expect(world.sets).toHaveLength(2);
});

test('proportional scaling hands out exactly the difference', () => {
  const set = (name: string, replicas: number, max: number): KubeResource => ({
    metadata: { name, annotations: { 'deployment.kubernetes.io/max-replicas': `${max}` } },
    spec: { replicas },
  });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 0, max: 60 }),
      (sizes, wanted) => {
        const total = sizes.reduce((a, b) => a + b, 0);
        const sets = sizes.map((size, index) => set(`s${index}`, size, total));
        const deployment = deploymentOf({ replicas: wanted });
        const targets = [...scaleProportionally(deployment, sets).values()];
        const allowed = wanted === 0 ? 0 : wanted + budgetOf(deployment).surge;
        expect(targets.every((size) => size >= 0)).toBe(true);
        expect(targets.reduce((a, b) => a + b, 0)).toBe(allowed);
      },
    ),
  );
});
