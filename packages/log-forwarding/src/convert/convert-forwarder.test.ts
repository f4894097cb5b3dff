import * as fc from 'fast-check';
import type { KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import type { ContainerMetadata } from '../collector/metadata/container-metadata.ts';
import { type LogOrigin, namesOf } from '../collector/names/log-names.ts';
import { inputTakes } from '../collector/routing/input-match.ts';
import type { CollectorConfig } from '../config/collector-config.ts';
import { groupNamePattern } from '../operator/crds/group-name-pattern.ts';
import { resolveForwarder, resolveLegacyForwarder } from '../operator/resolve/collector-config.ts';
import type { ForwarderSpec } from '../operator/spec/forwarder-spec.ts';
import type { LegacyForwarderSpec } from '../operator/spec/legacy-forwarder-spec.ts';
import { newFindings } from '../operator/validate/findings.ts';
import { validateFilters, validateInputs, validatePipelines } from '../operator/validate/items.ts';
import { validateOutputs } from '../operator/validate/outputs.ts';
import { convertForwarder } from './convert-forwarder.ts';

const role = 'arn:aws:iam::123456789012:role/logs';
const readSecret = (_: string, key: string) => (key === 'role_arn' ? role : undefined);
const around = {
  forwarder: { apiVersion: 'logging.openshift.io/v1', namespace: 'openshift-logging', name: 'instance' },
  clusterId: 'id',
  clusterPrefix: 'rosa-7xk2p',
  readSecret,
} as const;

const legacyOf = (spec: LegacyForwarderSpec, name = 'instance'): KubeResource => ({
  apiVersion: 'logging.openshift.io/v1',
  kind: 'ClusterLogForwarder',
  metadata: { name, namespace: 'openshift-logging' },
  spec,
});

function convert(spec: LegacyForwarderSpec) {
  const { resources, notes } = convertForwarder(legacyOf(spec), {
    infrastructureName: around.clusterPrefix,
    secretKeys: { s: ['role_arn'] },
  });
  return { spec: resources.at(-1)?.['spec'] as ForwarderSpec, resources, notes };
}

const container = (namespace: string, known: boolean): LogOrigin => {
  const metadata: ContainerMetadata = {
    namespace,
    podName: 'p',
    podUid: 'u',
    container: 'c',
    attempt: 0,
    logType: /^(default|openshift-.+|kube-.+)$/.test(namespace) ? 'infrastructure' : 'application',
    ...(known ? { namespaceUid: `uid-of-${namespace}` } : {}),
  };
  return { kind: 'container', container: metadata };
};

/** Every group that a log goes to, by the collector's own rules. */
function groupsOf(config: CollectorConfig, origin: LogOrigin): string[] {
  const takes = (name: string) =>
    config.inputs.some((input) => input.name === name && inputTakes(input, origin));
  const outputs = config.pipelines.flatMap((pipeline) =>
    pipeline.inputs.some(takes) ? pipeline.outputs : [],
  );
  const groups = outputs.flatMap((name) => {
    const output = config.outputs.find((each) => each.name === name);
    return output ? [namesOf(output.names, origin, { hostname: 'h', record: recordOf(origin) }).group] : [];
  });
  return [...new Set(groups)].sort();
}

function recordOf(origin: LogOrigin): object {
  if (origin.kind === 'audit') return { log_type: 'audit' };
  if (origin.kind === 'node') return { log_type: 'infrastructure' };
  const { namespace, namespaceUid, logType } = origin.container;
  return { log_type: logType, kubernetes: { namespace_name: namespace, namespace_id: namespaceUid } };
}

const origins: LogOrigin[] = [
  ...['shop', 'payments', 'default', 'openshift-dns', 'kube-system'].flatMap((namespace) => [
    container(namespace, true),
    container(namespace, false),
  ]),
  { kind: 'node' },
  { kind: 'audit', source: 'kubeAPI' },
  { kind: 'audit', source: 'auditd' },
];

const glob = fc.constantFrom('shop', 'pay*', '*', 'openshift-dns', 'kube-*', 'default');
const inputs = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('mine', 'My Input', 'x', 'dns_only'),
    application: fc.record({ namespaces: fc.array(glob, { maxLength: 3 }) }),
  }),
  { selector: ({ name }) => name, maxLength: 3 },
);
const outputs = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('cw', 'CW 2', 'a', 'audit_logs', 'cw-by-type'),
    type: fc.constant('cloudwatch'),
    secret: fc.constant({ name: 's' }),
    cloudwatch: fc.record(
      {
        region: fc.constant('eu-west-1'),
        groupBy: fc.constantFrom('logType', 'namespaceName', 'namespaceUUID'),
        groupPrefix: fc.constantFrom('', 'rosa-prod', 'team/a_b.c', 'a#b', 'odd name!'),
      },
      { requiredKeys: ['region', 'groupBy'] },
    ),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
);

