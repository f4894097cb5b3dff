// ServerlessCache: a cache without nodes to think of.
import type { KindDescription } from '../../kind/description.ts';
import { cacheProgress, elasticache, kmsKey, named, replaced, tags, terminal, untold } from './service.ts';

const name = { ServerlessCacheName: '$ServerlessCacheName' };

export const serverlessCache: KindDescription = {
  service: elasticache,
  kind: 'ServerlessCache',
  isStateful: true,
  identity: 'ServerlessCacheName',
  fields: {
    KmsKeyId: kmsKey,
    MajorEngineVersion: { compare: 'version' },
    NetworkType: replaced,
    SecurityGroupIds: { reference: { kind: 'ec2/SecurityGroup', path: 'status.id' } },
    ServerlessCacheName: { ...named, immutable: true },
    SnapshotArnsToRestore: untold,
    SubnetIds: { replace: true, reference: { kind: 'ec2/Subnet', path: 'status.subnetID' } },
    UserGroupId: { reference: { kind: 'UserGroup', path: 'spec.userGroupID' } },
  },
  create: [{ operation: 'CreateServerlessCache', at: 'ServerlessCache' }],
  read: [
    {
      operation: 'DescribeServerlessCaches',
      input: name,
      at: 'ServerlessCaches[0]',
      absent: ['ServerlessCacheNotFoundFault'],
    },
  ],
  update: [{ operation: 'ModifyServerlessCache', input: name }],
  tags,
  remove: [{ operation: 'DeleteServerlessCache', input: name }],
  progress: cacheProgress('Status', ['available']),
  terminal: [
    ...terminal,
    'ServerlessCacheAlreadyExistsFault',
    'ServerlessCacheQuotaForCustomerExceededFault',
  ],
  columns: [
    { name: 'STATUS', path: '.status.status' },
    { name: 'ENDPOINT', path: '.status.endpoint.address' },
  ],
  ways: { dataAtRisk: () => Promise.resolve('it is a cache that may hold data') },
};
