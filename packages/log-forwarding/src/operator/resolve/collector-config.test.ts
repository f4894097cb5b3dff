import { expect, test } from 'vitest';
import type { ForwarderSpec } from '../spec/forwarder-spec.ts';
import type { LegacyForwarderSpec } from '../spec/legacy-forwarder-spec.ts';
import { resolveForwarder, resolveLegacyForwarder } from './collector-config.ts';
import { mountedKeysOf, needsToken } from './mounted-keys.ts';

const role = 'arn:aws:iam::123456789012:role/r';
const stored: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  role: { role_arn: role },
  file: { credentials: `[default]\nrole_arn = ${role}`, role_arn: 'ignored', 'ca-bundle.crt': 'PEM' },
  keys: { aws_access_key_id: 'AKIA', aws_secret_access_key: 'x' },
  token: { role_arn: role, token: 'jwt' },
};
const around = {
  forwarder: { apiVersion: 'logging.openshift.io/v1', namespace: 'n', name: 'f' },
  clusterId: 'id',
  clusterPrefix: 'rosa-7xk2p',
  readSecret: (name: string, key: string) => stored[name]?.[key],
} as const;

const legacyOutput = (name: string, secret: string, groupPrefix?: string | null) => ({
  name,
  type: 'cloudwatch',
  cloudwatch: {
    region: 'r',
    groupBy: 'logType' as const,
    ...(groupPrefix === undefined ? {} : { groupPrefix }),
  },
  secret: { name: secret },
});
const legacy = (spec: LegacyForwarderSpec) => resolveLegacyForwarder(spec, around);

test('the fields of a pipeline become filters around its own', () => {
  const { filters, pipelines } = legacy({
    outputs: [legacyOutput('cw', 'role')],
    filters: [
      { name: 'small', type: 'prune', prune: { in: ['.kubernetes.labels'] } },
      { name: 'unused', type: 'drop', drop: [] },
    ],
    pipelines: [
      {
        name: 'p',
        inputRefs: ['application'],
        outputRefs: ['cw'],
        filterRefs: ['small'],
        labels: { env: 'prod' },
        parse: 'json',
        detectMultilineErrors: true,
      },
    ],
  });
  expect(pipelines[0]?.filters).toEqual([
    'pipeline/multiline',
    'small',
    'pipeline/parse',
    'pipeline/p/labels',
  ]);
  expect(filters.map(({ name, type }) => [name, type])).toEqual([
    ['small', 'prune'],
    ['pipeline/multiline', 'detectMultilineException'],
    ['pipeline/parse', 'parse'],
    ['pipeline/p/labels', 'openshiftLabels'],
  ]);
});

test('only what pipelines name is there; reserved inputs stand for themselves', () => {
  const { inputs, outputs } = legacy({
    inputs: [
      {
        name: 'shop',
        application: {
          namespaces: ['shop'],
          includes: [{ namespace: 'pay', container: 'web' }],
          containerLimit: { maxRecordsPerSecond: 10 },
        },
      },
      { name: 'unused', audit: {} },
    ],
    outputs: [legacyOutput('cw', 'role'), legacyOutput('unused', 'role')],
    pipelines: [{ name: 'p', inputRefs: ['shop', 'infrastructure', 'audit'], outputRefs: ['cw'] }],
  });
  expect(outputs.map(({ name }) => name)).toEqual(['cw']);
  expect(inputs).toEqual([
    {
      name: 'shop',
      type: 'application',
      includes: [{ namespace: 'shop' }, { namespace: 'pay', container: 'web' }],
      excludes: [],
      selector: undefined,
      maxRecordsPerSecondPerContainer: 10,
    },
    { name: 'infrastructure', type: 'infrastructure', sources: ['container', 'node'] },
    { name: 'audit', type: 'audit', sources: ['auditd', 'kubeAPI', 'openshiftAPI', 'ovn'] },
  ]);
});

test('a prefix that is absent is the cluster; an empty one is none', () => {
  const names = ['mine', '', null, undefined].map((prefix) => {
    const { outputs } = legacy({
      outputs: [legacyOutput('cw', 'role', prefix)],
      pipelines: [{ name: 'p', inputRefs: ['audit'], outputRefs: ['cw'] }],
    });
    return outputs[0]?.names;
  });
  expect(names.map((each) => each?.style === 'v1' && each.prefix)).toEqual([
    'mine',
    '',
    'rosa-7xk2p',
    'rosa-7xk2p',
  ]);
});

