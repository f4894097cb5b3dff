// EC2: networks, as far as databases and caches need them. What each operation does not do stands in the README beside
// this file.
import type { AnyOperation, ServiceDefinition } from '../../operation.ts';
import { describeNetworkInterfaces } from './network/network-interfaces.ts';
import { modifySubnetAttribute } from './network/subnet-attributes.ts';
import { createDefaultSubnet, createSubnet, deleteSubnet, describeSubnets } from './network/subnets.ts';
import { describeVpcAttribute, modifyVpcAttribute } from './network/vpc-attributes.ts';
import { createDefaultVpc, createVpc, deleteVpc, describeVpcs } from './network/vpcs.ts';
import { describeAccountAttributes, describeAvailabilityZones, describeRegions } from './regions.ts';
import {
  attachInternetGateway,
  createInternetGateway,
  deleteInternetGateway,
  describeInternetGateways,
  detachInternetGateway,
} from './routing/internet-gateways.ts';
import { describeNetworkAcls } from './routing/network-acls.ts';
import {
  associateRouteTable,
  disassociateRouteTable,
  replaceRouteTableAssociation,
} from './routing/route-table-associations.ts';
import { createRouteTable, deleteRouteTable, describeRouteTables } from './routing/route-tables.ts';
import { createRoute, deleteRoute, replaceRoute } from './routing/routes.ts';
import {
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
} from './security-groups/authorize-rules.ts';
import { describeSecurityGroupRules } from './security-groups/describe-rules.ts';
import {
  modifySecurityGroupRules,
  updateSecurityGroupRuleDescriptionsEgress,
  updateSecurityGroupRuleDescriptionsIngress,
} from './security-groups/modify-rules.ts';
import { revokeSecurityGroupEgress, revokeSecurityGroupIngress } from './security-groups/revoke-rules.ts';
import {
  createSecurityGroup,
  deleteSecurityGroup,
  describeSecurityGroups,
} from './security-groups/security-groups.ts';
import { createTags, deleteTags, describeTags } from './tags/tags.ts';

const operations: readonly AnyOperation[] = [
  describeRegions,
  describeAvailabilityZones,
  describeAccountAttributes,

  createVpc,
  createDefaultVpc,
  describeVpcs,
  describeVpcAttribute,
  modifyVpcAttribute,
  deleteVpc,

  createSubnet,
  createDefaultSubnet,
  describeSubnets,
  modifySubnetAttribute,
  deleteSubnet,

  createSecurityGroup,
  describeSecurityGroups,
  deleteSecurityGroup,
  authorizeSecurityGroupIngress,
  authorizeSecurityGroupEgress,
  revokeSecurityGroupIngress,
  revokeSecurityGroupEgress,
  describeSecurityGroupRules,
  modifySecurityGroupRules,
  updateSecurityGroupRuleDescriptionsIngress,
  updateSecurityGroupRuleDescriptionsEgress,

  createInternetGateway,
  attachInternetGateway,
  detachInternetGateway,
  describeInternetGateways,
  deleteInternetGateway,
  createRouteTable,
  describeRouteTables,
  deleteRouteTable,
  associateRouteTable,
  disassociateRouteTable,
  replaceRouteTableAssociation,
  createRoute,
  replaceRoute,
  deleteRoute,
  describeNetworkAcls,
  describeNetworkInterfaces,

  createTags,
  deleteTags,
  describeTags,
];

export const ec2: ServiceDefinition = { name: 'ec2', operations };
