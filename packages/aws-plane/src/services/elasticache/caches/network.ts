// Where caches stand in a network: subnet groups, security groups, zones.
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { faults } from '../faults.ts';
import { named, subnetGroups } from '../kinds.ts';
import type { StoredCache, StoredNode } from '../records.ts';

interface NetworkRequest {
  readonly CacheSubnetGroupName?: string | undefined;
  readonly SecurityGroupIds?: readonly string[] | undefined;
  readonly CacheSecurityGroupNames?: readonly string[] | undefined;
}

/** Checks what a request names, and fills in the defaults. */
export async function networkOf(
  call: Call,
  request: NetworkRequest,
): Promise<Pick<StoredCache, 'subnetGroup' | 'securityGroups'>> {
  if (request.CacheSecurityGroupNames?.length) throw faults.noSecurityGroups();
  const subnetGroup = request.CacheSubnetGroupName?.toLowerCase() ?? 'default';
  if (subnetGroup !== 'default') named(call.plane.store, subnetGroups, homeOf(call), subnetGroup);
  return { subnetGroup, securityGroups: await securityGroupsOf(call, request.SecurityGroupIds) };
}

/** Without any, a new cache gets the default one of its VPC; ElastiCache shows none then. */
export async function securityGroupsOf(
  call: Call,
  ids: readonly string[] | undefined,
): Promise<readonly string[]> {
  for (const id of ids ?? []) {
    if (await call.plane.ports.networks.findSecurityGroup(homeOf(call), id)) continue;
    throw faults.invalidValue(`Some security group Ids are not valid or do not exist. ${id}`);
  }
  return ids ?? [];
}

/** `count` nodes in the zones that are wanted, else in all zones in turn. */
export function placeNodes(
  call: Pick<Call, 'plane' | 'region'>,
  ids: readonly string[],
  wanted: readonly string[] = [],
  first = 0,
): StoredNode[] {
  const zones = call.plane.ports.networks.zonesOf(call.region);
  for (const zone of wanted) {
    if (!zones.includes(zone)) throw faults.invalidValue(`${zone} is not a valid availability zone.`);
  }
  return ids.map((id, index) => ({
    id,
    zone: wanted[index] ?? zones[(first + index) % zones.length] ?? `${call.region}a`,
  }));
}
