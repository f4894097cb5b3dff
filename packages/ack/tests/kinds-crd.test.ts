// The CustomResourceDefinitions of all kinds: ACK's own, small, and such that a real API server takes them.
import { beforeAll, expect, test } from 'vitest';
import type { Kind } from '../src/kind/kind.ts';
import { loadKinds } from '../src/kinds/index.ts';
import { ackFields, fieldsIn } from './ack-fields.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string }[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

let kinds: readonly Kind[];
beforeAll(async () => {
  kinds = await loadKinds();
});

function schemaOf(kind: Kind): Schema {
  return kind.crd['spec'].versions[0].schema.openAPIV3Schema as Schema;
}

function* inside(schema: Schema): Generator<Schema> {
  yield schema;
  for (const property of Object.values(schema.properties ?? {})) yield* inside(property);
  if (schema.items) yield* inside(schema.items);
  if (schema.additionalProperties) yield* inside(schema.additionalProperties);
}

function kindOf(name: string): Kind {
  const [service, wanted] = name.split('/');
  const kind = kinds.find(
    (candidate) => candidate.group.startsWith(`${service}.`) && candidate.kind === wanted,
  );
  if (!kind) throw new Error(name);
  return kind;
}

test.each(Object.keys(ackFields))('%s has the fields that ACK has', (name) => {
  const { spec, status } = schemaOf(kindOf(name)).properties ?? {};
  const asked = fieldsIn(ackFields[name]?.spec ?? '');
  for (const { name: field, type } of asked) {
    expect(spec?.properties).toHaveProperty(field);
    if (type !== undefined) expect([field, spec?.properties?.[field]?.type]).toEqual([field, type]);
  }
  expect(spec?.required?.toSorted() ?? []).toEqual(
    asked
      .filter(({ required }) => required)
      .map(({ name: field }) => field)
      .toSorted(),
  );
  for (const { name: field, type } of fieldsIn(ackFields[name]?.status ?? '')) {
    expect(status?.properties).toHaveProperty(field);
    if (type !== undefined) expect([field, status?.properties?.[field]?.type]).toEqual([field, type]);
  }
});

