import { runSteps } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { describe, expect, test } from 'vitest';
import type { ForwarderIdentity } from '../../config/collector-config.ts';
import { collectorNames } from '../names.ts';
import type { LogType } from '../permissions.ts';
import type { ForwarderSpec } from '../spec/forwarder-spec.ts';
import type { ClusterLoggingSpec, LegacyForwarderSpec } from '../spec/legacy-forwarder-spec.ts';
import { RestingMessages } from '../delivery/resting-messages.ts';
import { newFindings } from '../validate/findings.ts';
import { statusOf } from './forwarder-status.ts';
import { legacySteps, observabilitySteps } from './reconcile.ts';
import { reportRunning } from './reconcile-delivery.ts';
import type { ForwarderRun, LegacyRun, ObservabilityRun } from './run.ts';

const role = 'arn:aws:iam::123456789012:role/r';

interface World {
  readonly accounts?: readonly string[];
  readonly allowed?: readonly LogType[];
  readonly pods?: readonly KubeResource[];
  readonly reports?: readonly KubeResource[];
  readonly status?: object;
}

/** A run in a world of object literals, and what it did. */
function runIn(world: World, identity: ForwarderIdentity, account: string) {
  const did: string[] = [];
  const run: Omit<ForwarderRun, 'spec'> = {
    forwarder: {
      apiVersion: identity.apiVersion,
      kind: 'ClusterLogForwarder',
      metadata: { name: identity.name, namespace: identity.namespace, generation: 3 },
      status: world.status ?? {},
    },
    identity,
    names: collectorNames(identity, account),
    nowMs: Date.parse('2026-11-27T18:00:00Z'),
    image: 'i',
    placement: {},
    conditions: [],
    findings: newFindings(),
    config: undefined,
    messages: new RestingMessages(),
    cluster: {
      hasSecret: (name) => name === 's',
      readSecret: (name, key) => (name === 's' && key === 'role_arn' ? role : undefined),
      hasConfigMap: () => false,
      readConfigMap: () => undefined,
      hasServiceAccount: (name) => (world.accounts ?? []).includes(name),
      mayCollect: async (_, type) => (world.allowed ?? []).includes(type),
      infrastructureName: async () => ({ name: 'rosa-7xk2p' }),
      clusterId: async () => 'id',
      reports: () => world.reports ?? [],
      collectorPods: () => world.pods ?? [],
    },
    actions: {
      ensure: async ({ kind }, { metadata }) => void did.push(`ensure ${kind} ${metadata.name}`),
      remove: async ({ kind }, { name }) => void did.push(`remove ${kind} ${name}`),
      event: (type, reason) => did.push(`event ${type} ${reason}`),
    },
  };
  return { run, did };
}

const messages = ({ conditions }: Pick<ForwarderRun, 'conditions'>) =>
  Object.fromEntries(
    conditions.map(({ type, status, message }) => [type, `${status} ${message ?? ''}`.trim()]),
  );

const legacySpec: LegacyForwarderSpec = {
  outputs: [
    {
      name: 'cw',
      type: 'cloudwatch',
      cloudwatch: { region: 'r', groupBy: 'logType' },
      secret: { name: 's' },
    },
  ],
  pipelines: [{ name: 'p', inputRefs: ['application', 'audit'], outputRefs: ['cw'] }],
};
const instance = {
  apiVersion: 'logging.openshift.io/v1',
  namespace: 'openshift-logging',
  name: 'instance',
} as const;
const custom = { ...instance, namespace: 'apps', name: 'mine' } as const;

async function legacy(
  world: World & { readonly clusterLogging?: ClusterLoggingSpec },
  spec: LegacyForwarderSpec = legacySpec,
  identity: ForwarderIdentity = instance,
) {
  const { run, did } = runIn(world, identity, spec.serviceAccountName ?? '');
  const legacyRun: LegacyRun = { ...run, spec, clusterLogging: world.clusterLogging };
  const result = await runSteps(legacySteps, legacyRun);
  return { run: legacyRun, did, result, said: messages(legacyRun) };
}

