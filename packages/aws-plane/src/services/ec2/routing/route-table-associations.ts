// AssociateRouteTable, DisassociateRouteTable, ReplaceRouteTableAssociation: which table a subnet, or a VPC, uses.
import type {
  AssociateRouteTableRequest,
  AssociateRouteTableResult,
  DisassociateRouteTableRequest,
  ReplaceRouteTableAssociationRequest,
  ReplaceRouteTableAssociationResult,
} from '@aws-sdk/client-ec2';
import type { Reader, Transaction } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { drawId, type Home } from '../home.ts';
import { existingSubnet } from '../network/subnets.ts';
import { list, put, type RouteTable, type RouteTableAssociation, routeTables } from '../state.ts';
import { existingTable } from './route-tables.ts';

export const associateRouteTable = ec2Operation<AssociateRouteTableRequest, AssociateRouteTableResult>({
  name: 'AssociateRouteTable',
  touches: ({ RouteTableId, SubnetId }) => [RouteTableId, SubnetId],
  async handle(call, { RouteTableId = '', SubnetId, GatewayId, PublicIpv4Pool }) {
    if (GatewayId !== undefined || PublicIpv4Pool !== undefined)
      throw faults.notImplemented('A route table of a gateway or a pool of addresses');
    if (SubnetId === undefined) throw faults.missing('subnetId');
    const home = homeOf(call);
    const { store, random } = call.plane;
    const { value } = await store.transact((tx) => {
      const table = existingTable(tx, home, RouteTableId);
      const subnet = existingSubnet(tx, home, SubnetId);
      if (subnet.vpcId !== table.vpcId) throw faults.subnetOfOtherVpc(table.id, subnet.id);
      const known = ownerOf(tx, home, (one) => one.subnetId === subnet.id);
      if (known?.table.id === table.id) return known.association;
      if (known) throw faults.associationExists(subnet.id, table.id);
      return addAssociation(tx, home, table, { id: drawId(random, 'rtbassoc'), subnetId: subnet.id });
    });
    return { AssociationId: value.id, AssociationState: { State: 'associated' } };
  },
});

export const disassociateRouteTable = ec2Operation<DisassociateRouteTableRequest, object>({
  name: 'DisassociateRouteTable',
  touches: touchedBy,
  async handle(call, { AssociationId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const { table, association } = existingAssociation(tx, home, AssociationId);
      if (association.subnetId === undefined) throw faults.mainAssociation(association.id);
      dropAssociation(tx, home, table, association);
    });
    return {};
  },
});

export const replaceRouteTableAssociation = ec2Operation<
  ReplaceRouteTableAssociationRequest,
  ReplaceRouteTableAssociationResult
>({
  name: 'ReplaceRouteTableAssociation',
  touches: (input, call) => [...touchedBy(input, call), input.RouteTableId],
  async handle(call, { AssociationId = '', RouteTableId = '' }) {
    const home = homeOf(call);
    const { store, random } = call.plane;
    const { value } = await store.transact((tx) => {
      const { table, association } = existingAssociation(tx, home, AssociationId);
      const next = existingTable(tx, home, RouteTableId);
      if (next.vpcId !== table.vpcId) throw faults.tableOfOtherVpc(next.id);
      dropAssociation(tx, home, table, association);
      const { subnetId } = association;
      const moved = { id: drawId(random, 'rtbassoc'), subnetId };
      return addAssociation(tx, home, existingTable(tx, home, next.id), moved);
    });
    return { NewAssociationId: value.id, AssociationState: { State: 'associated' } };
  },
});

interface Owned {
  readonly table: RouteTable;
  readonly association: RouteTableAssociation;
}

function ownerOf(
  reader: Reader,
  home: Home,
  is: (association: RouteTableAssociation) => boolean,
): Owned | undefined {
  for (const table of list(reader, home, routeTables)) {
    const association = table.associations.find(is);
    if (association) return { table, association };
  }
  return undefined;
}

/** Policies are asked about what an association holds together. */
function touchedBy(
  { AssociationId }: { readonly AssociationId?: string | undefined },
  call: Call,
): (string | undefined)[] {
  const found = ownerOf(call.plane.store, homeOf(call), ({ id }) => id === AssociationId);
  return [found?.table.id, found?.association.subnetId];
}

function existingAssociation(reader: Reader, home: Home, id: string): Owned {
  const found = ownerOf(reader, home, (association) => association.id === id);
  if (!found) throw faults.noSuchAssociation(id);
  return found;
}

function addAssociation(
  tx: Transaction,
  home: Home,
  table: RouteTable,
  association: RouteTableAssociation,
): RouteTableAssociation {
  put(tx, home, routeTables, { ...table, associations: [...table.associations, association] });
  return association;
}

function dropAssociation(
  tx: Transaction,
  home: Home,
  table: RouteTable,
  { id }: RouteTableAssociation,
): void {
  put(tx, home, routeTables, { ...table, associations: table.associations.filter((one) => one.id !== id) });
}
