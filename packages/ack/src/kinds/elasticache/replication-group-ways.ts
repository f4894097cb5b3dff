// What replication groups tell in another form than they are told, and the calls for shards and replicas.
import { AwsError } from '@pergola/aws-client';
import type { Dealings, Raw } from '../../kind/description.ts';
import { select } from '../../kind/values/select.ts';
import { isObject } from '../../kind/values/to-aws.ts';
import { changedMembers, objectsOf } from './service.ts';

/** Fields that only the members of a group tell. */
const ofMembers = [
  'CacheParameterGroupName',
  'CacheSubnetGroupName',
  'EngineVersion',
  'NotificationTopicArn',
  'PreferredMaintenanceWindow',
  'SecurityGroupIds',
];

export async function readGroup(dealings: Dealings): Promise<Raw> {
  const { resource } = dealings;
  const shards = objectsOf(resource['NodeGroups']);
  const members = select(resource, 'MemberClusters');
  const first = objectsOf(shards[0]?.['NodeGroupMembers']);
  return {
    AutomaticFailoverEnabled: isOn(resource['AutomaticFailover']),
    MultiAZEnabled: isOn(resource['MultiAZ']),
    DataTieringEnabled: isOn(resource['DataTiering']),
    ...(shards.length > 0 && { NumNodeGroups: shards.length }),
    ...(first.length > 0 && { ReplicasPerNodeGroup: first.length - 1 }),
    ...(Array.isArray(members) && members.length > 0 && { NumCacheClusters: members.length }),
    Port:
      select(resource, 'ConfigurationEndpoint.Port') ??
      select(resource, 'NodeGroups[0].PrimaryEndpoint.Port'),
    ...(await readMember(dealings, Array.isArray(members) ? members[0] : undefined)),
    ...(await readScaling(dealings)),
  };
}

async function readMember({ call, isAsked }: Dealings, CacheClusterId: unknown): Promise<Raw> {
  if (CacheClusterId === undefined || !ofMembers.some((key) => isAsked(key))) return {};
  try {
    const member = select(await call('DescribeCacheClusters', { CacheClusterId }), 'CacheClusters[0]');
    if (!isObject(member)) return {};
    const { CacheParameterGroup, CacheSubnetGroupName, EngineVersion, NotificationConfiguration } = member;
    const { PreferredMaintenanceWindow, SecurityGroups } = member;
    return {
      CacheParameterGroup,
      CacheSubnetGroupName,
      EngineVersion,
      NotificationConfiguration,
      PreferredMaintenanceWindow,
      SecurityGroups,
    };
  } catch (error) {
    // Members come and go while a group changes.
    if (error instanceof AwsError && error.code === 'CacheClusterNotFound') return {};
    throw error;
  }
}

/** Asked once for each node type: what is allowed follows from it. */
async function readScaling({ call, find, resource, wanted }: Dealings): Promise<Raw> {
  const { allowedScaleUpModifications, allowedScaleDownModifications, cacheNodeType } = wanted.status;
  const isKnown = allowedScaleUpModifications !== undefined || allowedScaleDownModifications !== undefined;
  const isSameType = cacheNodeType === undefined || cacheNodeType === resource['CacheNodeType'];
  if (isKnown && isSameType) {
    return {
      AllowedScaleUpModifications: allowedScaleUpModifications,
      AllowedScaleDownModifications: allowedScaleDownModifications,
    };
  }
  if (resource['Status'] !== 'available') return {};
  const answer = await call('ListAllowedNodeTypeModifications', {
    ReplicationGroupId: find('$ReplicationGroupId'),
  });
  return {
    AllowedScaleUpModifications: answer['ScaleUpModifications'],
    AllowedScaleDownModifications: answer['ScaleDownModifications'],
  };
}

function isOn(state: unknown): boolean {
  return state === 'enabled' || state === 'enabling';
}

export async function changeShards({ call, find, field, resource }: Dealings): Promise<void> {
  const NodeGroupCount = Number(field('NumNodeGroups'));
  const shards = objectsOf(resource['NodeGroups']).map(({ NodeGroupId }) => NodeGroupId);
  await call('ModifyReplicationGroupShardConfiguration', {
    ReplicationGroupId: find('$ReplicationGroupId'),
    NodeGroupCount,
    ApplyImmediately: true,
    ...(NodeGroupCount < shards.length && { NodeGroupsToRemove: shards.slice(NodeGroupCount) }),
  });
}

export async function changeReplicas({ call, find, field, resource }: Dealings): Promise<void> {
  const clusters = field('NumCacheClusters');
  const NewReplicaCount = Number(field('ReplicasPerNodeGroup') ?? Number(clusters) - 1);
  const [shard] = objectsOf(resource['NodeGroups']);
  const present = objectsOf(shard?.['NodeGroupMembers']).length - 1;
  if (NewReplicaCount === present) return;
  await call(NewReplicaCount > present ? 'IncreaseReplicaCount' : 'DecreaseReplicaCount', {
    ReplicationGroupId: find('$ReplicationGroupId'),
    NewReplicaCount,
    ApplyImmediately: true,
  });
}

export function updateInput({ resource, field }: Dealings, keys: readonly string[]): Raw {
  const { add, drop } = changedMembers(field('UserGroupIds'), resource['UserGroupIds']);
  return {
    ...(keys.includes('AuthToken') && { AuthTokenUpdateStrategy: 'ROTATE' }),
    ...(keys.includes('UserGroupIds') && {
      UserGroupIdsToAdd: add.length > 0 ? add : undefined,
      UserGroupIdsToRemove: drop.length > 0 ? drop : undefined,
    }),
  };
}
