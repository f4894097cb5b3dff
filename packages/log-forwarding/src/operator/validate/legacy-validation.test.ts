import { expect, test } from 'vitest';
import type { NewCondition } from '../conditions.ts';
import type { LegacyForwarderSpec, LegacyInput, LegacyOutput } from '../spec/legacy-forwarder-spec.ts';
import { newFindings } from './findings.ts';
import { validateLegacyFilters, validateLegacyInputs, validateLegacyPipelines } from './legacy-items.ts';
import { type OutputSurroundings, validateLegacyOutputs } from './legacy-outputs.ts';

const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  role: { role_arn: 'arn:aws:iam::123456789012:role/r' },
  wrong: { role_arn: 'arn:aws:iam::1:role/r' },
  half: { aws_access_key_id: 'AKIA' },
  keys: { aws_access_key_id: 'AKIA', aws_secret_access_key: 'x' },
};
const around: OutputSurroundings = {
  hasSecret: (name) => name in secrets,
  readSecret: (name, key) => secrets[name]?.[key],
  clusterPrefix: { name: 'rosa' },
};
const cloudwatch = { region: 'r', groupBy: 'logType' } as const;
const good: LegacyOutput = { name: 'cw', type: 'cloudwatch', cloudwatch, secret: { name: 'role' } };
const used = [{ name: 'p', inputRefs: ['application'], outputRefs: ['cw'] }];

function outputConditions(
  outputs: LegacyOutput[],
  surroundings = around,
): Record<string, NewCondition | undefined> {
  const found = newFindings();
  validateLegacyOutputs({ outputs, pipelines: used }, found, surroundings);
  return Object.fromEntries([...found.outputs].map(([name, [condition]]) => [name, condition]));
}

test.each<[string, Partial<LegacyOutput>, string, string]>([
  ['no secret', { secret: {} }, 'Invalid', 'secret has empty name'],
  ['a secret that is absent', { secret: { name: 'x' } }, 'MissingResource', 'secret "x" not found'],
  [
    'a role that is none',
    { secret: { name: 'wrong' } },
    'MissingResource',
    "auth keys: a 'role_arn' or 'credentials' key is required containing a valid arn value",
  ],
  [
    'half a key',
    { secret: { name: 'half' } },
    'MissingResource',
    'auth keys: aws_access_key_id and aws_secret_access_key are required',
  ],
  [
    'another type',
    { type: 'loki' },
    'Invalid',
    'output "cw": output type "loki" is not implemented: only cloudwatch is',
  ],
  [
    'no region',
    { cloudwatch: { groupBy: 'logType' } },
    'Invalid',
    'output "cw": Cloudwatch output requires a region',
  ],
  ['a URL that is none', { url: 'logs' }, 'Invalid', 'invalid URL: "logs"'],
  ['a URL of another scheme', { url: 'tcp://x:1' }, 'Invalid', 'invalid URL scheme: tcp'],
  [
    'a negative limit',
    { limit: { maxRecordsPerSecond: -1 } },
    'Invalid',
    'output "cw": Output cannot have negative limit threshold',
  ],
  [
    'an odd retention',
    { cloudwatch: { ...cloudwatch, retentionInDays: 6 } },
    'Invalid',
    'output "cw": retentionInDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 6',
  ],
])('an output with %s is not ready', (_, change, reason, message) => {
  expect(outputConditions([{ ...good, ...change }])).toEqual({
    cw: { type: 'Ready', status: 'False', reason, message },
  });
});

test('an output without a secret, a type spec, a use or a name of its own says so', () => {
  const { secret: _, ...unsigned } = good;
  const { cloudwatch: __, ...untyped } = good;
  expect(outputConditions([unsigned])['cw']?.message).toBe('secret must be provided for cloudwatch output');
  expect(outputConditions([untyped])['cw']?.message).toBe(
    'output "cw": Cloudwatch output requires type spec',
  );
  const found = outputConditions([
    { ...good, secret: { name: 'keys' } },
    good,
    { ...good, name: 'default' },
    { ...good, name: '' },
    { ...good, name: 'spare' },
  ]);
  expect(found).toMatchObject({
    cw: { status: 'True' },
    output_1_: { message: 'duplicate name: "cw"' },
    output_2_: { message: 'output name "default" is reserved' },
    output_3_: { message: 'output must have a name' },
    spare: { message: 'output "spare": Output not referenced by any pipeline' },
  });
});