test('each kind of Secret signs in its own way, and only its keys are mounted', () => {
  const config = legacy({
    outputs: ['role', 'file', 'keys', 'token'].map((secret) => legacyOutput(secret, secret)),
    pipelines: [{ name: 'p', inputRefs: ['audit'], outputRefs: ['role', 'file', 'keys', 'token'] }],
  });
  const own = '/var/run/ocp-collector/serviceaccount/token';
  const secrets = '/var/run/ocp-collector/secrets';
  expect(config.outputs.map(({ authentication }) => authentication)).toEqual([
    { type: 'iamRole', roleArn: role, tokenFile: own, sessionName: 'cluster-logging' },
    { type: 'iamRole', roleArn: role, tokenFile: own, sessionName: 'cluster-logging' },
    {
      type: 'awsAccessKey',
      keyIdFile: `${secrets}/keys/aws_access_key_id`,
      keySecretFile: `${secrets}/keys/aws_secret_access_key`,
    },
    { type: 'iamRole', roleArn: role, tokenFile: `${secrets}/token/token`, sessionName: 'cluster-logging' },
  ]);
  expect(mountedKeysOf(config)).toEqual([
    { kind: 'secret', name: 'file', key: 'ca-bundle.crt' },
    { kind: 'secret', name: 'keys', key: 'aws_access_key_id' },
    { kind: 'secret', name: 'keys', key: 'aws_secret_access_key' },
    { kind: 'secret', name: 'token', key: 'token' },
  ]);
  expect(needsToken(config)).toBe(true);
  expect(JSON.stringify(config)).not.toContain('AKIA');
});

test('a forwarder of logging 6 brings templates, chained roles, limits and its own fields', () => {
  const spec: ForwarderSpec = {
    inputs: [
      {
        name: 'shop',
        type: 'application',
        application: {
          excludes: [{ container: 'proxy' }],
          tuning: { rateLimitPerContainer: { maxRecordsPerSecond: 5 }, maxMessageSize: '1Ki' },
        },
      },
    ],
    filters: [
      { name: 'labels', type: 'openshiftLabels', openshiftLabels: { a: 'b' } },
      { name: 'audits', type: 'kubeAPIAudit', kubeAPIAudit: {} },
      {
        name: 'noise',
        type: 'drop',
        drop: [{ test: [{ field: '.level', matches: '', notMatches: 'error' }] }],
      },
    ],
    outputs: [
      {
        name: 'cw',
        type: 'cloudwatch',
        rateLimit: { maxRecordsPerSecond: 100 },
        tls: { ca: { configMapName: 'cas', key: 'ca.crt' }, insecureSkipVerify: true },
        cloudwatch: {
          region: 'eu-west-1',
          groupName: 'x-{.log_type||"none"}',
          url: 'https://logs.example.com',
          authentication: {
            type: 'iamRole',
            iamRole: {
              roleARN: { secretName: 'file', key: 'credentials' },
              token: { from: 'serviceAccount' },
            },
            assumeRole: { roleARN: { secretName: 'role', key: 'role_arn' }, externalID: 'ext' },
          },
          tuning: { deliveryMode: 'AtMostOnce' },
          retentionInDays: 7,
          tags: { team: 'a' },
          kmsKeyId: 'key',
        },
      },
    ],
    pipelines: [
      { name: 'p', inputRefs: ['shop'], filterRefs: ['noise', 'labels', 'audits'], outputRefs: ['cw'] },
    ],
  };
  const config = resolveForwarder(spec, around);
  expect(config.outputs).toEqual([
    {
      name: 'cw',
      type: 'cloudwatch',
      region: 'eu-west-1',
      endpoint: 'https://logs.example.com',
      names: { style: 'observability', groupName: 'x-{.log_type||"none"}' },
      authentication: {
        type: 'iamRole',
        roleArn: role,
        tokenFile: '/var/run/ocp-collector/serviceaccount/token',
        sessionName: 'output-cw',
        assumeRole: { roleArn: role, externalId: 'ext', sessionName: undefined },
      },
      tuning: {
        delivery: 'AtMostOnce',
        compression: 'none',
        maxWriteBytes: 1_048_576,
        minRetryMs: 1_000,
        maxRetryMs: 30_000,
      },
      retentionDays: 7,
      tags: { team: 'a' },
      kmsKeyId: 'key',
      maxRecordsPerSecond: 100,
      insecureSkipVerify: true,
      caFile: '/var/run/ocp-collector/secrets/_configmap_cas/ca.crt',
    },
  ]);
  expect(mountedKeysOf(config)).toEqual([{ kind: 'configMap', name: 'cas', key: 'ca.crt' }]);
  expect(config.inputs[0]).toMatchObject({ maxRecordsPerSecondPerContainer: 5, maxMessageBytes: 1_024 });
  expect(config.pipelines[0]?.filters).toEqual(['noise', 'labels', 'audits']);
  expect(config.filters).toEqual([
    { name: 'labels', type: 'openshiftLabels', labels: { a: 'b' } },
    {
      name: 'audits',
      type: 'kubeAPIAudit',
      kubeAPIAudit: { rules: [], omitStages: [], omitResponseCodes: [404, 409, 422, 429] },
    },
    {
      name: 'noise',
      type: 'drop',
      drop: [{ test: [{ field: '.level', matches: undefined, notMatches: 'error' }] }],
    },
  ]);
});