const collection: ClusterLoggingSpec = { collection: { logs: { type: 'fluentd' } } };

interface Refusal {
  readonly spec: LegacyForwarderSpec;
  readonly world: World;
  readonly message: string;
  readonly actions: readonly string[];
}
const removal = ['remove DaemonSet mine', 'remove Service mine'];

describe('of logging 5', () => {
  test('the instance needs a ClusterLogging and brings its own rights', async () => {
    const without = await legacy({});
    expect(without.said['Ready']).toBe(
      "False ClusterLogForwarder 'openshift-logging/instance' is dependent on a ClusterLogging instance with a valid spec.collector configuration",
    );
    expect(without.did).toEqual(['remove DaemonSet collector', 'remove Service collector']);

    const { did, said, run } = await legacy({ clusterLogging: collection });
    expect(did).toEqual([
      'ensure ServiceAccount logcollector',
      'ensure ClusterRoleBinding cluster-logging-openshift-logging-collector-collect-logs-application',
      'ensure ClusterRoleBinding cluster-logging-openshift-logging-collector-collect-logs-audit',
      'ensure ClusterRoleBinding cluster-logging-openshift-logging-collector-collect-logs-infrastructure',
      'ensure Role collector-collector',
      'ensure RoleBinding collector-collector',
      'ensure ClusterRoleBinding cluster-logging-openshift-logging-collector-metadata-reader',
      'ensure Secret collector-config',
      'ensure Service collector',
      'ensure DaemonSet collector',
    ]);
    expect(said['Ready']).toBe('True');
    expect(run.config?.outputs[0]?.names).toEqual({ style: 'v1', groupBy: 'logType', prefix: 'rosa-7xk2p' });
  });

  test('a collector of a kind that nobody has is refused', async () => {
    const { said, did } = await legacy({ clusterLogging: { collection: { type: 'rsyslog' } } });
    expect(said['Validation']).toBe('True Collector implementation is not supported: "rsyslog"');
    expect(did).toEqual([]);
  });

  test.each<[string, Refusal]>([
    [
      'without pipelines',
      {
        spec: { serviceAccountName: 'sa' },
        world: {},
        message: 'ClusterLogForwarder disabled',
        actions: removal,
      },
    ],
    [
      'without an account',
      {
        spec: legacySpec,
        world: {},
        message: 'custom clusterlogforwarders must specify a service account name',
        actions: [],
      },
    ],
    [
      'whose account is absent',
      {
        spec: { ...legacySpec, serviceAccountName: 'sa' },
        world: {},
        message: 'service account not found: apps/sa',
        actions: removal,
      },
    ],
    [
      'whose account may not collect all of it',
      {
        spec: { ...legacySpec, serviceAccountName: 'sa' },
        world: { accounts: ['sa'], allowed: ['application'] },
        message: 'insufficient permissions on service account, not authorized to collect ["audit"] logs',
        actions: removal,
      },
    ],
  ])('another forwarder %s', async (_, { spec, world, message, actions }) => {
    const { said, did } = await legacy(world, spec, custom);
    expect(said['Ready']).toBe(`False ${message}`);
    expect(said['Validation']).toBe(`True ${message}`);
    expect(did).toEqual(actions);
  });

  test('names that are taken or impossible are refused', async () => {
    const taken = await legacy({}, legacySpec, { ...instance, name: 'collector' });
    expect(taken.said['Ready']).toContain(
      'conflicts with an object for the legacy ClusterLogForwarder deployment',
    );
    const odd = await legacy({}, legacySpec, { ...custom, name: 'a.b' });
    expect(odd.said['Ready']).toContain('Name "a.b" will result in an invalid object: [a DNS-1035 label');
    const reserved = await legacy(
      {},
      { ...legacySpec, serviceAccountName: 'logcollector' },
      { ...instance, name: 'mine' },
    );
    expect(reserved.said['Ready']).toContain('logcollector is a reserved serviceaccount name');
  });

  test('a wrong specification leaves the collector that runs alone and shows each item', async () => {
    const { run, did, said } = await legacy(
      { clusterLogging: collection },
      {
        ...legacySpec,
        pipelines: [{ name: 'p', inputRefs: ['application'], outputRefs: ['x'] }],
      },
    );
    expect(did).toEqual([]);
    expect(said['Ready']).toBe('False invalid clf spec; one or more errors present: [p]');
    expect(statusOf(run)).toMatchObject({
      pipelines: {
        p: [{ type: 'Validation', message: 'invalid: unrecognized outputs: [x], no valid outputs' }],
      },
      outputs: { cw: [{ type: 'Ready', status: 'False' }] },
    });
  });
});

