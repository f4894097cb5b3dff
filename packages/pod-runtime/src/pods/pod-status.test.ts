import { describe, expect, it } from 'vitest';
import type { ContainerState, ContainerStatus, Pod } from '../pod.ts';
import { Backoff } from './backoff.ts';
import { phaseOf, podStatus, qosOf } from './pod-status.ts';

const status = (state: ContainerState, more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'c',
  image: 'i',
  imageID: '',
  ready: false,
  started: false,
  restartCount: 0,
  lastState: {},
  state,
  ...more,
});
const ended = (exitCode: number): ContainerState => ({
  terminated: { exitCode, reason: '', startedAt: null, finishedAt: null },
});
const running: ContainerState = { running: { startedAt: '' } };
const waiting: ContainerState = { waiting: { reason: 'X' } };
const pod = (restartPolicy: 'Always' | 'OnFailure' | 'Never', init = 0): Pod => ({
  metadata: { name: 'p' },
  spec: {
    restartPolicy,
    containers: [{ name: 'c', image: 'i' }],
    initContainers: Array.from({ length: init }, () => ({ name: 'init', image: 'i' })),
  },
});

describe('phaseOf', () => {
  it.each([
    ['Always', [], [waiting], 'Pending'],
    ['Always', [], [running, running], 'Running'],
    ['Always', [], [running, waiting], 'Pending'],
    ['Always', [], [ended(0)], 'Running'],
    ['OnFailure', [], [ended(0), ended(0)], 'Succeeded'],
    ['OnFailure', [], [ended(1)], 'Running'],
    ['Never', [], [ended(1), ended(0)], 'Failed'],
    ['Never', [], [ended(1), running], 'Running'],
    ['Never', [], [ended(0)], 'Succeeded'],
    ['Never', [ended(1)], [waiting], 'Failed'],
    ['OnFailure', [ended(1)], [waiting], 'Pending'],
    ['Always', [running], [waiting], 'Pending'],
  ] as const)('%s init %j main %j → %s', (policy, init, main, phase) => {
    const input = {
      pod: pod(policy, init.length),
      init: init.map((state) => status(state)),
      main: main.map((state) => status(state)),
    };
    expect(phaseOf(input)).toBe(phase);
  });

  it('stays Running while a container waits to restart', () => {
    expect(phaseOf({ pod: pod('Always'), init: [], main: [status(waiting, { lastState: ended(1) })] })).toBe(
      'Running',
    );
  });
});

describe('podStatus', () => {
  const base = { init: [], podIp: '127.64.0.2', hostIp: '127.0.0.1', startTime: 't0', sandboxReady: true };

  it('keeps transition times and conditions of others, and names who is not ready', () => {
    const known = {
      type: 'Ready',
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime: 'before',
    } as const;
    const gate = {
      type: 'example.com/gate',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: 'x',
    } as const;
    const item = { ...pod('Always'), status: { conditions: [known, gate] } };
    const { conditions } = podStatus({ ...base, pod: item, main: [status(running)], now: 'now' });
    const ready = conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({
      lastTransitionTime: 'before',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [c]',
    });
    expect(conditions).toContainEqual(gate);
    expect(conditions?.find(({ type }) => type === 'ContainersReady')?.lastTransitionTime).toBe('now');
  });

  it('says so when the pod is not isolated', () => {
    const { conditions } = podStatus({
      ...base,
      pod: pod('Always'),
      main: [status(running)],
      now: 'now',
      unisolatedBecause: 'macOS',
    });
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: 'pergola.dev/Isolated', status: 'False', message: 'macOS' }),
    );
  });
});

describe('qosOf', () => {
  const withResources = (resources: object) => ({
    ...pod('Always'),
    spec: { containers: [{ name: 'c', image: 'i', resources }] },
  });
  it.each([
    [{}, 'BestEffort'],
    [{ limits: { cpu: '1', memory: '1Gi' } }, 'Guaranteed'],
    [{ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }, 'Burstable'],
    [{ requests: { memory: '1Gi' } }, 'Burstable'],
  ])('%j → %s', (resources, wanted) => expect(qosOf(withResources(resources))).toBe(wanted));
});

describe('Backoff', () => {
  it('restarts at once, then 10 s doubling to 5 minutes, forgotten after 10 minutes', () => {
    const backoff = new Backoff();
    expect(Array.from({ length: 8 }, () => backoff.next(1000) / 1000)).toEqual([
      0, 10, 20, 40, 80, 160, 300, 300,
    ]);
    expect(backoff.next(600_000)).toBe(0);
    expect(new Backoff().nextPositive()).toBe(10_000);
  });
});
