import { expect, test } from 'vitest';
import type { Authentication, Filter, ForwarderSpec, Input, Output } from '../spec/forwarder-spec.ts';
import { newFindings } from './findings.ts';
import { validateFilters, validateInputs, validatePipelines } from './items.ts';
import { validateOutputs } from './outputs.ts';

const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s: { role: 'arn:aws:iam::123456789012:role/r', wrong: 'arn', empty: ' ' },
};
const readers = {
  hasSecret: (name: string) => name in secrets,
  readSecret: (name: string, key: string) => secrets[name]?.[key],
  hasConfigMap: () => false,
  readConfigMap: () => undefined,
};
const iamRole = (key: string, secretName = 's'): Authentication => ({
  type: 'iamRole',
  iamRole: { roleARN: { secretName, key }, token: { from: 'serviceAccount' } },
});
const outputOf = (
  change: Partial<NonNullable<Output['cloudwatch']>>,
  rest: Partial<Output> = {},
): Output => ({
  name: 'cw',
  type: 'cloudwatch',
  cloudwatch: { region: 'r', groupName: 'g', authentication: iamRole('role'), ...change },
  ...rest,
});
const pipelines = [{ name: 'p', inputRefs: ['audit'], outputRefs: ['cw'] }];

function outputMessage(output: Output): string | undefined {
  const found = newFindings();
  validateOutputs({ outputs: [output], pipelines }, found, readers);
  return found.outputs.get('cw')?.[0]?.message;
}

test.each<[string, Output, string]>([
  ['all is well', outputOf({}), 'output "cw" is valid'],
  [
    'its secret is absent',
    outputOf({ authentication: iamRole('role', 'x') }),
    'secret[x] not found,AWS RoleARN is invalid',
  ],
  [
    'its key is absent',
    outputOf({ authentication: iamRole('x') }),
    'secret[s.x] not found,AWS RoleARN is invalid',
  ],
  [
    'its value is empty',
    outputOf({ authentication: iamRole('empty') }),
    'secret[s.empty] value is empty,AWS RoleARN is invalid',
  ],
  ['its role is none', outputOf({ authentication: iamRole('wrong') }), 'AWS RoleARN is invalid'],
  [
    'its chained role is none',
    outputOf({
      authentication: { ...iamRole('role'), assumeRole: { roleARN: { secretName: 's', key: 'wrong' } } },
    }),
    'AWS AssumeRole RoleARN is invalid',
  ],
  [
    'its authentication is not there',
    outputOf({ authentication: { type: 'awsAccessKey' } }),
    'Additional type specific spec is required for authentication',
  ],
  [
    'its CA is absent',
    outputOf({}, { tls: { ca: { configMapName: 'c', key: 'k' } } }),
    'configmap[c] not found',
  ],
  ['its URL is none', outputOf({ url: 'x' }), 'invalid URL'],
  [
    'it writes too much',
    outputOf({ tuning: { maxWrite: '2Mi' } }),
    'maxWrite must not exceed 1048576 bytes for CloudWatch, got 2097152 bytes',
  ],
  [
    'it is of another type',
    { name: 'cw', type: 'splunk' },
    'output type "splunk" is not implemented: only cloudwatch is',
  ],
])('an output says that %s', (_, output, message) => {
  expect(outputMessage(output)).toBe(message);
});

test('an output nobody uses is not valid', () => {
  const found = newFindings();
  validateOutputs({ outputs: [outputOf({})], pipelines: [] }, found, readers);
  expect(found.outputs.get('cw')).toEqual([
    {
      type: 'observability.openshift.io/ValidOutput-cw',
      status: 'False',
      reason: 'ValidationFailure',
      message: 'not referenced by any pipeline',
    },
  ]);
});

test.each<[Input, string]>([
  [{ name: 'i', type: 'application', application: null }, 'input "i" is valid'],
  [{ name: 'i', type: 'application' }, 'i has nil application spec'],
  [{ name: 'i', type: 'audit' }, 'i has nil audit spec'],
  [
    { name: 'i', type: 'infrastructure', infrastructure: { sources: [] } },
    'i must define at least one valid source',
  ],
  [
    {
      name: 'i',
      type: 'application',
      application: { includes: [{ namespace: 'ok' }, { namespace: 'a_b' }] },
    },
    'globs must match "^[a-zA-Z0-9\\*\\-]*$" for: includes[1].namespace',
  ],
  [{ name: 'audit', type: 'audit', audit: {} }, 'input name "audit" is reserved'],
  [{ name: 'i', type: 'receiver', receiver: {} }, 'receiver inputs are not implemented'],
])('the input %j: %s', (input, message) => {
  const found = newFindings();
  validateInputs({ inputs: [input] }, found);
  expect(found.inputs.get(input.name)?.[0]?.message).toBe(message);
});

test.each<[Filter, string]>([
  [{ name: 'f', type: 'parse' }, 'filter "f" is valid'],
  [{ name: 'f', type: 'drop' }, 'Additional type specific spec is required for the filter type'],
  [{ name: 'f', type: 'drop', drop: [] }, '"f" drop filter must have at least one test spec\'d'],
  [
    { name: 'f', type: 'drop', drop: [{ test: [{ field: '.a', matches: '(' }] }] },
    'f: test[0] [matches/notMatches must be a valid regular expression]',
  ],
  [
    { name: 'f', type: 'drop', drop: [{ test: [{ field: '.a b', matches: 'x' }] }] },
    'f: test[0] [".a b" must be a valid dot delimited path expression (.kubernetes.container_name or .kubernetes."test-foo")]',
  ],
  [
    { name: 'f', type: 'drop', drop: [{ test: [{ olderThan: '2026-01-01' }] }] },
    'f: test[0] [olderThan is not implemented]',
  ],
  [{ name: 'f', type: 'prune', prune: {} }, 'f prune filter must have one or both of `in`, `notIn`'],
  [
    { name: 'f', type: 'prune', prune: { notIn: ['.message'] } },
    'f: [[".log_source" ".log_type"] is/are required fields and must be included in the `notIn` list.]',
  ],
  [
    {
      name: 'f',
      type: 'drop',
      drop: [{ test: [{ field: '.kubernetes.labels."a/b"', notMatches: '(?i)my\\-app' }] }],
    },
    'filter "f" is valid',
  ],
])('the filter %j: %s', (filter, message) => {
  const found = newFindings();
  validateFilters({ filters: [filter] }, found);
  expect(found.filters.get('f')?.[0]?.message).toBe(message);
});

test('a bad pipeline does not taint the next', () => {
  const spec: ForwarderSpec = {
    outputs: [outputOf({})],
    pipelines: [
      { name: 'bad', inputRefs: ['a', 'b'], outputRefs: ['x'], filterRefs: ['f'] },
      { name: 'good', inputRefs: ['audit'], outputRefs: ['cw'] },
    ],
  };
  const found = newFindings();
  validatePipelines(spec, found);
  const messages = Object.fromEntries([...found.pipelines].map(([name, [each]]) => [name, each?.message]));
  expect(messages).toEqual({
    bad: 'refs not found: inputs[a b],outputs[x],filters[f]',
    good: 'pipeline "good" is valid',
  });
});
