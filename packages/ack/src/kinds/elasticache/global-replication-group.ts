// GlobalReplicationGroup: replication groups of several regions as one. AWS puts a prefix before its name.
import type { Dealings, KindDescription, Raw } from '../../kind/description.ts';
import { cacheProgress, elasticache, objectsOf, terminal, untold } from './service.ts';

async function find({ call, field, find: lookUp }: Dealings): Promise<Raw | undefined> {
  const suffix = field('GlobalReplicationGroupIdSuffix');
  const known = lookUp('$GlobalReplicationGroupId');
  if (suffix === undefined && known === undefined) return undefined;
  let marker: unknown;
  do {
    const { GlobalReplicationGroups, Marker } = await call('DescribeGlobalReplicationGroups', {
      ShowMemberInfo: true,
      ...(marker !== undefined && { Marker: marker }),
    });
    const found = objectsOf(GlobalReplicationGroups).find(({ GlobalReplicationGroupId: id }) =>
      known === undefined ? String(id).replace(/^[^-]*-/, '') === suffix : id === known,
    );
    if (found) return found;
    marker = Marker;
  } while (marker !== undefined && marker !== '');
  return undefined;
}

const id = { GlobalReplicationGroupId: '$GlobalReplicationGroupId' };

export const globalReplicationGroup: KindDescription = {
  service: elasticache,
  kind: 'GlobalReplicationGroup',
  isStateful: true,
  identity: 'GlobalReplicationGroupIdSuffix',
  fields: {
    GlobalReplicationGroupIdSuffix: { immutable: true, compare: 'never' },
    PrimaryReplicationGroupId: {
      ...untold,
      immutable: true,
      reference: { kind: 'ReplicationGroup', path: 'spec.replicationGroupID' },
    },
    Tags: {
      ...untold,
      from: 'ListTagsForResource.TagList',
      description: 'Not used: AWS keeps no tags of global groups.',
    },
  },
  create: [{ operation: 'CreateGlobalReplicationGroup', at: 'GlobalReplicationGroup' }],
  read: [],
  update: [{ operation: 'ModifyGlobalReplicationGroup', input: { ...id, ApplyImmediately: true } }],
  remove: [
    { operation: 'DeleteGlobalReplicationGroup', input: { ...id, RetainPrimaryReplicationGroup: true } },
  ],
  gone: ['GlobalReplicationGroupNotFoundFault'],
  progress: cacheProgress('Status', ['available', 'primary-only']),
  terminal: [...terminal, 'GlobalReplicationGroupAlreadyExistsFault', 'ServiceLinkedRoleNotFoundFault'],
  ways: {
    operations: ['DescribeGlobalReplicationGroups'],
    find,
    dataAtRisk: () => Promise.resolve('it is a cache of several regions'),
  },
};
