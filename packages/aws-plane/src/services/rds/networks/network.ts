// Where databases stand in the networks of EC2: subnet groups, zones, security groups.
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { faults } from '../faults.ts';
import { named, subnetGroups } from '../kinds.ts';
import type { StoredSubnet, StoredSubnetGroup } from './subnet-group.ts';

/** The group that an account has in its default VPC, made when it is first used. */
export const DEFAULT_GROUP = 'default';

/** The subnets that are named, all of one VPC. Throws when one is not there. */
export async function findSubnets(
  call: Call,
  ids: readonly string[],
): Promise<{ readonly vpcId: string; readonly subnets: readonly StoredSubnet[] }> {
  const { networks } = call.plane.ports;
  const found = await Promise.all(
    [...new Set(ids)].map(async (id) => {
      const subnet = await networks.findSubnet(homeOf(call), id);
      if (!subnet) throw faults.invalidSubnet(`Subnet IDs are required to be valid: ${id} does not exist.`);
      return subnet;
    }),
  );
  const vpcs = new Set(found.map(({ vpcId }) => vpcId));
  const [vpcId = ''] = vpcs;
  if (vpcs.size > 1)
    throw faults.invalidSubnet('The DB subnet group cannot have subnets of more than one VPC.');
  return {
    vpcId,
    subnets: found.map(({ subnetId, availabilityZone }) => ({ id: subnetId, zone: availabilityZone })),
  };
}

/** The group of that name; `default` is made of the default VPC when it is not there. */
export async function subnetGroupFor(call: Call, name: string | undefined): Promise<StoredSubnetGroup> {
  const wanted = (name ?? DEFAULT_GROUP).toLowerCase();
  if (wanted !== DEFAULT_GROUP) return named(call.plane.store, subnetGroups, homeOf(call), wanted);
  const network = await call.plane.ports.networks.defaultNetwork(homeOf(call));
  if (!network || network.subnets.length === 0)
    throw faults.invalidValue(
      'No default subnet detected in VPC. Please contact AWS Support to recreate a default subnet.',
    );
  return {
    name: DEFAULT_GROUP,
    description: 'default',
    vpcId: network.vpcId,
    subnets: network.subnets.map(({ subnetId, availabilityZone }) => ({
      id: subnetId,
      zone: availabilityZone,
    })),
    tags: {},
  };
}

/** The zone that is asked for, which the group must cover, or one of the group's. */
export function zoneFor(group: StoredSubnetGroup, wanted: string | undefined, region: string): string {
  const zones = group.subnets.map(({ zone }) => zone);
  if (wanted === undefined) return zones[0] ?? `${region}a`;
  if (zones.includes(wanted)) return wanted;
  throw faults.invalidCombination(
    `The DB subnet group doesn't cover the Availability Zone ${wanted}. Specify a DB subnet group that covers it.`,
  );
}

/** The security groups that are named, which must be of this VPC, or its default one. */
export async function securityGroupsFor(
  call: Call,
  vpcId: string,
  ids: readonly string[] | undefined,
): Promise<readonly string[]> {
  const { networks } = call.plane.ports;
  if (!ids || ids.length === 0) {
    const group = await networks.defaultSecurityGroup(homeOf(call), vpcId);
    return group ? [group.groupId] : [];
  }
  for (const id of ids) {
    const group = await networks.findSecurityGroup(homeOf(call), id);
    if (!group) throw faults.invalidValue(`Invalid security group , groupId= ${id}, groupName=.`);
    if (group.vpcId !== vpcId)
      throw faults.invalidCombination(
        'The DB instance and EC2 security group are in different VPCs. The DB instance is in ' +
          `${vpcId} and the EC2 security group is in ${group.vpcId}`,
      );
  }
  return [...new Set(ids)];
}
