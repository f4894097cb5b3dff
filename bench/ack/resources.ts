// Custom resources to measure with, and how long they take to come into sync.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kind, loadKinds, sharedDefinitions } from '@pergola/ack';
import {
  clientFromKubeconfig,
  type KubeClient,
  type KubeResource,
  type ResourceType,
  resourceTypes,
} from '@pergola/kube-client';
import { stateDirOf } from '@pergola/sandbox';
import type { SandboxProcess } from '../sandbox-process.ts';
import { awsCaller } from '../wire.ts';

export const namespace = 'bench-ack';

export interface Field extends AsyncDisposable {
  readonly client: KubeClient;
  /** Subnets of the default network. */
  readonly subnetIDs: readonly string[];
  typeOf(kind: string): ResourceType;
  create(kind: string, name: string, spec: object): Promise<KubeResource>;
}

/** The cluster with the definitions of all kinds. */
export async function openField(sandbox: SandboxProcess): Promise<Field> {
  const client = await clientFromKubeconfig(stateDirOf(sandbox.dataDir).kubeconfig, undefined, {
    userAgent: 'bench',
  });
  const kinds = new Map((await loadKinds()).map((kind) => [kind.kind, kind]));
  for (const crd of [...kinds.values()].map((kind) => kind.crd).concat(sharedDefinitions)) {
    await client.create(resourceTypes.customresourcedefinitions, crd);
  }
  await client.create(resourceTypes.namespaces, { metadata: { name: namespace } });
  await sleep(500);
  const typeOf = (name: string) => resourceTypeOf(kinds.get(name), name);
  return {
    client,
    typeOf,
    subnetIDs: await subnetsOf(sandbox),
    create(kind, name, spec) {
      const type = typeOf(kind);
      const apiVersion = `${type.group}/${type.version}`;
      return client.create(type, { apiVersion, kind, metadata: { name, namespace }, spec });
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

function resourceTypeOf(kind: Kind | undefined, name: string): ResourceType {
  if (!kind) throw new Error(`no kind ${name}`);
  const { group, version, plural } = kind;
  return { group, version, plural, kind: name, namespaced: true };
}

async function subnetsOf(sandbox: SandboxProcess): Promise<readonly string[]> {
  const { body } = await awsCaller(sandbox, 'ec2')('POST', '/', 'Action=DescribeSubnets&Version=2016-11-15', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  const found = [...body.matchAll(/<subnetId>([^<]+)</g)].flatMap(([, id]) => id ?? []);
  return [...new Set(found)].slice(0, 2);
}

export function isSynced(object: KubeResource): boolean {
  const conditions: { type: string; status: string }[] = object['status']?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'ACK.ResourceSynced' && status === 'True');
}

/** Watches until it is in sync. */
export async function whenSynced(field: Field, kind: string, created: KubeResource) {
  const stop = new AbortController();
  const { name, resourceVersion } = created.metadata;
  const query = {
    namespace,
    fieldSelector: `metadata.name=${name}`,
    resourceVersion: String(resourceVersion),
  };
  for await (const { object } of field.client.watch(field.typeOf(kind), query, stop.signal)) {
    if (!isSynced(object)) continue;
    stop.abort();
    return object;
  }
  throw new Error(`the watch of ${kind} ${name} ended`);
}

const documentOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const trust = documentOf({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const reading = documentOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });

/** What a person would write, for each kind, under a name in AWS. */
export const specs: Readonly<Record<string, (name: string, field: Field) => object>> = {
  LogGroup: (name) => ({ name: `/${name}`, retentionDays: 7 }),
  Policy: (name) => ({ name, policyDocument: reading }),
  Role: (name) => ({ name, assumeRolePolicyDocument: trust, inlinePolicies: { reading } }),
  Bucket: (name) => ({ name, tagging: { tagSet: [{ key: 'team', value: 'web' }] } }),
  Table: (tableName) => ({
    tableName,
    billingMode: 'PAY_PER_REQUEST',
    attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
    keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
  }),
  DBParameterGroup: (name) => ({
    name,
    family: 'postgres14',
    description: 'Of the bench',
    parameterOverrides: { work_mem: '8192' },
  }),
  DBSubnetGroup: (name, { subnetIDs }) => ({ name, description: 'Of the bench', subnetIDs }),
  CacheParameterGroup: (cacheParameterGroupName) => ({
    cacheParameterGroupName,
    cacheParameterGroupFamily: 'redis7',
    description: 'Of the bench',
    parameterNameValues: [{ parameterName: 'maxmemory-policy', parameterValue: 'allkeys-lru' }],
  }),
  ReplicationGroup: (replicationGroupID) => ({
    replicationGroupID,
    description: 'Of the bench',
    engine: 'redis',
    cacheNodeType: 'cache.t4g.micro',
    numNodeGroups: 1,
    replicasPerNodeGroup: 1,
    automaticFailoverEnabled: true,
  }),
};