const spec: ForwarderSpec = {
  serviceAccount: { name: 'sa' },
  inputs: [
    { name: 'mine', type: 'application', application: { includes: [{ namespace: 'kube-system' }] } },
    { name: 'unused', type: 'audit', audit: {} },
  ],
  outputs: [
    {
      name: 'cw',
      type: 'cloudwatch',
      cloudwatch: {
        region: 'r',
        groupName: 'g',
        authentication: {
          type: 'iamRole',
          iamRole: { roleARN: { secretName: 's', key: 'role_arn' }, token: { from: 'serviceAccount' } },
        },
      },
    },
  ],
  pipelines: [{ name: 'p', inputRefs: ['mine'], outputRefs: ['cw'] }],
};
const observed = { apiVersion: 'observability.openshift.io/v1', namespace: 'apps', name: 'mine' } as const;

async function current(world: World, wanted: ForwarderSpec = spec) {
  const { run, did } = runIn(world, observed, 'sa');
  const whole = { ...run, spec: wanted };
  const result = await runSteps(observabilitySteps, whole);
  return { run: whole, did, result, said: messages(whole) };
}
const allowed: World = { accounts: ['sa'], allowed: ['application', 'infrastructure'] };
const prefix = 'observability.openshift.io';

describe('of logging 6', () => {
  test('an input that includes infrastructure needs both rights; one that is not used needs none', async () => {
    const { said, did, result } = await current({ accounts: ['sa'], allowed: ['application'] });
    expect(said).toMatchObject({
      [`${prefix}/Authorized`]:
        'False insufficient permissions on service account, not authorized to collect ["infrastructure"] logs',
      Ready: 'False collector not ready',
    });
    expect(did).toEqual(['remove DaemonSet mine', 'remove Service mine']);
    expect(result.requeueAfterMs).toBe(10_000);
    const both = await current(allowed);
    expect(both.said[`${prefix}/Authorized`]).toBe(
      'True permitted to collect log types: [application infrastructure]',
    );
    expect(both.said['Ready']).toBe('True');
    expect(both.did.at(-1)).toBe('ensure DaemonSet mine');
  });

  test('everything wrong is said at once', async () => {
    const { said, run, did } = await current({}, { ...spec, outputs: [], pipelines: spec.pipelines ?? [] });
    expect(said).toMatchObject({
      [`${prefix}/Authorized`]: 'False serviceaccounts "sa" not found',
      [`${prefix}/Valid`]:
        'False one or more of inputs, outputs, pipelines, filters have a validation failure',
    });
    expect(statusOf(run)).toMatchObject({
      pipelineConditions: [
        {
          type: `${prefix}/ValidPipeline-p`,
          reason: 'ValidationFailure',
          message: 'refs not found: outputs[cw]',
          observedGeneration: 3,
        },
      ],
    });
    expect(did).toEqual(['remove DaemonSet mine', 'remove Service mine']);
  });

  test('one that is unmanaged is left alone, one with a wrong name or a network policy refused', async () => {
    const unmanaged = await current(allowed, { ...spec, managementState: 'Unmanaged' });
    expect(unmanaged.said).toEqual({
      Ready: 'Unknown Updates are ignored when the managementState is Unmanaged',
    });
    expect(unmanaged.did).toEqual([]);
    const policy = await current(allowed, {
      ...spec,
      collector: { networkPolicy: { ruleSet: 'RestrictIngressEgress' } },
    });
    expect(policy.said[`${prefix}/Valid`]).toContain('is not implemented');
    expect(policy.did).toEqual([]);
  });

  const pod: KubeResource = { metadata: { name: 'mine-x' }, spec: { nodeName: 'n1' } };
  const report = (output: object): KubeResource => ({
    metadata: { name: 'mine-report-n1' },
    data: {
      'report.json': JSON.stringify({
        version: 1,
        node: 'n1',
        writtenAt: '2026-11-27T17:59:59Z',
        outputs: { cw: output },
        namespaces: {},
      }),
    },
  });
  const failure = {
    since: '2026-11-27T17:50:00Z',
    reason: 'InvalidIdentityToken',
    message: 'No OpenIDConnect provider found in your account for https://x',
    operation: 'sts:AssumeRoleWithWebIdentity',
    link: 'T1',
    requestId: 'r-1',
  };

  test('delivery is told for the forwarder and each output, and by an event when it changes', async () => {
    const failing = await current({ ...allowed, pods: [pod], reports: [report({ failure })] });
    expect(failing.said[`${prefix}/Delivering`]).toContain('broken link of the trust chain: T1');
    expect(failing.did).toContain('event Warning DeliveryFailed');
    expect(statusOf(failing.run)).toMatchObject({
      outputConditions: [
        { type: `${prefix}/ValidOutput-cw`, status: 'True' },
        { type: `${prefix}/DeliveringOutput-cw`, status: 'False', reason: 'InvalidIdentityToken' },
      ],
    });

    const retried = { ...failure, requestId: 'r-2' };
    const again = await current({
      ...allowed,
      pods: [pod],
      reports: [report({ failure: retried })],
      status: statusOf(failing.run),
    });
    expect(again.did.filter((action) => action.startsWith('event'))).toEqual([]);
    expect(statusOf(again.run)).toEqual(statusOf(failing.run));

    const mended = await current({
      ...allowed,
      pods: [pod],
      reports: [report({ lastDelivered: '2026-11-27T17:59:58Z' })],
      status: statusOf(failing.run),
    });
    expect(mended.said[`${prefix}/Delivering`]).toBe('True all outputs deliver');
    expect(mended.did).toContain('event Normal LogsDelivered');
  });

  test('annotations choose the log level and the pace of a rollout, or say why not', async () => {
    const withAnnotations = async (annotations: Record<string, string>) => {
      const { run } = runIn(allowed, observed, 'sa');
      const { metadata } = run.forwarder;
      const forwarder = { ...run.forwarder, metadata: { ...metadata, annotations } };
      const whole: ObservabilityRun = { ...run, forwarder, spec };
      await runSteps(observabilitySteps, whole);
      return whole;
    };
    const good = await withAnnotations({
      [`${prefix}/log-level`]: 'off',
      [`${prefix}/max-unavailable-rollout`]: '20%',
    });
    expect([good.logLevel, good.placement.maxUnavailable]).toEqual(['silent', '20%']);
    const bad = await withAnnotations({
      [`${prefix}/log-level`]: 'loud',
      [`${prefix}/max-unavailable-rollout`]: 'some',
    });
    expect(messages(bad)).toMatchObject({
      [`${prefix}/LogLevel`]: 'False log level "loud" must be one of [debug, error, info, off, trace, warn]',
      [`${prefix}/MaxUnavailableAnnotation`]:
        'False max-unavailable-rollout value "some" must be an absolute number or a valid percentage',
      Ready: 'True',
    });
  });

  test('a wrong specification does not hide whether the collectors that still run deliver', async () => {
    const world = { ...allowed, pods: [pod], reports: [report({ failure })] };
    const { run, said } = await current(world, { ...spec, outputs: [] });
    expect(said['Ready']).toBe('False collector not ready');
    await reportRunning(run);
    expect(messages(run)[`${prefix}/Delivering`]).toContain('output "cw" does not deliver');
    const told = run.conditions.length;
    await reportRunning(run);
    expect(run.conditions).toHaveLength(told);
  });
});
