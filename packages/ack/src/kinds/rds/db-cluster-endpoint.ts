// DBClusterEndpoint: an endpoint of a cluster for some of its instances.
import type { KindDescription } from '../../kind/description.ts';
import { askedTags, rds, replaced, terminal } from './service.ts';

const identifier = { DBClusterEndpointIdentifier: '$DBClusterEndpointIdentifier' };

export const dbClusterEndpoint: KindDescription = {
  service: rds,
  kind: 'DBClusterEndpoint',
  identity: 'DBClusterEndpointIdentifier',
  ignore: ['CustomEndpointType'],
  fields: {
    DBClusterEndpointIdentifier: { ...replaced, compare: 'caseless' },
    DBClusterIdentifier: {
      ...replaced,
      compare: 'caseless',
      reference: { kind: 'DBCluster', path: 'spec.dbClusterIdentifier' },
    },
    EndpointType: { observe: 'CustomEndpointType', compare: 'caseless' },
  },
  create: [{ operation: 'CreateDBClusterEndpoint' }],
  read: [
    {
      operation: 'DescribeDBClusterEndpoints',
      input: { ...identifier, DBClusterIdentifier: '$DBClusterIdentifier' },
      at: 'DBClusterEndpoints[0]',
      absent: ['DBClusterEndpointNotFoundFault', 'DBClusterNotFoundFault'],
    },
  ],
  update: [{ operation: 'ModifyDBClusterEndpoint', input: identifier, whole: true }],
  tags: askedTags,
  remove: [{ operation: 'DeleteDBClusterEndpoint', input: identifier }],
  progress: { path: 'Status', ready: ['available', 'inactive'], removing: ['deleting'], againMs: 1_000 },
  gone: ['DBClusterEndpointNotFoundFault'],
  terminal,
};
