// DB subnet groups: CreateDBSubnetGroup and its like.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
import type {
  CreateDBSubnetGroupMessage,
  DBSubnetGroup,
  DBSubnetGroupMessage,
  DeleteDBSubnetGroupMessage,
  DescribeDBSubnetGroupsMessage,
  ModifyDBSubnetGroupMessage,
} from '@aws-sdk/client-rds';
import type { Reader } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { creationChecks, homeOf, onNamed } from '../access.ts';
import { faults } from '../faults.ts';
import { filtered } from '../filters.ts';
import { clusters, instances, named, subnetGroups } from '../kinds.ts';
import { subnetGroupNameOf } from '../names.ts';
import { pageOf } from '../paging.ts';
import { countRecords, deleteRecord, type Home, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagsOf } from '../tags.ts';
import { DEFAULT_GROUP, findSubnets, subnetGroupFor } from './network.ts';
import { type StoredSubnet, type StoredSubnetGroup, subnetGroupShape } from './subnet-group.ts';

const GROUPS_MAX = 150;
const SUBNETS_MAX = 20;
const ZONES_LEAST = 2;

interface Result {
  readonly DBSubnetGroup: DBSubnetGroup;
}

async function networkOf(
  call: Call,
  ids: readonly string[] | undefined,
): Promise<{ readonly vpcId: string; readonly subnets: readonly StoredSubnet[] }> {
  if (!ids || ids.length === 0) throw faults.missing('SubnetIds');
  if (new Set(ids).size > SUBNETS_MAX) throw faults.subnetQuota();
  const found = await findSubnets(call, ids);
  const zones = new Set(found.subnets.map(({ zone }) => zone));
  if (zones.size < ZONES_LEAST)
    throw faults.tooFewZones(
      `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ${[...zones].join(', ')}. Add subnets to cover at least ${ZONES_LEAST} AZs.`,
    );
  return found;
}

const createDbSubnetGroup = defineOperation<CreateDBSubnetGroupMessage, Result>({
  name: 'CreateDBSubnetGroup',
  access: {
    iam: ({ DBSubnetGroupName: name = '', Tags: tags }, call) =>
      creationChecks(call, 'CreateDBSubnetGroup', subnetGroups, { name, tags }),
  },
  async handle(call, input) {
    const home = homeOf(call);
    const name = subnetGroupNameOf(input.DBSubnetGroupName);
    const description = input.DBSubnetGroupDescription ?? '';
    if (description === '') throw faults.missing('DBSubnetGroupDescription');
    const tags = tagsOf(input.Tags);
    const group: StoredSubnetGroup = { name, description, tags, ...(await networkOf(call, input.SubnetIds)) };
    await call.plane.store.transact((tx) => {
      if (readRecord(tx, subnetGroups.table, home, name)) throw faults.subnetGroupExists(name);
      if (countRecords(tx, subnetGroups.table, home) >= GROUPS_MAX) throw faults.subnetGroupQuota();
      writeRecord(tx, subnetGroups.table, home, group);
    });
    return { DBSubnetGroup: subnetGroupShape(home, group) };
  },
});

const modifyDbSubnetGroup = defineOperation<ModifyDBSubnetGroupMessage, Result>({
  name: 'ModifyDBSubnetGroup',
  access: onNamed('ModifyDBSubnetGroup', subnetGroups, ({ DBSubnetGroupName }) => DBSubnetGroupName),
  async handle(call, input) {
    const home = homeOf(call);
    const network = await networkOf(call, input.SubnetIds);
    const { value: group } = await call.plane.store.transact((tx) => {
      const known = named(tx, subnetGroups, home, input.DBSubnetGroupName);
      if (known.vpcId !== network.vpcId)
        throw faults.invalidSubnet(
          `The new Subnets are not in the same Vpc as the existing subnet group: ${known.vpcId}`,
        );
      const description = input.DBSubnetGroupDescription ?? known.description;
      return writeRecord(tx, subnetGroups.table, home, { ...known, ...network, description });
    });
    return { DBSubnetGroup: subnetGroupShape(home, group) };
  },
});

const describeDbSubnetGroups = defineOperation<DescribeDBSubnetGroupsMessage, DBSubnetGroupMessage>({
  name: 'DescribeDBSubnetGroups',
  access: onNamed('DescribeDBSubnetGroups', subnetGroups, ({ DBSubnetGroupName }) => DBSubnetGroupName),
  async handle(call, input) {
    const home = homeOf(call);
    const { store } = call.plane;
    const wanted = input.DBSubnetGroupName;
    const all = wanted ? [await described(call, wanted)] : listRecords(store, subnetGroups.table, home);
    const page = pageOf(filtered(all, input.Filters, {}), ({ name }) => name, input);
    return { DBSubnetGroups: page.items.map((group) => subnetGroupShape(home, group)), Marker: page.Marker };
  },
});

/** The default group is there once something stands in it. */
function described(call: Call, name: string): Promise<StoredSubnetGroup> | StoredSubnetGroup {
  const { store } = call.plane;
  const used =
    name.toLowerCase() === DEFAULT_GROUP && userOf(store, homeOf(call), DEFAULT_GROUP) !== undefined;
  return used ? subnetGroupFor(call, DEFAULT_GROUP) : named(store, subnetGroups, homeOf(call), name);
}

function userOf(reader: Reader, home: Home, name: string): string | undefined {
  const users = [...listRecords(reader, instances.table, home), ...listRecords(reader, clusters.table, home)];
  return users.find(({ settings }) => settings.subnetGroup === name)?.name;
}

const deleteDbSubnetGroup = defineOperation<DeleteDBSubnetGroupMessage, object>({
  name: 'DeleteDBSubnetGroup',
  access: onNamed('DeleteDBSubnetGroup', subnetGroups, ({ DBSubnetGroupName }) => DBSubnetGroupName),
  async handle(call, input) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const { name } = named(tx, subnetGroups, home, input.DBSubnetGroupName);
      const user = userOf(tx, home, name);
      if (user !== undefined)
        throw faults.subnetGroupState(
          `Cannot delete the subnet group '${name}' because at least one database instance: ${user} is still using it.`,
        );
      deleteRecord(tx, subnetGroups.table, home, name);
    });
    return {};
  },
});

export const subnetGroupOperations: readonly AnyOperation[] = [
  createDbSubnetGroup,
  modifyDbSubnetGroup,
  describeDbSubnetGroups,
  deleteDbSubnetGroup,
];
