// CreateRouteTable, DescribeRouteTables, DeleteRouteTable.
import type {
  CreateRouteTableRequest,
  CreateRouteTableResult,
  DeleteRouteTableRequest,
  DescribeRouteTablesRequest,
  DescribeRouteTablesResult,
  RouteState,
  RouteTable as RouteTableShape,
} from '@aws-sdk/client-ec2';
import type { Reader } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { filtered, type FilterTable } from '../filters.ts';
import { drawId, type Home } from '../home.ts';
import { existingVpc } from '../network/vpcs.ts';
import { pageOf, withIds } from '../pages.ts';
import {
  find,
  internetGateways,
  list,
  put,
  remove,
  type Route,
  type RouteTable,
  routeTables,
  vpcs,
} from '../state.ts';
import { specifiedTags, tagListOf } from '../tags/specified-tags.ts';

export const createRouteTable = ec2Operation<CreateRouteTableRequest, CreateRouteTableResult>({
  name: 'CreateRouteTable',
  tagged: 'rtb',
  touches: ({ VpcId }) => [VpcId, 'rtb'],
  async handle(call, { VpcId = '', TagSpecifications }) {
    const home = homeOf(call);
    const { store, random } = call.plane;
    const tags = specifiedTags('rtb', TagSpecifications);
    const { value } = await store.transact((tx) => {
      const vpcId = existingVpc(tx, home, VpcId).id;
      return put(tx, home, routeTables, {
        id: drawId(random, 'rtb'),
        vpcId,
        routes: [],
        associations: [],
        tags,
      });
    });
    return { RouteTable: tableShape(call, value) };
  },
});

const filters: FilterTable<
  RouteTable & { readonly owner: string; readonly local: string; readonly states: readonly string[] }
> = {
  'route-table-id': ({ id }) => id,
  'vpc-id': ({ vpcId }) => vpcId,
  'owner-id': ({ owner }) => owner,
  'association.route-table-association-id': ({ associations }) => associations.map(({ id }) => id),
  'association.route-table-id': ({ id, associations }) => (associations.length > 0 ? id : undefined),
  'association.subnet-id': ({ associations }) => associations.map(({ subnetId }) => subnetId),
  'association.gateway-id': () => undefined,
  'association.main': ({ associations }) => associations.map(({ subnetId }) => subnetId === undefined),
  'route.destination-cidr-block': ({ routes, local }) => [
    local,
    ...routes.map(({ destination }) => destination),
  ],
  'route.gateway-id': ({ routes }) => ['local', ...routes.map(({ gatewayId }) => gatewayId)],
  'route.origin': ({ routes }) => ['CreateRouteTable', ...routes.map(() => 'CreateRoute')],
  'route.state': ({ states }) => states,
  'route.destination-ipv6-cidr-block': () => undefined,
  'route.destination-prefix-list-id': () => undefined,
  'route.egress-only-internet-gateway-id': () => undefined,
  'route.instance-id': () => undefined,
  'route.nat-gateway-id': () => undefined,
  'route.transit-gateway-id': () => undefined,
  'route.vpc-peering-connection-id': () => undefined,
};

export const describeRouteTables = ec2Operation<DescribeRouteTablesRequest, DescribeRouteTablesResult>({
  name: 'DescribeRouteTables',
  handle(call, input) {
    const { store } = call.plane;
    const home = homeOf(call);
    const asked = withIds(list(store, home, routeTables), 'rtb', input.RouteTableIds);
    const described = asked.map((table) => ({
      ...table,
      owner: call.account,
      local: localBlock(store, home, table),
      states: ['active', ...table.routes.map((route) => stateOf(store, home, table, route))],
    }));
    const { items, ...page } = pageOf(filtered(described, input.Filters, filters), input);
    return { RouteTables: items.map((table) => tableShape(call, table)), ...page };
  },
});

export const deleteRouteTable = ec2Operation<DeleteRouteTableRequest, object>({
  name: 'DeleteRouteTable',
  touches: ({ RouteTableId }) => [RouteTableId],
  async handle(call, { RouteTableId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const table = existingTable(tx, home, RouteTableId);
      if (table.associations.length > 0) throw faults.tableInUse(table.id);
      remove(tx, home, routeTables, table.id);
    });
    return {};
  },
});

export function existingTable(reader: Reader, home: Home, id: string): RouteTable {
  if (!id.startsWith('rtb-')) throw faults.malformedId('rtb', id);
  const table = find(reader, home, routeTables, id);
  if (!table) throw faults.notFound('rtb', id);
  return table;
}

/** The block of the VPC, to which every table has a route. */
export function localBlock(reader: Reader, home: Home, { vpcId }: RouteTable): string {
  return find(reader, home, vpcs, vpcId)?.cidrBlock ?? '';
}

/** A route whose gateway was taken away leads nowhere. */
function stateOf(reader: Reader, home: Home, { vpcId }: RouteTable, { gatewayId }: Route): RouteState {
  return find(reader, home, internetGateways, gatewayId)?.vpcId === vpcId ? 'active' : 'blackhole';
}

function tableShape(call: Call, table: RouteTable): RouteTableShape {
  const { store } = call.plane;
  const home = homeOf(call);
  const local = localBlock(store, home, table);
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    OwnerId: call.account,
    Associations: table.associations.map(({ id, subnetId }) => ({
      RouteTableAssociationId: id,
      RouteTableId: table.id,
      Main: subnetId === undefined,
      ...(subnetId !== undefined && { SubnetId: subnetId }),
      AssociationState: { State: 'associated' },
    })),
    Routes: [
      {
        DestinationCidrBlock: local,
        GatewayId: 'local',
        Origin: 'CreateRouteTable' as const,
        State: 'active' as const,
      },
      ...table.routes.map((route) => ({
        DestinationCidrBlock: route.destination,
        GatewayId: route.gatewayId,
        Origin: 'CreateRoute' as const,
        State: stateOf(store, home, table, route),
      })),
    ],
    PropagatingVgws: [],
    Tags: tagListOf(table.tags),
  };
}
