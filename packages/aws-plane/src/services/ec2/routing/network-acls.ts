// DescribeNetworkAcls: the one that every VPC has, which allows everything.
import type {
  DescribeNetworkAclsRequest,
  DescribeNetworkAclsResult,
  NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { filtered, type FilterTable } from '../filters.ts';
import { pageOf, withIds } from '../pages.ts';
import { list, type NetworkAcl, networkAcls, type Subnet, subnets } from '../state.ts';
import { tagListOf } from '../tags/specified-tags.ts';

interface Described extends NetworkAcl {
  readonly owner: string;
  readonly members: readonly Subnet[];
}

const LAST_RULE = 32_767;

/** The rule that allows all, and the last one, which denies what came to it. */
const ENTRIES: readonly NetworkAclEntry[] = [true, false].flatMap((Egress) => [
  { CidrBlock: '0.0.0.0/0', Egress, Protocol: '-1', RuleAction: 'allow' as const, RuleNumber: 100 },
  { CidrBlock: '0.0.0.0/0', Egress, Protocol: '-1', RuleAction: 'deny' as const, RuleNumber: LAST_RULE },
]);

const filters: FilterTable<Described> = {
  'network-acl-id': ({ id }) => id,
  'vpc-id': ({ vpcId }) => vpcId,
  default: () => true,
  'owner-id': ({ owner }) => owner,
  'association.association-id': ({ members }) => members.map(({ aclAssociationId }) => aclAssociationId),
  'association.network-acl-id': ({ id, members }) => (members.length > 0 ? id : undefined),
  'association.subnet-id': ({ members }) => members.map(({ id }) => id),
  'entry.cidr': () => '0.0.0.0/0',
  'entry.ipv6-cidr': () => undefined,
  'entry.egress': () => [true, false],
  'entry.protocol': () => '-1',
  'entry.rule-action': () => ['allow', 'deny'],
  'entry.rule-number': () => [100, LAST_RULE],
  'entry.icmp.code': () => undefined,
  'entry.icmp.type': () => undefined,
  'entry.port-range.from': () => undefined,
  'entry.port-range.to': () => undefined,
};

export const describeNetworkAcls = ec2Operation<DescribeNetworkAclsRequest, DescribeNetworkAclsResult>({
  name: 'DescribeNetworkAcls',
  handle(call, input) {
    const { store } = call.plane;
    const home = homeOf(call);
    const allSubnets = list(store, home, subnets);
    const described = withIds(list(store, home, networkAcls), 'acl', input.NetworkAclIds).map((acl) => ({
      ...acl,
      owner: call.account,
      members: allSubnets.filter(({ vpcId }) => vpcId === acl.vpcId),
    }));
    const { items, ...page } = pageOf(filtered(described, input.Filters, filters), input);
    return {
      NetworkAcls: items.map(({ id, vpcId, tags, members }) => ({
        NetworkAclId: id,
        VpcId: vpcId,
        OwnerId: call.account,
        IsDefault: true,
        Associations: members.map((subnet) => ({
          NetworkAclAssociationId: subnet.aclAssociationId,
          NetworkAclId: id,
          SubnetId: subnet.id,
        })),
        Entries: [...ENTRIES],
        Tags: tagListOf(tags),
      })),
      ...page,
    };
  },
});
