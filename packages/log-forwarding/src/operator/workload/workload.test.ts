import { expect, test } from 'vitest';
import type { CollectorConfig } from '../../config/collector-config.ts';
import { collectorNames } from '../names.ts';
import { resolveLegacyForwarder } from '../resolve/collector-config.ts';
import { collectBindings, metadataBinding, sharedClusterRoles } from './access-objects.ts';
import { configSecret } from './config-secret.ts';
import { collectorDaemonSet, configHashAnnotation } from './daemon-set.ts';
import { metricsService } from './metrics-service.ts';

const legacy = {
  apiVersion: 'logging.openshift.io/v1',
  namespace: 'openshift-logging',
  name: 'instance',
} as const;
const custom = { apiVersion: 'observability.openshift.io/v1', namespace: 'apps', name: 'mine' } as const;

function configWith(secret: Readonly<Record<string, string>>): CollectorConfig {
  return resolveLegacyForwarder(
    {
      outputs: [
        {
          name: 'cw',
          type: 'cloudwatch',
          cloudwatch: { region: 'r', groupBy: 'logType' },
          secret: { name: 'creds' },
        },
      ],
      pipelines: [{ name: 'p', inputRefs: ['audit'], outputRefs: ['cw'] }],
    },
    { forwarder: legacy, clusterId: 'id', clusterPrefix: 'c', readSecret: (_, key) => secret[key] },
  );
}
const roleConfig = configWith({ role_arn: 'arn:aws:iam::123456789012:role/r' });
const keyConfig = configWith({ aws_access_key_id: 'a', aws_secret_access_key: 'b' });

const podOf = (config: CollectorConfig, placement = {}) => {
  const names = collectorNames(legacy, '');
  return collectorDaemonSet({ names, config, placement, image: 'i' })['spec'].template;
};

test('the legacy forwarder is `collector` and runs as `logcollector`; others have their own names', () => {
  expect(collectorNames(legacy, 'other')).toMatchObject({
    collector: 'collector',
    serviceAccount: 'logcollector',
  });
  expect(collectorNames(custom, 'sa')).toMatchObject({
    collector: 'mine',
    serviceAccount: 'sa',
    configSecret: 'mine-config',
  });
});

test("a role's collector gets the token with ROSA's audience and no keys", () => {
  const { spec } = podOf(roleConfig);
  expect(spec.volumes).toContainEqual({
    name: 'token',
    projected: {
      sources: [{ serviceAccountToken: { audience: 'openshift', expirationSeconds: 3_600, path: 'token' } }],
    },
  });
  expect(spec.volumes.map(({ name }: { name: string }) => name)).not.toContain('secrets');
  expect(spec.containers[0].env).toContainEqual({
    name: 'NODE_OPTIONS',
    value: '--max-semi-space-size=4',
  });
  expect(spec.containers[0].env).toContainEqual({
    name: 'COLLECTOR_TOKEN_FILE',
    value: '/var/run/ocp-collector/serviceaccount/token',
  });
});

test('keys are mounted one by one, and no token', () => {
  const { spec } = podOf(keyConfig);
  expect(spec.volumes.at(-1)).toEqual({
    name: 'secrets',
    projected: {
      sources: [
        { secret: { name: 'creds', items: [{ key: 'aws_access_key_id', path: 'creds/aws_access_key_id' }] } },
        {
          secret: {
            name: 'creds',
            items: [{ key: 'aws_secret_access_key', path: 'creds/aws_secret_access_key' }],
          },
        },
      ],
    },
  });
  expect(spec.volumes.map(({ name }: { name: string }) => name)).not.toContain('token');
});

test('the node is shown read-only, save what the collector keeps', () => {
  const { spec } = podOf(roleConfig);
  const writable = spec.containers[0].volumeMounts.filter(
    ({ readOnly }: { readOnly?: boolean }) => !readOnly,
  );
  expect(writable).toEqual([
    { name: 'datadir', mountPath: '/var/lib/logcollector/openshift-logging/collector' },
    { name: 'tmp', mountPath: '/tmp' },
  ]);
  expect(spec.containers[0].securityContext).toMatchObject({
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
  });
});

test('every variable that names a path names a mounted one', () => {
  const { spec } = podOf(keyConfig);
  const mounts: string[] = spec.containers[0].volumeMounts.map(
    ({ mountPath }: { mountPath: string }) => mountPath,
  );
  const paths: string[] = spec.containers[0].env.flatMap(({ value }: { value?: string }) =>
    value?.startsWith('/') ? [value] : [],
  );
  expect(paths.length).toBeGreaterThan(4);
  for (const path of paths)
    expect(mounts.some((mount) => path === mount || path.startsWith(`${mount}/`))).toBe(true);
});

test('placement is followed, and another configuration rolls the pods', () => {
  const placement = {
    nodeSelector: { role: 'worker' },
    tolerations: [{ operator: 'Exists' }],
    resources: { limits: { memory: '1Gi' } },
    terminationGracePeriodSeconds: 30,
  };
  const { spec } = podOf(roleConfig, placement);
  expect(spec.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux', role: 'worker' });
  expect(spec.tolerations).toContainEqual({ operator: 'Exists' });
  expect(spec.containers[0].resources).toEqual({ limits: { memory: '1Gi' } });
  expect(spec.terminationGracePeriodSeconds).toBe(30);
  const hashes = [roleConfig, keyConfig, roleConfig].map(
    (config) => podOf(config).metadata.annotations[configHashAnnotation],
  );
  expect(hashes[0]).toBe(hashes[2]);
  expect(hashes[0]).not.toBe(hashes[1]);
});

test('pods are found by the selectors of the DaemonSet and of the Service', () => {
  const names = collectorNames(custom, 'sa');
  const daemonSet = collectorDaemonSet({ names, config: roleConfig, placement: {}, image: 'i' });
  const { labels } = daemonSet['spec'].template.metadata;
  expect(labels).toMatchObject(daemonSet['spec'].selector.matchLabels);
  expect(labels).toMatchObject(metricsService(names)['spec'].selector);
});

test('the configuration can be read back', () => {
  const secret = configSecret(collectorNames(legacy, ''), roleConfig);
  const text = Buffer.from(secret['data']['collector.json'], 'base64').toString('utf8');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(roleConfig)));
});

test('bindings name roles that are there, and whose they are', () => {
  const roles = sharedClusterRoles().map(({ metadata }) => metadata.name);
  const names = collectorNames(legacy, '');
  const bindings = [metadataBinding(names, legacy), ...collectBindings(names, legacy)];
  for (const binding of bindings) {
    expect(roles).toContain(binding['roleRef'].name);
    expect(binding.metadata.annotations).toEqual({
      'pergola.dev/forwarder': 'logging.openshift.io/v1 openshift-logging/instance',
    });
  }
  expect(new Set(bindings.map(({ metadata }) => metadata.name)).size).toBe(4);
});
