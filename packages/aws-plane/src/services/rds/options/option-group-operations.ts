// Option groups: CreateOptionGroup and its like. The engines here have no options, so none can be put into them.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateOptionGroup.html
import type {
  CopyOptionGroupMessage,
  CreateOptionGroupMessage,
  DeleteOptionGroupMessage,
  DescribeOptionGroupOptionsMessage,
  DescribeOptionGroupsMessage,
  ModifyOptionGroupMessage,
  OptionGroup,
  OptionGroupOptionsMessage,
  OptionGroups,
} from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, creationChecks, homeOf, onAccount, onNamed } from '../access.ts';
import { engineOf, familiesOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { type FilterTable, filtered } from '../filters.ts';
import { find, instances, optionGroups } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { pageOf } from '../paging.ts';
import { countRecords, deleteRecord, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagsOf } from '../tags.ts';
import { defaultOptionGroup, defaultOptionGroupName } from './find-option-group.ts';
import { optionGroupShape, type StoredOptionGroup } from './option-group.ts';

const GROUPS_MAX = 20;

interface Result {
  readonly OptionGroup: OptionGroup;
}

async function add(call: Call, group: StoredOptionGroup): Promise<Result> {
  const home = homeOf(call);
  await call.plane.store.transact((tx) => {
    if (readRecord(tx, optionGroups.table, home, group.name)) throw faults.optionGroupExists(group.name);
    if (countRecords(tx, optionGroups.table, home) >= GROUPS_MAX) throw faults.optionGroupQuota();
    writeRecord(tx, optionGroups.table, home, group);
  });
  return { OptionGroup: optionGroupShape(home, group) };
}

function namedOptions(call: Call, name: string | undefined): StoredOptionGroup {
  const found =
    find(call.plane.store, optionGroups, homeOf(call), name ?? '') ?? defaultOptionGroup(name ?? '');
  if (!found) throw faults.noSuchOptionGroup(name ?? '');
  return found;
}

const createOptionGroup = defineOperation<CreateOptionGroupMessage, Result>({
  name: 'CreateOptionGroup',
  access: {
    iam: ({ OptionGroupName: name = '', Tags: tags }, call) =>
      creationChecks(call, 'CreateOptionGroup', optionGroups, { name, tags }),
  },
  handle(call, input) {
    const name = identifierOf(input.OptionGroupName, 'OptionGroupName', 255);
    const engine = engineOf(input.EngineName);
    const major = input.MajorEngineVersion ?? '';
    if (!/^\d+(\.\d+)?$/.test(major))
      throw faults.invalidValue(`Invalid MajorEngineVersion ${major} for ${engine.name}`);
    const description = input.OptionGroupDescription ?? '';
    if (description === '') throw faults.missing('OptionGroupDescription');
    return add(call, { name, description, engine: engine.name, major, tags: tagsOf(input.Tags) });
  },
});

const copyOptionGroup = defineOperation<CopyOptionGroupMessage, Result>({
  name: 'CopyOptionGroup',
  access: {
    iam: (input, call) => [
      checkOn(call, 'CopyOptionGroup', optionGroups, { name: input.SourceOptionGroupIdentifier ?? '' }),
      ...creationChecks(call, 'CopyOptionGroup', optionGroups, {
        name: input.TargetOptionGroupIdentifier ?? '',
        tags: input.Tags,
      }),
    ],
  },
  handle(call, input) {
    const source = namedOptions(call, input.SourceOptionGroupIdentifier);
    return add(call, {
      ...source,
      name: identifierOf(input.TargetOptionGroupIdentifier, 'TargetOptionGroupIdentifier', 255),
      description: input.TargetOptionGroupDescription ?? '',
      tags: input.Tags ? tagsOf(input.Tags) : source.tags,
    });
  },
});

const modifyOptionGroup = defineOperation<ModifyOptionGroupMessage, Result>({
  name: 'ModifyOptionGroup',
  access: onNamed('ModifyOptionGroup', optionGroups, ({ OptionGroupName }) => OptionGroupName),
  handle(call, input) {
    const group = namedOptions(call, input.OptionGroupName);
    if (group.name.startsWith('default:'))
      throw faults.optionGroupState(`Default option group cannot be modified: ${group.name}`);
    const { OptionsToInclude: included = [], OptionsToRemove: removed = [] } = input;
    const asked = included[0]?.OptionName ?? removed[0];
    if (asked === undefined) throw faults.missing('OptionsToInclude');
    throw faults.invalidValue(`The option ${asked} is not available for ${group.engine} ${group.major}.`);
  },
});

const filters: FilterTable<StoredOptionGroup> = {};

const describeOptionGroups = defineOperation<DescribeOptionGroupsMessage, OptionGroups>({
  name: 'DescribeOptionGroups',
  access: onNamed('DescribeOptionGroups', optionGroups, ({ OptionGroupName }) => OptionGroupName),
  handle(call, input) {
    const home = homeOf(call);
    const all = input.OptionGroupName ? [namedOptions(call, input.OptionGroupName)] : allOptions(call);
    const fitting = all.filter(
      ({ engine, major }) =>
        (!input.EngineName || engine === input.EngineName) &&
        (!input.MajorEngineVersion || major === input.MajorEngineVersion),
    );
    const page = pageOf(filtered(fitting, input.Filters, filters), ({ name }) => name, input);
    return {
      OptionGroupsList: page.items.map((group) => optionGroupShape(home, group)),
      Marker: page.Marker,
    };
  },
});

function allOptions(call: Call): StoredOptionGroup[] {
  const standard = familiesOf(call.plane)
    .map(({ engine, major }) => defaultOptionGroup(defaultOptionGroupName(engine.name, major)))
    .filter((group) => group !== undefined);
  return [...standard, ...listRecords(call.plane.store, optionGroups.table, homeOf(call))];
}

const deleteOptionGroup = defineOperation<DeleteOptionGroupMessage, object>({
  name: 'DeleteOptionGroup',
  access: onNamed('DeleteOptionGroup', optionGroups, ({ OptionGroupName }) => OptionGroupName),
  async handle(call, input) {
    const home = homeOf(call);
    const { name } = namedOptions(call, input.OptionGroupName);
    if (name.startsWith('default:'))
      throw faults.optionGroupState(`Default option group cannot be deleted: ${name}`);
    await call.plane.store.transact((tx) => {
      const user = listRecords(tx, instances.table, home).find(
        ({ settings }) => settings.optionGroup === name,
      );
      if (user)
        throw faults.optionGroupState(
          `The option group '${name}' cannot be deleted because it is in use by the DB instance ${user.name}.`,
        );
      deleteRecord(tx, optionGroups.table, home, name);
    });
    return {};
  },
});

const describeOptionGroupOptions = defineOperation<
  DescribeOptionGroupOptionsMessage,
  OptionGroupOptionsMessage
>({
  name: 'DescribeOptionGroupOptions',
  access: onAccount('DescribeOptionGroupOptions'),
  handle(_, { EngineName }) {
    engineOf(EngineName);
    return { OptionGroupOptions: [] };
  },
});

export const optionGroupOperations: readonly AnyOperation[] = [
  createOptionGroup,
  copyOptionGroup,
  modifyOptionGroup,
  describeOptionGroups,
  deleteOptionGroup,
  describeOptionGroupOptions,
];
