// Cache parameter groups: made, listed, deleted.
import type {
  CacheParameterGroup,
  CacheParameterGroupsMessage,
  CreateCacheParameterGroupMessage,
  CreateCacheParameterGroupResult,
  DeleteCacheParameterGroupMessage,
  DescribeCacheParameterGroupsMessage,
} from '@aws-sdk/client-elasticache';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { creationChecks, homeOf, onNamed } from '../access.ts';
import { cachesUsing } from '../caches/cache-list.ts';
import { families } from '../catalogue.ts';
import { faults } from '../faults.ts';
import { arnOf, parameterGroups } from '../kinds.ts';
import { identifier } from '../names.ts';
import { pageOf } from '../paging.ts';
import type { StoredParameterGroup } from '../records.ts';
import { deleteRecord, readRecord, writeRecord } from '../state.ts';
import { withTags } from '../tags.ts';
import { allParameterGroups, findParameterGroup } from './parameter-records.ts';

function shapeOf({ name, family, description, arn }: StoredParameterGroup): CacheParameterGroup {
  return {
    CacheParameterGroupName: name,
    CacheParameterGroupFamily: family,
    Description: description,
    IsGlobal: false,
    ARN: arn,
  };
}

const create = defineOperation<CreateCacheParameterGroupMessage, CreateCacheParameterGroupResult>({
  name: 'CreateCacheParameterGroup',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateCacheParameterGroup', parameterGroups, {
        name: input.CacheParameterGroupName,
        tags: input.Tags,
      }),
  },
  async handle(call, { CacheParameterGroupName, CacheParameterGroupFamily = '', Description = '', Tags }) {
    const home = homeOf(call);
    const name = identifier(CacheParameterGroupName, 'CacheParameterGroupName', 255);
    const family = CacheParameterGroupFamily.toLowerCase();
    if (!families.includes(family)) {
      throw faults.invalidValue(
        `CacheParameterGroupFamily ${CacheParameterGroupFamily} is not a valid parameter group family.`,
      );
    }
    const arn = arnOf(home, parameterGroups.noun, name);
    const group = { name, arn, family, description: Description, tags: withTags({}, Tags), values: {} };
    await call.plane.store.transact((tx) => {
      if (readRecord(tx, parameterGroups, home, name)) throw faults.parameterGroupExists(name);
      writeRecord(tx, parameterGroups, home, group);
    });
    return { CacheParameterGroup: shapeOf(group) };
  },
});

const describe = defineOperation<DescribeCacheParameterGroupsMessage, CacheParameterGroupsMessage>({
  name: 'DescribeCacheParameterGroups',
  access: onNamed('DescribeCacheParameterGroups', parameterGroups, (input) => input.CacheParameterGroupName),
  handle(call, { CacheParameterGroupName: name, ...page }) {
    const { store } = call.plane;
    const home = homeOf(call);
    if (name !== undefined && name !== '') {
      const group = findParameterGroup(store, home, name);
      if (!group) throw faults.noSuchParameterGroup(name);
      return { CacheParameterGroups: [shapeOf(group)] };
    }
    const { items, Marker } = pageOf(allParameterGroups(store, home), (group) => group.name, page);
    return { Marker, CacheParameterGroups: items.map(shapeOf) };
  },
});

const remove = defineOperation<DeleteCacheParameterGroupMessage, object>({
  name: 'DeleteCacheParameterGroup',
  access: onNamed('DeleteCacheParameterGroup', parameterGroups, (input) => input.CacheParameterGroupName),
  async handle(call, { CacheParameterGroupName: name = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const group = findParameterGroup(tx, home, name);
      if (!group) throw faults.noSuchParameterGroup(name);
      if (group.name.startsWith('default.')) {
        throw faults.parameterGroupState(`The default parameter group ${group.name} cannot be deleted.`);
      }
      if (cachesUsing(tx, home, (cache) => cache.parameterGroup === group.name).length > 0) {
        throw faults.parameterGroupState(
          `One or more cache clusters are still members of this parameter group ${group.name}, so the group cannot be ` +
            'deleted.',
        );
      }
      deleteRecord(tx, parameterGroups, home, name);
    });
    return {};
  },
});

export const parameterGroupOperations: readonly AnyOperation[] = [create, describe, remove];
