// DBSubnetGroup: the subnets in which databases may be.
import type { KindDescription } from '../../kind/description.ts';
import { askedTags, rds, terminal } from './service.ts';

export const dbSubnetGroup: KindDescription = {
  service: rds,
  kind: 'DBSubnetGroup',
  identity: 'Name',
  renames: { DBSubnetGroupName: 'Name', DBSubnetGroupDescription: 'Description' },
  fields: {
    Name: { compare: 'caseless', replace: true },
    SubnetIds: {
      observe: 'Subnets[].SubnetIdentifier',
      reference: { kind: 'ec2/Subnet', path: 'status.subnetID' },
    },
  },
  create: [{ operation: 'CreateDBSubnetGroup', at: 'DBSubnetGroup' }],
  read: [
    {
      operation: 'DescribeDBSubnetGroups',
      input: { DBSubnetGroupName: '$Name' },
      at: 'DBSubnetGroups[0]',
      absent: ['DBSubnetGroupNotFoundFault'],
    },
  ],
  update: [{ operation: 'ModifyDBSubnetGroup', input: { DBSubnetGroupName: '$Name' }, whole: true }],
  tags: askedTags,
  remove: [{ operation: 'DeleteDBSubnetGroup', input: { DBSubnetGroupName: '$Name' } }],
  terminal: [...terminal, 'SubnetAlreadyInUse'],
  columns: [
    { name: 'VPC', path: '.status.vpcID' },
    { name: 'STATUS', path: '.status.subnetGroupStatus' },
  ],
};
