// The same controller makes other things of AWS; each is read back from AWS itself.
import { callOperation, type OperationCall } from '@pergola/aws-client';
import type { KubeResource, ResourceType } from '@pergola/kube-client';
import { apply } from '../apply.ts';
import type { Proof } from '../step.ts';
import { ackKinds, synced } from './resources.ts';
import type { DatabaseScene } from './scene.ts';

interface Example {
  readonly type: ResourceType;
  readonly spec: object;
  /** The call that finds it in AWS. */
  readonly call: Pick<OperationCall, 'service' | 'operation' | 'input'>;
}

function examples({ sandbox, names }: DatabaseScene): Readonly<Record<string, Example>> {
  const { name, account } = sandbox.identity;
  const bucket = `${name}-ack-demo-${account}`;
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'rds.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const policies = ['arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole'];
  return {
    photos: {
      type: ackKinds.buckets,
      spec: { name: bucket, tagging: { tagSet: [{ key: 'team', value: 'garden' }] } },
      call: { service: 's3', operation: 'HeadBucket', input: { Bucket: bucket } },
    },
    carts: {
      type: ackKinds.tables,
      spec: {
        tableName: 'demo-carts',
        billingMode: 'PAY_PER_REQUEST',
        attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
        keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
      },
      call: { service: 'dynamodb', operation: 'DescribeTable', input: { TableName: 'demo-carts' } },
    },
    sessions: {
      type: ackKinds.replicationGroups,
      spec: {
        replicationGroupID: 'demo-sessions',
        description: 'sessions of the shop',
        engine: 'redis',
        cacheNodeType: 'cache.t3.micro',
        numNodeGroups: 1,
        replicasPerNodeGroup: 0,
      },
      call: {
        service: 'elasticache',
        operation: 'DescribeReplicationGroups',
        input: { ReplicationGroupId: 'demo-sessions' },
      },
    },
    monitoring: {
      type: ackKinds.roles,
      spec: { name: 'demo-monitoring', assumeRolePolicyDocument: JSON.stringify(trust), policies },
      call: { service: 'iam', operation: 'GetRole', input: { RoleName: 'demo-monitoring' } },
    },
    audit: {
      type: ackKinds.logGroups,
      spec: { name: `/${names.namespace}/audit`, retentionDays: 14 },
      call: {
        service: 'logs',
        operation: 'ListTagsLogGroup',
        input: { logGroupName: `/${names.namespace}/audit` },
      },
    },
  };
}

export async function proveOtherKinds(scene: DatabaseScene): Promise<Proof> {
  const { kube, aws, names } = scene;
  const { namespace } = names;
  const made = await Promise.all(
    Object.entries(examples(scene)).map(async ([name, { type, spec, call }]) => {
      await apply(kube, type, { metadata: { name, namespace }, spec });
      const object = await synced(kube, type, { name, namespace });
      await callOperation(aws, call);
      return describe(type, object);
    }),
  );
  return { seen: `${made.length} resources of five services are synced, and AWS has them`, details: made };
}

function describe(type: ResourceType, object: KubeResource): string {
  const arn: unknown = object['status']?.ackResourceMetadata?.arn;
  return `${type.plural.replace(/s$/, '')}/${object.metadata.name}: ${String(arn)}`;
}