test('a prefix is needed only where the output has none', () => {
  const unknown = { ...around, clusterPrefix: { error: 'infrastructures "cluster" not found' } };
  const prefixed = { ...good, cloudwatch: { ...cloudwatch, groupPrefix: '' } };
  expect(outputConditions([prefixed], unknown)['cw']?.status).toBe('True');
  expect(outputConditions([good], unknown)['cw']?.message).toBe(
    'outputprefix is not set and it can\'t be fetched from the cluster. Error: infrastructures "cluster" not found',
  );
});

test.each<[LegacyInput, string]>([
  [{ application: {} }, 'input must have a name'],
  [{ name: 'audit', audit: {} }, 'input name "audit" is reserved'],
  [
    { name: 'i' },
    'inputspec must define one and only one of: application, infrastructure, audit or receiver',
  ],
  [
    { name: 'i', application: {}, audit: {} },
    'inputspec must define one and only one of: application, infrastructure, audit or receiver',
  ],
  [{ name: 'i', receiver: {} }, 'receiver inputs are not implemented'],
  [
    { name: 'i', application: { namespaces: ['a b'] } },
    'invalid glob for namespaces. Must match \'^[a-zA-Z0-9\\*\\-]*$"',
  ],
  [
    { name: 'i', application: { excludes: [{ container: '$x' }] } },
    'invalid glob for container excludes. Must match \'^[a-zA-Z0-9\\*\\-]*$"',
  ],
  [
    { name: 'i', infrastructure: { sources: ['nodes'] } },
    'infrastructure inputs must define at least one valid source: container,node',
  ],
  [
    { name: 'i', audit: { sources: [] } },
    'audit inputs must define at least one valid source: auditd,kubeAPI,openshiftAPI,ovn',
  ],
  [
    { name: 'i', application: { containerLimit: { maxRecordsPerSecond: -1 } } },
    'application input cannot have a negative limit threshold',
  ],
])('the input %j is refused', (input, message) => {
  const found = newFindings();
  validateLegacyInputs({ inputs: [input] }, found);
  expect([...found.inputs.values()][0]?.[0]).toMatchObject({ message });
});

test('pipelines name what is wrong with their refs, each for itself', () => {
  const spec: LegacyForwarderSpec = {
    outputs: [good],
    pipelines: [
      ...used,
      { name: 'lost', inputRefs: ['nothing'], outputRefs: ['other', 'cw'], filterRefs: ['f'] },
      { name: 'p', inputRefs: ['audit'], outputRefs: ['cw'] },
      { inputRefs: ['audit'], outputRefs: ['cw'] },
      { name: 'unready', inputRefs: ['audit'], outputRefs: ['default'] },
    ],
  };
  const found = newFindings();
  validateLegacyInputs(spec, found);
  validateLegacyOutputs(spec, found, around);
  expect(validateLegacyPipelines(spec, found)).toEqual(['lost', 'pipeline_2_', 'pipeline_3_', 'unready']);
  const messages = Object.fromEntries([...found.pipelines].map(([name, [each]]) => [name, each?.message]));
  expect(messages).toEqual({
    p: undefined,
    lost: 'invalid: unrecognized inputs: [nothing], no valid inputs, unrecognized outputs: [other], unrecognized filters: [f]',
    pipeline_2_: 'duplicate name "p"',
    pipeline_3_: 'pipeline must have a name',
    unready: 'invalid: unrecognized outputs: [default], no valid outputs',
  });
});

test('filters name the test and what is wrong with it', () => {
  const found = newFindings();
  const filters = [
    {
      name: 'd',
      type: 'drop',
      drop: [{ test: [{ field: '.a', matches: 'x' }] }, { test: [{ field: 'a' }] }],
    },
    { name: 'p', type: 'prune', prune: { in: ['.message'], notIn: ['.log_type'] } },
    { name: 'k', type: 'kubeAPIAudit' },
  ];
  expect(validateLegacyFilters({ filters }, found)).toBe(false);
  const messages = Object.fromEntries([...found.filters].map(([name, [each]]) => [name, each?.message]));
  expect(messages).toEqual({
    'd: test[1]': '["a" must start with a \'.\' one of matches or notMatches must be defined]',
    p: '[[".message"] is/are required fields and must be removed from the `in` list. [".message"] is/are required fields and must be included in the `notIn` list.]',
    k: 'Additional type specific spec is required for the filter type',
  });
});
