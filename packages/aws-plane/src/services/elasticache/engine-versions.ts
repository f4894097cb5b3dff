// DescribeCacheEngineVersions, and the types that a cache's nodes may become.
import type {
  AllowedNodeTypeModificationsMessage,
  CacheEngineVersionMessage,
  DescribeCacheEngineVersionsMessage,
  ListAllowedNodeTypeModificationsMessage,
} from '@aws-sdk/client-elasticache';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { checkOn, homeOf, onAccount } from './access.ts';
import { otherTypes, versions } from './catalogue.ts';
import { faults } from './faults.ts';
import { clusters, groups, named } from './kinds.ts';
import { pageOf } from './paging.ts';

const describe = defineOperation<DescribeCacheEngineVersionsMessage, CacheEngineVersionMessage>({
  name: 'DescribeCacheEngineVersions',
  access: onAccount('DescribeCacheEngineVersions'),
  handle(_, { Engine, EngineVersion, CacheParameterGroupFamily, DefaultOnly = false, ...page }) {
    const found = versions.filter(
      ({ engine, listed, full, family }) =>
        (Engine === undefined || engine === Engine.toLowerCase()) &&
        (EngineVersion === undefined || listed === EngineVersion || full === EngineVersion) &&
        (CacheParameterGroupFamily === undefined || family === CacheParameterGroupFamily),
    );
    const newest = found.filter(
      ({ engine }, index) => found.findLastIndex((each) => each.engine === engine) === index,
    );
    const { items, Marker } = pageOf(
      DefaultOnly ? newest : found,
      ({ engine, full }) => `${engine}${full}`,
      page,
    );
    const CacheEngineVersions = items.map(({ engine, listed, family }) => ({
      Engine: engine,
      EngineVersion: listed,
      CacheParameterGroupFamily: family,
      CacheEngineDescription:
        engine === 'memcached' ? engine : engine.charAt(0).toUpperCase() + engine.slice(1),
      CacheEngineVersionDescription: `${engine} version ${listed}`,
    }));
    return { Marker, CacheEngineVersions };
  },
});

const modifications = defineOperation<
  ListAllowedNodeTypeModificationsMessage,
  AllowedNodeTypeModificationsMessage
>({
  name: 'ListAllowedNodeTypeModifications',
  access: {
    iam: (input, call) => [
      input.ReplicationGroupId === undefined
        ? checkOn(call, 'ListAllowedNodeTypeModifications', clusters, { name: input.CacheClusterId ?? '' })
        : checkOn(call, 'ListAllowedNodeTypeModifications', groups, { name: input.ReplicationGroupId }),
    ],
  },
  handle(call, { CacheClusterId, ReplicationGroupId }) {
    if ((CacheClusterId === undefined) === (ReplicationGroupId === undefined)) {
      throw faults.invalidCombination(
        'Exactly one of CacheClusterId and ReplicationGroupId must be specified.',
      );
    }
    const kind = ReplicationGroupId === undefined ? clusters : groups;
    const { nodeType } = named(call.plane.store, kind, homeOf(call), ReplicationGroupId ?? CacheClusterId);
    const { larger, smaller } = otherTypes(nodeType);
    return { ScaleUpModifications: larger, ScaleDownModifications: smaller };
  },
});

export const catalogueOperations: readonly AnyOperation[] = [describe, modifications];
