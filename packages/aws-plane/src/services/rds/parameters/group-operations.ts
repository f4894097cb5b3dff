// The operations on parameter groups, made once for those of instances and once for those of clusters: they differ in
// names only.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html
import type { Filter, Parameter, Tag } from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, creationChecks, homeOf, onNamed } from '../access.ts';
import { arnOf } from '../arn.ts';
import { familiesOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { type FilterTable, filtered } from '../filters.ts';
import { clusterParameterGroups, type Kind, parameterGroups } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { pageOf, type PageRequest } from '../paging.ts';
import { countRecords, deleteRecord, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagsOf } from '../tags.ts';
import { spread } from './spread.ts';
import { defaultGroupName, findGroup, isDefaultName, namedGroup, usersOf } from './groups.ts';
import type { StoredParameterGroup } from './parameter-group.ts';
import { tableOfFamily } from './parameter-table.ts';
import { parametersOf, withChanges, withoutChanges } from './parameter-values.ts';

const GROUPS_MAX = 50;

/** How one of the two kinds names its operations and members. */
interface Words {
  readonly kind: Kind<StoredParameterGroup>;
  /** `DB` or `DBCluster` */
  readonly word: 'DB' | 'DBCluster';
}

interface GroupInput extends PageRequest {
  readonly DBParameterGroupName?: string;
  readonly DBClusterParameterGroupName?: string;
  readonly DBParameterGroupFamily?: string;
  readonly Description?: string;
  readonly Tags?: Tag[];
  readonly Parameters?: Parameter[];
  readonly ResetAllParameters?: boolean;
  readonly Source?: string;
  readonly Filters?: Filter[];
}

type CopyInput = Readonly<Record<string, string>> & { readonly Tags?: Tag[] };

const nameOf = ({ word }: Words, input: GroupInput) =>
  word === 'DB' ? input.DBParameterGroupName : input.DBClusterParameterGroupName;

function shapeOf({ word, kind }: Words, call: Call, group: StoredParameterGroup): object {
  return {
    [`${word}ParameterGroupName`]: group.name,
    DBParameterGroupFamily: group.family,
    Description: group.description,
    [`${word}ParameterGroupArn`]: arnOf(homeOf(call), kind.arnType, group.name),
  };
}

async function addGroup(call: Call, words: Words, group: StoredParameterGroup): Promise<object> {
  const home = homeOf(call);
  const { table } = words.kind;
  await call.plane.store.transact((tx) => {
    if (readRecord(tx, table, home, group.name)) throw faults.parameterGroupExists(group.name);
    if (countRecords(tx, table, home) >= GROUPS_MAX) throw faults.parameterGroupQuota();
    writeRecord(tx, table, home, group);
  });
  return { [`${words.word}ParameterGroup`]: shapeOf(words, call, group) };
}

function create(words: Words): AnyOperation {
  const name = `Create${words.word}ParameterGroup`;
  return defineOperation<GroupInput, object>({
    name,
    access: {
      iam: (input, call) =>
        creationChecks(call, name, words.kind, { name: nameOf(words, input) ?? '', tags: input.Tags }),
    },
    handle(call, input) {
      const group = identifierOf(nameOf(words, input), `${words.word}ParameterGroupName`, 255);
      const family = input.DBParameterGroupFamily ?? '';
      if (!tableOfFamily(family)) throw faults.invalidValue(`Invalid DBParameterGroupFamily: ${family}`);
      const description = input.Description ?? '';
      if (description === '') throw faults.missing('Description');
      const tags = tagsOf(input.Tags);
      return addGroup(call, words, { name: group, description, family, values: {}, atReboot: [], tags });
    },
  });
}

function copy(words: Words): AnyOperation {
  const name = `Copy${words.word}ParameterGroup`;
  const [source, target, description] = ['Source', 'Target', 'Target'].map(
    (side, index) => `${side}${words.word}ParameterGroup${index < 2 ? 'Identifier' : 'Description'}`,
  ) as [string, string, string];
  return defineOperation<CopyInput, object>({
    name,
    access: {
      iam: (input, call) => [
        checkOn(call, name, words.kind, { name: input[source] ?? '' }),
        ...creationChecks(call, name, words.kind, { name: input[target] ?? '', tags: input.Tags }),
      ],
    },
    handle(call, input) {
      const known = namedGroup(call.plane.store, words.kind, homeOf(call), input[source]);
      return addGroup(call, words, {
        ...known,
        name: identifierOf(input[target], target, 255),
        description: input[description] ?? '',
        tags: input.Tags ? tagsOf(input.Tags) : known.tags,
      });
    },
  });
}

function describe(words: Words): AnyOperation {
  const name = `Describe${words.word}ParameterGroups`;
  return defineOperation<GroupInput, object>({
    name,
    access: onNamed(name, words.kind, (input) => nameOf(words, input)),
    handle(call, input) {
      const home = homeOf(call);
      const { store } = call.plane;
      const wanted = nameOf(words, input);
      const all = wanted ? [namedGroup(store, words.kind, home, wanted)] : allGroups(call, words);
      const page = pageOf(filtered(all, input.Filters, {}), (group) => group.name, input);
      return {
        [`${words.word}ParameterGroups`]: page.items.map((group) => shapeOf(words, call, group)),
        Marker: page.Marker,
      };
    },
  });
}

/** Those that were made, and the default ones of the families that can run here. */
function allGroups(call: Call, { kind, word }: Words): StoredParameterGroup[] {
  const { store } = call.plane;
  const home = homeOf(call);
  const standard = familiesOf(call.plane)
    .filter(({ engine }) => word === 'DB' || engine.clustered)
    .map(({ family }) => findGroup(store, kind, home, defaultGroupName(family)))
    .filter((group) => group !== undefined);
  return [...listRecords(store, kind.table, home), ...standard].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function remove(words: Words): AnyOperation {
  const name = `Delete${words.word}ParameterGroup`;
  return defineOperation<GroupInput, object>({
    name,
    access: onNamed(name, words.kind, (input) => nameOf(words, input)),
    async handle(call, input) {
      const home = homeOf(call);
      const { kind } = words;
      await call.plane.store.transact((tx) => {
        const group = namedGroup(tx, kind, home, nameOf(words, input));
        if (isDefaultName(group.name))
          throw faults.parameterGroupState(`Default DBParameterGroup cannot be deleted: ${group.name}`);
        const [user] = usersOf(tx, kind, home, group.name);
        if (user !== undefined)
          throw faults.parameterGroupState(
            'One or more database instances are still members of this parameter group ' +
              `${group.name}, so the group cannot be deleted`,
          );
        deleteRecord(tx, kind.table, home, group.name);
      });
      return {};
    },
  });
}

const sources: FilterTable<Parameter> = {
  'parameter-name': ({ ParameterName }) => [ParameterName],
};

function describeParameters(words: Words): AnyOperation {
  const name = `Describe${words.word}Parameters`;
  return defineOperation<GroupInput, object>({
    name,
    access: onNamed(name, words.kind, (input) => nameOf(words, input)),
    handle(call, input) {
      const group = namedGroup(call.plane.store, words.kind, homeOf(call), nameOf(words, input));
      const all = parametersOf(group).filter(({ Source }) => !input.Source || Source === input.Source);
      const page = pageOf(
        filtered(all, input.Filters, sources),
        ({ ParameterName = '' }) => ParameterName,
        input,
      );
      return { Parameters: page.items, Marker: page.Marker };
    },
  });
}

async function changeParameters(
  call: Call,
  words: Words,
  input: GroupInput,
  next: (group: StoredParameterGroup) => StoredParameterGroup,
): Promise<object> {
  const home = homeOf(call);
  const { kind } = words;
  let before: StoredParameterGroup | undefined;
  const { value: after } = await call.plane.store.transact((tx) => {
    const group = namedGroup(tx, kind, home, nameOf(words, input));
    if (isDefaultName(group.name))
      throw faults.parameterGroupState(`Default parameter group cannot be modified: ${group.name}`);
    before = group;
    return writeRecord(tx, kind.table, home, next(group));
  });
  if (before) spread(call, kind, before, after);
  return { [`${words.word}ParameterGroupName`]: after.name };
}

function modify(words: Words): AnyOperation {
  const name = `Modify${words.word}ParameterGroup`;
  return defineOperation<GroupInput, object>({
    name,
    access: onNamed(name, words.kind, (input) => nameOf(words, input)),
    handle: (call, input) =>
      changeParameters(call, words, input, (group) => withChanges(group, input.Parameters ?? [])),
  });
}

function reset(words: Words): AnyOperation {
  const name = `Reset${words.word}ParameterGroup`;
  return defineOperation<GroupInput, object>({
    name,
    access: onNamed(name, words.kind, (input) => nameOf(words, input)),
    handle: (call, input) =>
      changeParameters(call, words, input, (group) =>
        withoutChanges(group, { all: input.ResetAllParameters ?? false, parameters: input.Parameters ?? [] }),
      ),
  });
}

function defaults(operation: string, kind: Kind<StoredParameterGroup>): AnyOperation {
  return defineOperation<GroupInput, object>({
    name: operation,
    access: { iam: () => [{ action: `rds:${operation}`, resource: '*' }] },
    handle(call, input) {
      const family = input.DBParameterGroupFamily ?? '';
      const group = findGroup(call.plane.store, kind, homeOf(call), defaultGroupName(family));
      if (!group) throw faults.invalidValue(`Invalid DBParameterGroupFamily: ${family}`);
      const page = pageOf(parametersOf(group), ({ ParameterName = '' }) => ParameterName, input);
      return {
        EngineDefaults: { DBParameterGroupFamily: family, Parameters: page.items, Marker: page.Marker },
      };
    },
  });
}

const both: readonly Words[] = [
  { kind: parameterGroups, word: 'DB' },
  { kind: clusterParameterGroups, word: 'DBCluster' },
];

export const parameterGroupOperations: readonly AnyOperation[] = [
  ...[create, copy, describe, remove, describeParameters, modify, reset].flatMap((make) => both.map(make)),
  defaults('DescribeEngineDefaultParameters', parameterGroups),
  defaults('DescribeEngineDefaultClusterParameters', clusterParameterGroups),
];
