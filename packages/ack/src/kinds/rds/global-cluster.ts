// GlobalCluster: clusters of several regions as one.
import type { KindDescription } from '../../kind/description.ts';
import { rds, replaced, terminal, toldTags, toldTagsField, untold } from './service.ts';

const identifier = { GlobalClusterIdentifier: '$GlobalClusterIdentifier' };

export const globalCluster: KindDescription = {
  service: rds,
  kind: 'GlobalCluster',
  isStateful: true,
  identity: 'GlobalClusterIdentifier',
  fields: {
    GlobalClusterIdentifier: { ...replaced, compare: 'caseless' },
    DatabaseName: replaced,
    Engine: replaced,
    EngineLifecycleSupport: replaced,
    EngineVersion: { compare: 'version' },
    SourceDBClusterIdentifier: untold,
    StorageEncrypted: replaced,
    Tags: toldTagsField,
  },
  create: [{ operation: 'CreateGlobalCluster', at: 'GlobalCluster' }],
  read: [
    {
      operation: 'DescribeGlobalClusters',
      input: identifier,
      at: 'GlobalClusters[0]',
      absent: ['GlobalClusterNotFoundFault'],
    },
  ],
  update: [{ operation: 'ModifyGlobalCluster', input: identifier }],
  tags: toldTags,
  remove: [{ operation: 'DeleteGlobalCluster', input: identifier }],
  progress: { path: 'Status', ready: ['available'], removing: ['deleting'] },
  protection: 'DeletionProtection',
  terminal: [...terminal, 'GlobalClusterAlreadyExistsFault', 'GlobalClusterQuotaExceededFault'],
  ways: {
    updateInput: (_dealings, keys) =>
      keys.includes('EngineVersion') ? { AllowMajorVersionUpgrade: true } : {},
  },
};
