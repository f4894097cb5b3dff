// Cache subnet groups. `default` is that of the default VPC and is there without having been made.
import type {
  CacheSubnetGroup,
  CacheSubnetGroupMessage,
  CreateCacheSubnetGroupMessage,
  CreateCacheSubnetGroupResult,
  DeleteCacheSubnetGroupMessage,
  DescribeCacheSubnetGroupsMessage,
  ModifyCacheSubnetGroupMessage,
  ModifyCacheSubnetGroupResult,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { creationChecks, homeOf, onNamed } from '../access.ts';
import { cachesUsing } from '../caches/cache-list.ts';
import { faults } from '../faults.ts';
import { arnOf, named, subnetGroups } from '../kinds.ts';
import { pageOf } from '../paging.ts';
import type { StoredSubnetGroup } from '../records.ts';
import { deleteRecord, listRecords, readRecord, writeRecord } from '../state.ts';
import { withTags } from '../tags.ts';

function shapeOf({ name, arn, description, vpcId, subnets }: StoredSubnetGroup): CacheSubnetGroup {
  return {
    CacheSubnetGroupName: name,
    CacheSubnetGroupDescription: description,
    VpcId: vpcId,
    Subnets: subnets.map((subnet) => ({
      SubnetIdentifier: subnet.id,
      SubnetAvailabilityZone: { Name: subnet.zone },
      SupportedNetworkTypes: ['ipv4'],
    })),
    ARN: arn,
    SupportedNetworkTypes: ['ipv4'],
  };
}

async function subnetsOf(
  call: Call,
  ids: readonly string[] = [],
): Promise<Pick<StoredSubnetGroup, 'vpcId' | 'subnets'>> {
  if (ids.length === 0)
    throw faults.invalidValue('The parameter SubnetIds must be provided and must not be blank.');
  const found = await Promise.all(ids.map((id) => call.plane.ports.networks.findSubnet(homeOf(call), id)));
  const subnets = found.map((subnet, index) => {
    if (!subnet) throw faults.invalidSubnet(`Subnet ${ids[index] ?? ''} does not exist.`);
    return subnet;
  });
  const vpcs = new Set(subnets.map(({ vpcId }) => vpcId));
  const [vpcId = ''] = vpcs;
  if (vpcs.size > 1)
    throw faults.invalidSubnet('All subnets of a cache subnet group must be in the same VPC.');
  return {
    vpcId,
    subnets: subnets.map(({ subnetId, subnetArn, availabilityZone }) => ({
      id: subnetId,
      arn: subnetArn,
      zone: availabilityZone,
    })),
  };
}

async function defaultGroup(call: Call): Promise<StoredSubnetGroup | undefined> {
  const home = homeOf(call);
  const network = await call.plane.ports.networks.defaultNetwork(home);
  if (!network) return undefined;
  const subnets = network.subnets.map((subnet) => ({
    id: subnet.subnetId,
    arn: subnet.subnetArn,
    zone: subnet.availabilityZone,
  }));
  const arn = arnOf(home, subnetGroups.noun, 'default');
  return {
    name: 'default',
    arn,
    tags: {},
    description: 'Default CacheSubnetGroup',
    vpcId: network.vpcId,
    subnets,
  };
}

function groupName(text = ''): string {
  if (/^[a-z0-9-]{1,255}$/i.test(text) && text.toLowerCase() !== 'default') return text.toLowerCase();
  throw faults.invalidValue(
    'The parameter CacheSubnetGroupName must contain no more than 255 alphanumeric characters or hyphens, and must ' +
      'not be default.',
  );
}

const create = defineOperation<CreateCacheSubnetGroupMessage, CreateCacheSubnetGroupResult>({
  name: 'CreateCacheSubnetGroup',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateCacheSubnetGroup', subnetGroups, {
        name: input.CacheSubnetGroupName,
        tags: input.Tags,
      }),
  },
  async handle(call, { CacheSubnetGroupName, CacheSubnetGroupDescription = '', SubnetIds, Tags }) {
    const home = homeOf(call);
    const name = groupName(CacheSubnetGroupName);
    const group = {
      name,
      arn: arnOf(home, subnetGroups.noun, name),
      tags: withTags({}, Tags),
      description: CacheSubnetGroupDescription,
      ...(await subnetsOf(call, SubnetIds)),
    };
    await call.plane.store.transact((tx) => {
      if (readRecord(tx, subnetGroups, home, name)) throw faults.subnetGroupExists(name);
      writeRecord(tx, subnetGroups, home, group);
    });
    return { CacheSubnetGroup: shapeOf(group) };
  },
});

const describe = defineOperation<DescribeCacheSubnetGroupsMessage, CacheSubnetGroupMessage>({
  name: 'DescribeCacheSubnetGroups',
  access: onNamed('DescribeCacheSubnetGroups', subnetGroups, (input) => input.CacheSubnetGroupName),
  async handle(call, { CacheSubnetGroupName: name, ...page }) {
    const { store } = call.plane;
    const home = homeOf(call);
    const byDefault = await defaultGroup(call);
    if (name !== undefined && name !== '') {
      const group =
        name.toLowerCase() === 'default' && byDefault ? byDefault : named(store, subnetGroups, home, name);
      return { CacheSubnetGroups: [shapeOf(group)] };
    }
    const all = [...(byDefault ? [byDefault] : []), ...listRecords(store, subnetGroups, home)];
    const { items, Marker } = pageOf(all, (group) => group.name, page);
    return { Marker, CacheSubnetGroups: items.map(shapeOf) };
  },
});

const modify = defineOperation<ModifyCacheSubnetGroupMessage, ModifyCacheSubnetGroupResult>({
  name: 'ModifyCacheSubnetGroup',
  access: onNamed('ModifyCacheSubnetGroup', subnetGroups, (input) => input.CacheSubnetGroupName),
  async handle(call, { CacheSubnetGroupName, CacheSubnetGroupDescription, SubnetIds }) {
    const home = homeOf(call);
    const subnets = SubnetIds === undefined ? {} : await subnetsOf(call, SubnetIds);
    const { value } = await call.plane.store.transact((tx) => {
      const group = named(tx, subnetGroups, home, CacheSubnetGroupName);
      const description = CacheSubnetGroupDescription ?? group.description;
      return writeRecord(tx, subnetGroups, home, { ...group, ...subnets, description });
    });
    return { CacheSubnetGroup: shapeOf(value) };
  },
});

const remove = defineOperation<DeleteCacheSubnetGroupMessage, object>({
  name: 'DeleteCacheSubnetGroup',
  access: onNamed('DeleteCacheSubnetGroup', subnetGroups, (input) => input.CacheSubnetGroupName),
  async handle(call, { CacheSubnetGroupName }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const { name } = named(tx, subnetGroups, home, CacheSubnetGroupName);
      if (cachesUsing(tx, home, (cache) => cache.subnetGroup === name).length > 0)
        throw faults.subnetGroupInUse(name);
      deleteRecord(tx, subnetGroups, home, name);
    });
    return {};
  },
});

export const subnetGroupOperations: readonly AnyOperation[] = [create, describe, modify, remove];
