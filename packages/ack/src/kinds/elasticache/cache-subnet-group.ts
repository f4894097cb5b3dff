// CacheSubnetGroup: the subnets in which caches may be.
import type { KindDescription } from '../../kind/description.ts';
import { elasticache, events, named, tags, terminal } from './service.ts';

const name = { CacheSubnetGroupName: '$CacheSubnetGroupName' };

export const cacheSubnetGroup: KindDescription = {
  service: elasticache,
  kind: 'CacheSubnetGroup',
  identity: 'CacheSubnetGroupName',
  fields: {
    CacheSubnetGroupName: named,
    Events: events,
    SubnetIds: {
      observe: 'Subnets[].SubnetIdentifier',
      reference: { kind: 'ec2/Subnet', path: 'status.subnetID' },
    },
  },
  create: [{ operation: 'CreateCacheSubnetGroup', at: 'CacheSubnetGroup' }],
  read: [
    {
      operation: 'DescribeCacheSubnetGroups',
      input: name,
      at: 'CacheSubnetGroups[0]',
      absent: ['CacheSubnetGroupNotFoundFault'],
    },
  ],
  update: [{ operation: 'ModifyCacheSubnetGroup', input: name }],
  tags,
  remove: [{ operation: 'DeleteCacheSubnetGroup', input: name }],
  terminal: [
    ...terminal,
    'CacheSubnetGroupQuotaExceeded',
    'CacheSubnetQuotaExceededFault',
    'InvalidSubnet',
    'SubnetInUse',
  ],
  columns: [{ name: 'VPC', path: '.status.vpcID' }],
};
