// DBProxy: connections to databases, pooled.
import type { KindDescription } from '../../kind/description.ts';
import { askedTags, rds, replaced, terminal } from './service.ts';

export const dbProxy: KindDescription = {
  service: rds,
  kind: 'DBProxy',
  identity: 'Name',
  renames: { DBProxyName: 'Name' },
  fields: {
    Name: replaced,
    EngineFamily: replaced,
    EndpointNetworkType: replaced,
    TargetConnectionNetworkType: replaced,
    VpcSubnetIds: replaced,
  },
  create: [{ operation: 'CreateDBProxy', at: 'DBProxy' }],
  read: [
    {
      operation: 'DescribeDBProxies',
      input: { DBProxyName: '$Name' },
      at: 'DBProxies[0]',
      absent: ['DBProxyNotFoundFault'],
    },
  ],
  update: [
    {
      operation: 'ModifyDBProxy',
      input: { DBProxyName: '$Name' },
      names: { SecurityGroups: 'VpcSecurityGroupIds' },
    },
  ],
  tags: askedTags,
  remove: [{ operation: 'DeleteDBProxy', input: { DBProxyName: '$Name' } }],
  progress: {
    path: 'Status',
    ready: ['available'],
    failed: ['incompatible-network', 'insufficient-resource-limits', 'suspended'],
    removing: ['deleting'],
  },
  terminal,
  columns: [
    { name: 'STATUS', path: '.status.status' },
    { name: 'ENDPOINT', path: '.status.endpoint' },
  ],
};
