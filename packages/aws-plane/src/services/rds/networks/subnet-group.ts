// DB subnet groups as they are kept and shown.
import type { DBSubnetGroup } from '@aws-sdk/client-rds';
import { arnOf } from '../arn.ts';
import type { Home, StoredResource } from '../state.ts';

export interface StoredSubnet {
  readonly id: string;
  readonly zone: string;
}

export interface StoredSubnetGroup extends StoredResource {
  readonly description: string;
  readonly vpcId: string;
  readonly subnets: readonly StoredSubnet[];
}

export function subnetGroupShape(home: Home, group: StoredSubnetGroup): DBSubnetGroup {
  return {
    DBSubnetGroupName: group.name,
    DBSubnetGroupDescription: group.description,
    VpcId: group.vpcId,
    SubnetGroupStatus: 'Complete',
    Subnets: group.subnets.map(({ id, zone }) => ({
      SubnetIdentifier: id,
      SubnetAvailabilityZone: { Name: zone },
      SubnetOutpost: {},
      SubnetStatus: 'Active',
    })),
    DBSubnetGroupArn: arnOf(home, 'subgrp', group.name),
    SupportedNetworkTypes: ['IPV4'],
  };
}
