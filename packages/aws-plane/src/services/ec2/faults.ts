// Every error that EC2 answers here, in EC2's own words.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html; wordings as AWS answered in 2020-2026.
import { AwsFault } from '../../fault.ts';
import type { IdPrefix } from './home.ts';

const badRequest = (code: string, message: string) => new AwsFault(code, 400, message);
const invalidValue = (message: string) => badRequest('InvalidParameterValue', message);
const dependency = (message: string) => badRequest('DependencyViolation', message);

/** Code and noun of the errors about an id, by kind. */
const ids: Readonly<Record<IdPrefix | 'eni', readonly [code: string, noun: string]>> = {
  vpc: ['InvalidVpcID', 'vpc ID'],
  subnet: ['InvalidSubnetID', 'subnet ID'],
  sg: ['InvalidGroup', 'security group'],
  sgr: ['InvalidSecurityGroupRuleId', 'security group rule ID'],
  rtb: ['InvalidRouteTableID', 'routeTable ID'],
  acl: ['InvalidNetworkAclID', 'networkAcl ID'],
  igw: ['InvalidInternetGatewayID', 'internetGateway ID'],
  eni: ['InvalidNetworkInterfaceID', 'networkInterface ID'],
};

const SET = 'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';

export const faults = {
  dryRun: () => new AwsFault('DryRunOperation', 412, 'Request would have succeeded, but DryRun flag is set.'),
  invalidValue,
  missing: (parameter: string) =>
    badRequest('MissingParameter', `The request must contain the parameter ${parameter}`),
  combination: (message: string) => badRequest('InvalidParameterCombination', message),
  notImplemented: (what: string) =>
    badRequest('UnsupportedOperation', `${what} is not implemented by this endpoint.`),

  // Ids.
  notFound: (prefix: IdPrefix | 'eni', id: string) => {
    const [code, noun] = ids[prefix];
    return badRequest(`${code}.NotFound`, `The ${noun} '${id}' does not exist`);
  },
  malformedId: (prefix: IdPrefix, id: string) =>
    badRequest(
      `${prefix === 'sg' ? 'InvalidGroupId' : ids[prefix][0]}.Malformed`,
      `Invalid id: "${id}" (expecting "${prefix}-...")`,
    ),
  noSuchTagged: (id: string) => badRequest('InvalidID', `The ID '${id}' is not valid`),
  noSuchAssociation: (id: string) =>
    badRequest('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`),

  // Lists.
  invalidFilter: (name: string) => invalidValue(`The filter '${name}' is invalid`),
  tooManyValues: () => badRequest('FilterLimitExceeded', 'The maximum number of filter values is 200.'),
  invalidMaxResults: (value: number, most: number) =>
    invalidValue(
      `Value ( ${value} ) for parameter maxResults is invalid. Expecting a value between 5 and ${most}.`,
    ),
  idsAndMaxResults: (parameter: string) =>
    badRequest(
      'InvalidParameterCombination',
      `The parameter ${parameter} cannot be used with the parameter maxResults`,
    ),
  invalidToken: () => invalidValue('The token is invalid.'),

  // Tags.
  invalidTag: (why: string) => invalidValue(why),
  tooManyTags: () =>
    badRequest('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.'),
  wrongTagType: (type: string, expected: string) =>
    invalidValue(`'${type}' is not a valid taggable resource type for this operation. Expected: ${expected}`),

  // VPCs.
  notCidr: (cidr: string) =>
    invalidValue(`Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`),
  vpcRange: (cidr: string) => badRequest('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`),
  tooManyVpcs: () => badRequest('VpcLimitExceeded', 'The maximum number of VPCs has been reached.'),
  vpcInUse: (id: string) => dependency(`The vpc '${id}' has dependencies and cannot be deleted.`),
  defaultVpcExists: () =>
    badRequest('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.'),

  // Subnets.
  subnetRange: (cidr: string) => badRequest('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`),
  subnetConflict: (cidr: string) =>
    badRequest('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`),
  tooManySubnets: () =>
    badRequest('SubnetLimitExceeded', 'The maximum number of subnets has been reached for this VPC.'),
  invalidZone: (zone: string, zones: readonly string[]) =>
    invalidValue(
      `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(', ')}.`,
    ),
  noDefaultVpc: () => badRequest('DefaultVpcDoesNotExist', 'There is no Default VPC in this region.'),
  defaultSubnetExists: (id: string, zone: string) =>
    badRequest(
      'DefaultSubnetAlreadyExistsInAvailabilityZone',
      `'${id}' is already the default subnet in ${zone}.`,
    ),

  // Security groups.
  groupName: (name: string) =>
    invalidValue(
      `Invalid value '${name}' for groupName. Group names may be up to 255 characters of the following set: ${SET}, and may not start with sg-`,
    ),
  reservedGroupName: () => badRequest('InvalidGroup.Reserved', "The security group 'default' is reserved"),
  groupDescription: (what: string) =>
    invalidValue(
      `Invalid ${what} description. Valid descriptions are strings less than 256 characters from the following set:  ${SET}`,
    ),
  groupExists: (name: string, vpcId: string) =>
    badRequest('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`),
  noGroupNamed: (name: string) =>
    badRequest('InvalidGroup.NotFound', `The security group '${name}' does not exist in default VPC`),
  otherNetwork: () =>
    badRequest(
      'InvalidGroup.NotFound',
      'You have specified two resources that belong to different networks.',
    ),
  tooManyGroups: () =>
    badRequest('SecurityGroupLimitExceeded', 'The maximum number of security groups has been reached.'),
  groupInUse: (id: string) => dependency(`resource ${id} has a dependent object`),
  groupUndeletable: (id: string) =>
    badRequest('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`),
  tooManyRules: () =>
    badRequest(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    ),
  ruleExists: (rule: string) =>
    badRequest('InvalidPermission.Duplicate', `the specified rule "${rule}" already exists`),
  ruleRepeated: () => invalidValue('The same permission must not appear multiple times'),
  noSuchRule: () =>
    badRequest('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.'),
  needsGroup: () =>
    badRequest('MissingParameter', 'The request must contain the parameter groupName or groupId'),
  malformedCidr: (cidr: string) => invalidValue(`CIDR block ${cidr} is malformed`),
  protocol: (protocol: string) =>
    invalidValue(`Invalid value '${protocol}' for IP protocol. Unknown protocol.`),
  needsPorts: () =>
    invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."),
  portRange: (from: number, to: number) => invalidValue(`Invalid TCP/UDP port range (${from}:${to})`),
  onePeer: () =>
    invalidValue('Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be specified.'),
  noSuchPrefixList: (id: string) =>
    badRequest('InvalidPrefixListId.NotFound', `The prefix list ID '${id}' does not exist`),

  // Routes.
  tableInUse: (id: string) => dependency(`The routeTable '${id}' has dependencies and cannot be deleted.`),
  gatewayInUse: (id: string) =>
    dependency(`The internetGateway '${id}' has dependencies and cannot be deleted.`),
  gatewayAttached: (id: string, vpcId: string) =>
    badRequest('Resource.AlreadyAssociated', `resource ${id} is already attached to network ${vpcId}`),
  vpcHasGateway: (vpcId: string) => invalidValue(`Network ${vpcId} already has an internet gateway attached`),
  gatewayNotAttached: (id: string, vpcId: string) =>
    badRequest('Gateway.NotAttached', `resource ${id} is not attached to network ${vpcId}`),
  gatewayOfOtherVpc: (id: string, vpcId: string) =>
    invalidValue(`route table and network gateway ${id} belong to different networks: ${vpcId}`),
  routeExists: (destination: string) =>
    badRequest('RouteAlreadyExists', `The route identified by ${destination} already exists.`),
  noSuchRoute: (tableId: string, destination: string) =>
    badRequest(
      'InvalidRoute.NotFound',
      `no route with destination-cidr-block ${destination} in route table ${tableId}`,
    ),
  localRoute: () =>
    invalidValue(
      "The destination CIDR block is equal to or more specific than one of this VPC's CIDR blocks.",
    ),
  mainAssociation: (id: string) => invalidValue(`cannot disassociate the main route table association ${id}`),
  subnetOfOtherVpc: (tableId: string, subnetId: string) =>
    invalidValue(`route table ${tableId} and subnet ${subnetId} belong to different networks`),
  tableOfOtherVpc: (tableId: string) => invalidValue(`route table ${tableId} belongs to a different network`),
  associationExists: (subnetId: string, tableId: string) =>
    badRequest(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${tableId} conflicts with an existing association of ${subnetId}`,
    ),
} as const;
