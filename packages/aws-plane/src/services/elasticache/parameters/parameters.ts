// The parameters of groups and of families: read, changed, set back.
import type {
  CacheParameterGroupDetails,
  CacheParameterGroupNameMessage,
  DescribeCacheParametersMessage,
  DescribeEngineDefaultParametersMessage,
  DescribeEngineDefaultParametersResult,
  ModifyCacheParameterGroupMessage,
  Parameter,
  ParameterNameValue,
  ResetCacheParameterGroupMessage,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { homeOf, onAccount, onNamed } from '../access.ts';
import { cachesUsing } from '../caches/cache-list.ts';
import { atOf, cachesOf } from '../caches/runtime.ts';
import { parametersOf } from '../caches/settings.ts';
import { families } from '../catalogue.ts';
import { addEvent } from '../events.ts';
import { faults } from '../faults.ts';
import { parameterGroups } from '../kinds.ts';
import { pageOf } from '../paging.ts';
import type { StoredParameterGroup } from '../records.ts';
import { writeRecord } from '../state.ts';
import { findParameterGroup } from './parameter-records.ts';
import { accepts, type ParameterRow, parameterTable } from './parameter-table.ts';

function shapeOf(row: ParameterRow, family: string, own?: string): Parameter {
  return {
    ParameterName: row.name,
    ParameterValue: own ?? row.value,
    Description: `The setting ${row.name} of the engine.`,
    Source: own === undefined ? 'system' : 'user',
    DataType: row.type,
    AllowedValues: row.allowed,
    IsModifiable: row.isModifiable,
    MinimumEngineVersion: `${/\d+/.exec(family)?.[0] ?? '0'}.0.0`,
    ChangeType: row.change,
  };
}

function groupOf(call: Call, name = ''): StoredParameterGroup {
  const group = findParameterGroup(call.plane.store, homeOf(call), name);
  if (!group) throw faults.noSuchParameterGroup(name);
  return group;
}

/** What a default group sets stands for its family's own value. */
function isOwn({ name }: StoredParameterGroup): boolean {
  return !name.startsWith('default.');
}

const describe = defineOperation<DescribeCacheParametersMessage, CacheParameterGroupDetails>({
  name: 'DescribeCacheParameters',
  access: onNamed('DescribeCacheParameters', parameterGroups, (input) => input.CacheParameterGroupName),
  handle(call, { CacheParameterGroupName, Source, ...page }) {
    const group = groupOf(call, CacheParameterGroupName);
    const all = parameterTable(group.family).map((row) => {
      const value = group.values[row.name];
      const shape = shapeOf(row, group.family, value);
      return isOwn(group) ? shape : { ...shape, Source: 'system' };
    });
    const wanted = Source === undefined || Source === '' ? all : all.filter((each) => each.Source === Source);
    const { items, Marker } = pageOf(wanted, (each) => each.ParameterName ?? '', page);
    return { Marker, Parameters: items, CacheNodeTypeSpecificParameters: [] };
  },
});

const defaults = defineOperation<
  DescribeEngineDefaultParametersMessage,
  DescribeEngineDefaultParametersResult
>({
  name: 'DescribeEngineDefaultParameters',
  access: onAccount('DescribeEngineDefaultParameters'),
  handle(_, { CacheParameterGroupFamily = '', ...page }) {
    const family = CacheParameterGroupFamily.toLowerCase();
    if (!families.includes(family)) {
      throw faults.invalidValue(
        `CacheParameterGroupFamily ${CacheParameterGroupFamily} is not a valid parameter group family.`,
      );
    }
    const all = parameterTable(family).map((row) => shapeOf(row, family));
    const { items, Marker } = pageOf(all, (each) => each.ParameterName ?? '', page);
    return {
      EngineDefaults: {
        Marker,
        CacheParameterGroupFamily: family,
        Parameters: items,
        CacheNodeTypeSpecificParameters: [],
      },
    };
  },
});

function checkedValue(
  family: string,
  { ParameterName = '', ParameterValue }: ParameterNameValue,
): [string, string] {
  const row = parameterTable(family).find(({ name }) => name === ParameterName);
  if (!row) throw faults.invalidValue(`Invalid parameter name: ${ParameterName}`);
  if (!row.isModifiable) {
    throw faults.invalidValue(`The parameter ${ParameterName} cannot be modified.`);
  }
  const value = ParameterValue ?? '';
  if (!accepts(row, value)) {
    throw faults.invalidValue(
      `Invalid value for parameter ${ParameterName}: ${value}. Valid values are: ${row.allowed}`,
    );
  }
  return [ParameterName, value];
}

async function changeValues(
  call: Call,
  name: string | undefined,
  change: (group: StoredParameterGroup) => Readonly<Record<string, string>>,
): Promise<CacheParameterGroupNameMessage> {
  const home = homeOf(call);
  const { plane } = call;
  const { value: group } = await plane.store.transact((tx) => {
    const found = findParameterGroup(tx, home, name ?? '');
    if (!found) throw faults.noSuchParameterGroup(name ?? '');
    if (!isOwn(found)) {
      throw faults.parameterGroupState(`Cannot modify the default parameter group ${found.name}.`);
    }
    addEvent(plane, tx, home, {
      noun: parameterGroups.noun,
      name: found.name,
      message: 'Updated the parameter group',
    });
    return writeRecord(tx, parameterGroups, home, { ...found, values: change(found) });
  });
  const caches = cachesOf(plane);
  const told = cachesUsing(plane.store, home, (cache) => cache.parameterGroup === group.name).map((cache) =>
    caches.tell(atOf(home, cache), (engine, now) =>
      engine.setParameters(parametersOf(plane.store, home, now)),
    ),
  );
  await Promise.all(told);
  return { CacheParameterGroupName: group.name };
}

const modify = defineOperation<ModifyCacheParameterGroupMessage, CacheParameterGroupNameMessage>({
  name: 'ModifyCacheParameterGroup',
  access: onNamed('ModifyCacheParameterGroup', parameterGroups, (input) => input.CacheParameterGroupName),
  handle(call, { CacheParameterGroupName, ParameterNameValues = [] }) {
    if (ParameterNameValues.length > 20) {
      throw faults.invalidValue('A maximum of 20 parameters may be modified in a single request.');
    }
    return changeValues(call, CacheParameterGroupName, ({ family, values }) => ({
      ...values,
      ...Object.fromEntries(ParameterNameValues.map((each) => checkedValue(family, each))),
    }));
  },
});

const reset = defineOperation<ResetCacheParameterGroupMessage, CacheParameterGroupNameMessage>({
  name: 'ResetCacheParameterGroup',
  access: onNamed('ResetCacheParameterGroup', parameterGroups, (input) => input.CacheParameterGroupName),
  handle(call, { CacheParameterGroupName, ResetAllParameters = false, ParameterNameValues = [] }) {
    if (ResetAllParameters && ParameterNameValues.length > 0) {
      throw faults.invalidCombination('ResetAllParameters and a list of parameters cannot be used together.');
    }
    return changeValues(call, CacheParameterGroupName, ({ family, values }) => {
      if (ResetAllParameters) return {};
      const names = ParameterNameValues.map(({ ParameterName = '' }) => ParameterName);
      for (const name of names) {
        if (!parameterTable(family).some((row) => row.name === name)) {
          throw faults.invalidValue(`Invalid parameter name: ${name}`);
        }
      }
      return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
    });
  },
});

export const parameterOperations: readonly AnyOperation[] = [describe, defaults, modify, reset];
