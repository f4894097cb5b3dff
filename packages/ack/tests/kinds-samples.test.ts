// Each kind has a sample; each sample fits its definition, and applying it twice changes nothing the second time.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject, Kind, Observed, ReferenceField, Wanted } from '../src/kind/kind.ts';
import { loadKinds } from '../src/kinds/index.ts';
import { startTestAws, type TestAws, want } from './kind-life.ts';
import { readSamples, type Sample } from './samples.ts';
import { openTestEngines } from './test-engines.ts';

interface Schema {
  readonly type: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
}

const samples = readSamples();
let kinds: readonly Kind[];
let aws: TestAws;
let engines: Awaited<ReturnType<typeof openTestEngines>>;
let subnets: readonly string[];
beforeAll(async () => {
  kinds = await loadKinds();
  engines = await openTestEngines();
  aws = await startTestAws(engines);
  const { Subnets } = await aws.call('ec2', 'DescribeSubnets', {});
  subnets = (Subnets as { SubnetId: string }[]).slice(0, 2).map(({ SubnetId }) => SubnetId);
});
afterAll(async () => {
  await aws[Symbol.asyncDispose]();
  await engines[Symbol.asyncDispose]();
});

function kindOf({ apiVersion, kind }: Sample): Kind {
  const found = kinds.find(
    (candidate) => `${candidate.group}/v1alpha1` === apiVersion && candidate.kind === kind,
  );
  if (!found) throw new Error(`${apiVersion} ${kind}`);
  return found;
}

test('each kind has a sample, in a file of its name', () => {
  expect(samples.map((sample) => `${sample.apiVersion}/${sample.kind}`).toSorted()).toEqual(
    kinds.map(({ group, kind }) => `${group}/v1alpha1/${kind}`).toSorted(),
  );
  for (const sample of samples) {
    const [service] = sample.apiVersion.split('.');
    expect(sample.file).toBe(`${service}-${sample.kind.toLowerCase()}.yaml`);
  }
});

/** Where a value does not fit, and why. */
function* faults(schema: Schema, value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    if (schema.type !== 'array' || !schema.items) yield `${path} is no list`;
    else for (const [index, item] of value.entries()) yield* faults(schema.items, item, `${path}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    yield* objectFaults(schema, value as Readonly<Record<string, unknown>>, path);
  } else {
    const type = typeof value === 'number' ? ['integer', 'number'] : [typeof value];
    if (!type.includes(schema.type)) yield `${path} is ${typeof value}, not ${schema.type}`;
    if (schema.enum && !schema.enum.includes(value)) yield `${path} is none of ${schema.enum.join(', ')}`;
    if (schema.pattern && !new RegExp(schema.pattern).test(String(value)))
      yield `${path} is not ${schema.pattern}`;
  }
}

function* objectFaults(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): Generator<string> {
  if (schema.type !== 'object') yield `${path} is no object`;
  for (const name of schema.required ?? []) if (!(name in value)) yield `${path}.${name} is missing`;
  for (const [name, entry] of Object.entries(value)) {
    const inner = schema.properties?.[name] ?? schema.additionalProperties;
    if (inner) yield* faults(inner, entry, `${path}.${name}`);
    else yield `${path}.${name} is unknown`;
  }
}

test.each(samples)('$file fits the definition of $kind', (sample) => {
  const schema = kindOf(sample).crd['spec'].versions[0].schema.openAPIV3Schema.properties.spec as Schema;
  expect([...faults(schema, sample.spec, 'spec')]).toEqual([]);
});

/** With the references and secrets that a reconciler would have resolved. */
function resolved({ spec }: Sample, { references, secrets }: Kind): JsonObject {
  const filled: Record<string, JsonObject[string]> = { ...spec };
  for (const reference of references) {
    const given = filled[reference.refPath];
    if (given === undefined) continue;
    delete filled[reference.refPath];
    filled[reference.path] = targetOf(reference, given as never);
  }
  if (filled['vpcSubnetIDs'] !== undefined) filled['vpcSubnetIDs'] = subnets;
  for (const path of secrets) {
    if (filled[path] === undefined) continue;
    filled[path] = Array.isArray(filled[path]) ? ['a-long-enough-secret'] : 'a-long-enough-secret';
  }
  return filled;
}

function targetOf(
  { isList, target }: ReferenceField,
  given: { from: { name: string } } | readonly { from: { name: string } }[],
): JsonObject[string] {
  if (target.kind === 'Subnet') return subnets;
  const names = [given].flat().map(({ from }) => from.name);
  return isList ? names : names[0];
}

/** In an order in which each finds what it needs; those that need nothing may come after them. */
const ordered = [
  'iam/Role',
  'iam/Policy',
  'iam/User',
  'iam/Group',
  'iam/InstanceProfile',
  'iam/OpenIDConnectProvider',
  'iam/ServiceLinkedRole',
  'cloudwatchlogs/LogGroup',
  's3/Bucket',
  'dynamodb/Table',
  'dynamodb/Backup',
  'rds/DBSubnetGroup',
  'rds/DBParameterGroup',
  'rds/DBClusterParameterGroup',
  'rds/DBInstance',
  'rds/DBSnapshot',
  'rds/DBCluster',
  'rds/DBClusterEndpoint',
  'rds/DBClusterSnapshot',
  'rds/GlobalCluster',
  'rds/DBProxy',
  'elasticache/CacheSubnetGroup',
  'elasticache/CacheParameterGroup',
  'elasticache/User',
  'elasticache/UserGroup',
  'elasticache/CacheCluster',
  'elasticache/ReplicationGroup',
  'elasticache/ServerlessCache',
  'elasticache/Snapshot',
];

const names = samples.map(({ apiVersion, kind }) => `${apiVersion.split('.', 1)[0]}/${kind}`);
const order = [...ordered, ...names.filter((name) => !ordered.includes(name))];

test.for(order)(
  'the sample of %s is applied, and again without a call that changes anything',
  async (name, { skip }) => {
    const [service, wantedKind] = name.split('/');
    const sample = samples.find(
      ({ apiVersion, kind }) => apiVersion.startsWith(`${service}.`) && kind === wantedKind,
    );
    if (!sample) throw new Error(`no sample of ${name}`);
    const kind = kindOf(sample);
    const call = aws.callOf(kind);
    let wanted: Wanted = want(resolved(sample, kind));
    let observed: Observed | undefined;
    const refusals: string[] = [];
    await expect
      .poll(
        async () => {
          try {
            observed = (await kind.read(call, wanted)) ?? (await kind.create(call, wanted));
            wanted = { ...wanted, arn: observed.arn, status: observed.status };
            const { state } = kind.progressOf(observed);
            const differences = kind.compare(wanted, observed);
            if (state === 'ready' && differences.length > 0)
              await kind.update(call, { wanted, observed, differences });
            return [state, ...differences.map(({ path }) => path)];
          } catch (error) {
            refusals.push(String(error));
            return [String(error).includes('is not implemented by this endpoint') ? 'ready' : String(error)];
          }
        },
        { timeout: 10_000 },
      )
      .toEqual(['ready']);
    const lacking = refusals.find((refusal) => refusal.includes('is not implemented by this endpoint'));
    if (lacking !== undefined) skip(lacking);
    expect(refusals).toEqual([]);
    aws.calls.length = 0;
    observed = await kind.read(call, wanted);
    expect(observed && kind.compare(wanted, observed)).toEqual([]);
    expect(aws.writes()).toEqual([]);
  },
);
