// The networks of an account, as other services see them: the port that RDS and ElastiCache ask.
import type { PlaneContext } from '../../plane-context.ts';
import type { NetworkDirectory, SecurityGroupRecord, SubnetRecord } from '../../ports.ts';
import { ensureHome } from './default-network.ts';
import { arnOf, type Home } from './home.ts';
import { defaultGroupOf } from './network/vpc-parts.ts';
import { find, list, type SecurityGroup, securityGroups, type Subnet, subnets, vpcs } from './state.ts';
import { zonesOf } from './zones.ts';

export function openNetworks(plane: Pick<PlaneContext, 'store' | 'random'>): NetworkDirectory {
  const { store } = plane;
  return {
    zonesOf,
    async findVpc(home, vpcId) {
      await ensureHome(plane, home);
      const vpc = find(store, home, vpcs, vpcId);
      return vpc && { vpcId: vpc.id, cidrBlock: vpc.cidrBlock, isDefault: vpc.isDefault };
    },
    async findSubnet(home, subnetId) {
      await ensureHome(plane, home);
      const subnet = find(store, home, subnets, subnetId);
      return subnet && subnetRecord(home, subnet);
    },
    async findSecurityGroup(home, groupId) {
      await ensureHome(plane, home);
      const group = find(store, home, securityGroups, groupId);
      return group && groupRecord(group);
    },
    async defaultSecurityGroup(home, vpcId) {
      await ensureHome(plane, home);
      const group = defaultGroupOf(store, home, vpcId);
      return group && groupRecord(group);
    },
    async defaultNetwork(home) {
      await ensureHome(plane, home);
      const vpc = list(store, home, vpcs).find(({ isDefault }) => isDefault);
      const group = vpc && defaultGroupOf(store, home, vpc.id);
      if (!vpc || !group) return undefined;
      const own = list(store, home, subnets)
        .filter((subnet) => subnet.vpcId === vpc.id && subnet.isDefault)
        .sort((a, b) => (a.zone < b.zone ? -1 : 1));
      return {
        vpcId: vpc.id,
        subnets: own.map((subnet) => subnetRecord(home, subnet)),
        securityGroup: groupRecord(group),
      };
    },
  };
}

function subnetRecord(home: Home, { id, vpcId, zone, cidrBlock }: Subnet): SubnetRecord {
  return {
    subnetId: id,
    subnetArn: arnOf(home, 'subnet', id),
    vpcId,
    availabilityZone: zone,
    cidrBlock,
  };
}

function groupRecord({ id, name, vpcId }: SecurityGroup): SecurityGroupRecord {
  return { groupId: id, groupName: name, vpcId };
}