const forwarders = fc.tuple(inputs, outputs).chain(([someInputs, someOutputs]) => {
  const inputNames = ['application', 'infrastructure', 'audit', ...someInputs.map(({ name }) => name)];
  const outputNames = someOutputs.map(({ name }) => name);
  const pipelines = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('p', 'To CloudWatch', 'p-by-type', 'q'),
      inputRefs: fc.subarray(inputNames, { minLength: 1 }),
      outputRefs: fc.subarray(outputNames, { minLength: 1 }),
      detectMultilineErrors: fc.boolean(),
      parse: fc.constantFrom('json', ''),
      labels: fc.constantFrom({}, { env: 'prod' }),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
  );
  return pipelines.map((some) => ({ inputs: someInputs, outputs: someOutputs, pipelines: some }));
});

test('any log goes to groups of the same names before and after', () => {
  fc.assert(
    fc.property(forwarders, (spec) => {
      const before = resolveLegacyForwarder(spec, around);
      const after = resolveForwarder(convert(spec).spec, around);
      for (const origin of origins) expect(groupsOf(after, origin)).toEqual(groupsOf(before, origin));
    }),
  );
});

test('what comes out is valid', () => {
  const readers = {
    hasSecret: () => true,
    readSecret,
    hasConfigMap: () => false,
    readConfigMap: () => undefined,
  };
  fc.assert(
    fc.property(forwarders, (spec) => {
      const converted = convert(spec).spec;
      const found = newFindings();
      validateInputs(converted, found);
      validateOutputs(converted, found, readers);
      validateFilters(converted, found);
      validatePipelines(converted, found);
      const conditions = Object.values(found).flatMap((items) => [...items.values()].flat());
      expect(conditions.filter(({ status }) => status !== 'True')).toEqual([]);
      for (const { name, cloudwatch } of converted.outputs ?? []) {
        expect(name).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
        expect(cloudwatch?.groupName).toMatch(new RegExp(groupNamePattern));
      }
    }),
  );
});

const seed: LegacyForwarderSpec = {
  outputs: [
    {
      name: 'cw',
      type: 'cloudwatch',
      cloudwatch: { groupBy: 'namespaceName', groupPrefix: 'rosa-x', region: 'us-east-1' },
      secret: { name: 's' },
    },
  ],
  pipelines: [
    { name: 'to-cloudwatch', inputRefs: ['infrastructure', 'audit', 'application'], outputRefs: ['cw'] },
  ],
};

test("the seed's forwarder becomes two outputs, its account keeps the role, bindings say who may collect", () => {
  const { spec, resources, notes } = convert(seed);
  expect(spec.outputs?.map(({ name, cloudwatch }) => [name, cloudwatch?.groupName])).toEqual([
    ['cw', 'rosa-x.{.kubernetes.namespace_name||"application"}'],
    ['cw-by-type', 'rosa-x.{.log_type||"none"}'],
  ]);
  expect(spec.pipelines).toEqual([
    { name: 'to-cloudwatch', inputRefs: ['application'], outputRefs: ['cw'] },
    { name: 'to-cloudwatch-by-type', inputRefs: ['infrastructure', 'audit'], outputRefs: ['cw-by-type'] },
  ]);
  expect(spec.outputs?.[0]?.cloudwatch?.authentication).toEqual({
    type: 'iamRole',
    iamRole: { roleARN: { secretName: 's', key: 'role_arn' }, token: { from: 'serviceAccount' } },
  });
  expect(resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ServiceAccount logcollector',
    'ClusterRoleBinding openshift-logging-logcollector-collect-application-logs',
    'ClusterRoleBinding openshift-logging-logcollector-collect-audit-logs',
    'ClusterRoleBinding openshift-logging-logcollector-collect-infrastructure-logs',
    'ClusterLogForwarder instance',
  ]);
  expect(notes.join('\n')).toContain('names of log streams differ');
});

test('what cannot be converted is said', () => {
  const [output] = seed.outputs ?? [];
  const unnamed = { ...output, cloudwatch: { region: 'r', groupBy: 'logType' as const } };
  const loki = { name: 'loki', type: 'loki' };
  expect(() => convertForwarder(legacyOf({ ...seed, outputs: [unnamed] }))).toThrow(
    'give infrastructureName',
  );
  expect(() => convertForwarder({ ...legacyOf(seed), apiVersion: 'v1' })).toThrow(
    'expected a ClusterLogForwarder',
  );
  expect(() => convertForwarder(legacyOf(seed, 'mine'))).toThrow('serviceAccountName is missing');
  const { notes } = convert({
    ...seed,
    outputs: [...(seed.outputs ?? []), loki],
    inputs: [{ name: 'in', receiver: {} }],
    pipelines: [...(seed.pipelines ?? []), { name: 'lost', inputRefs: ['in'], outputRefs: ['loki'] }],
  });
  expect(notes.join('\n')).toMatch(
    /output "loki" of type loki was left out[\s\S]*pipeline "lost" was left out/,
  );
});