test('there are the kinds of ACK, and one more', () => {
  const names = kinds.map(({ group, kind }) => `${group.split('.')[0]}/${kind}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(ackFields), 'sqs/Queue']));
});

test('no two kinds of a group share a name, short names among them', () => {
  const names = kinds.flatMap(({ group, crd }) => {
    const {
      plural,
      singular,
      shortNames = [],
    } = crd['spec'].names as {
      plural: string;
      singular: string;
      shortNames?: string[];
    };
    return [plural, singular, ...shortNames].map((name) => `${group}/${name}`);
  });
  expect(new Set(names).size).toBe(names.length);
});

test('schemas are structural: every part has a type, and what is required is there', () => {
  for (const kind of kinds) {
    for (const schema of inside(schemaOf(kind))) {
      expect(schema.type).toBeTypeOf('string');
      for (const name of schema.required ?? []) expect(schema.properties).toHaveProperty(name);
      if (schema.type === 'array') expect(schema.items).toBeDefined();
      expect(schema['x-kubernetes-preserve-unknown-fields']).toBeUndefined();
    }
  }
});

test('patterns are read alike by RE2 and by JavaScript', () => {
  let count = 0;
  for (const kind of kinds) {
    for (const { pattern } of inside(schemaOf(kind))) {
      if (pattern === undefined) continue;
      count++;
      expect(pattern).not.toMatch(/\(\?[=!<]|\\[1-9]|\\u|\\p/);
      expect(() => new RegExp(pattern)).not.toThrow();
    }
  }
  expect(count).toBeGreaterThan(20);
});

test('what AWS would refuse is refused before: values, lengths, what is missing', () => {
  const table = schemaOf(kindOf('dynamodb/Table')).properties?.['spec']?.properties ?? {};
  expect(table['billingMode']).toMatchObject({ enum: ['PROVISIONED', 'PAY_PER_REQUEST'] });
  expect(table['keySchema']?.items).toMatchObject({ required: ['attributeName', 'keyType'] });
  const role = schemaOf(kindOf('iam/Role')).properties?.['spec']?.properties ?? {};
  expect(role['name']).toMatchObject({ minLength: 1, maxLength: 64 });
  expect(role['maxSessionDuration']).toMatchObject({ minimum: 3600, maximum: 43200 });
  const cluster = schemaOf(kindOf('rds/DBCluster')).properties?.['spec']?.properties ?? {};
  expect(cluster['serverlessV2ScalingConfiguration']?.properties?.['minCapacity']).toEqual({
    type: 'number',
  });
});

test('what can be taken away may be said empty', () => {
  const role = schemaOf(kindOf('iam/Role')).properties?.['spec']?.properties ?? {};
  expect(role['permissionsBoundary']).not.toHaveProperty('minLength');
  const group = schemaOf(kindOf('cloudwatchlogs/LogGroup')).properties?.['spec']?.properties ?? {};
  expect(group['tags']).not.toHaveProperty('minProperties');
});

test('what never changes is guarded by a rule', () => {
  const guarded = kinds.flatMap((kind) => {
    const fields = schemaOf(kind).properties?.['spec']?.properties ?? {};
    return Object.entries(fields)
      .filter(([, field]) => field['x-kubernetes-validations']?.[0]?.rule === 'self == oldSelf')
      .map(([name]) => `${kind.kind}.${name}`);
  });
  expect(guarded).toEqual(
    expect.arrayContaining([
      'Table.keySchema',
      'Table.localSecondaryIndexes',
      'DBInstance.availabilityZone',
      'Bucket.name',
      'OpenIDConnectProvider.url',
      'ServiceLinkedRole.awsServiceName',
      'CacheCluster.snapshotName',
      'ReplicationGroup.networkType',
    ]),
  );
});

test('definitions are small, and say what fields are for', () => {
  const texts = kinds.map(({ crd }) => JSON.stringify(crd));
  expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(40_000);
  expect(texts.join('').length).toBeLessThan(250_000);
  const instance = schemaOf(kindOf('rds/DBInstance')).properties?.['spec']?.properties ?? {};
  expect(instance['masterUsername']?.description).toBe('The name for the master user.');
});

test('references and secrets stand where ACK has them', () => {
  const instance = kindOf('rds/DBInstance');
  expect(instance.references.map(({ refPath }) => refPath).toSorted()).toEqual([
    'dbParameterGroupRef',
    'dbSubnetGroupRef',
    'kmsKeyRef',
    'masterUserSecretKMSKeyRef',
    'vpcSecurityGroupRefs',
  ]);
  expect(instance.secrets).toEqual(['masterUserPassword']);
  expect(kindOf('elasticache/User').secrets).toEqual(['passwords']);
  expect(kindOf('dynamodb/Table').references).toEqual([
    {
      path: 'sseSpecification.kmsMasterKeyID',
      refPath: 'sseSpecification.kmsMasterKeyRef',
      isList: false,
      target: { group: 'kms.services.k8s.aws', kind: 'Key', plural: 'keys' },
      targetPath: 'status.ackResourceMetadata.arn',
    },
  ]);
});

test('actions are those of IAM, not the names of operations', () => {
  expect(kindOf('s3/Bucket').actions).toEqual(
    expect.arrayContaining(['s3:GetEncryptionConfiguration', 's3:ListBucket', 's3:PutBucketCORS']),
  );
  expect(kindOf('s3/Bucket').actionsOfCall('PutBucketEncryption')).toEqual(['s3:PutEncryptionConfiguration']);
  expect(kindOf('rds/DBInstance').actions).toEqual([
    'iam:PassRole',
    'rds:AddTagsToResource',
    'rds:CreateDBInstance',
    'rds:CreateDBInstanceReadReplica',
    'rds:DeleteDBInstance',
    'rds:DescribeDBInstances',
    'rds:ModifyDBInstance',
    'rds:RemoveTagsFromResource',
    'rds:RestoreDBInstanceFromDBSnapshot',
  ]);
});
