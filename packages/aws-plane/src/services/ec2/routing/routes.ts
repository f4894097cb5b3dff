// CreateRoute, ReplaceRoute, DeleteRoute: IPv4 routes through internet gateways.
import type {
  CreateRouteRequest,
  CreateRouteResult,
  DeleteRouteRequest,
  ReplaceRouteRequest,
} from '@aws-sdk/client-ec2';
import type { Reader } from '@pergola/store';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import type { Home } from '../home.ts';
import { contains, parseCidr, renderCidr } from '../network/cidr.ts';
import { find, internetGateways, put, type Route, type RouteTable, routeTables } from '../state.ts';
import { existingTable, localBlock } from './route-tables.ts';

export const createRoute = ec2Operation<CreateRouteRequest, CreateRouteResult>({
  name: 'CreateRoute',
  touches: ({ RouteTableId }) => [RouteTableId],
  async handle(call, input) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const table = existingTable(tx, home, input.RouteTableId ?? '');
      const route = routeOf(tx, home, table, input);
      if (table.routes.some(({ destination }) => destination === route.destination))
        throw faults.routeExists(route.destination);
      put(tx, home, routeTables, { ...table, routes: [...table.routes, route] });
    });
    return { Return: true };
  },
});

export const replaceRoute = ec2Operation<ReplaceRouteRequest, object>({
  name: 'ReplaceRoute',
  touches: ({ RouteTableId }) => [RouteTableId],
  async handle(call, input) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const table = existingTable(tx, home, input.RouteTableId ?? '');
      const route = routeOf(tx, home, table, input);
      const rest = withoutRoute(table, route.destination);
      put(tx, home, routeTables, { ...rest, routes: [...rest.routes, route] });
    });
    return {};
  },
});

export const deleteRoute = ec2Operation<DeleteRouteRequest, object>({
  name: 'DeleteRoute',
  touches: ({ RouteTableId }) => [RouteTableId],
  async handle(call, input) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const table = existingTable(tx, home, input.RouteTableId ?? '');
      put(tx, home, routeTables, withoutRoute(table, destinationOf(input)));
    });
    return {};
  },
});

function withoutRoute(table: RouteTable, destination: string): RouteTable {
  const routes = table.routes.filter((route) => route.destination !== destination);
  if (routes.length === table.routes.length) throw faults.noSuchRoute(table.id, destination);
  return { ...table, routes };
}

/** Targets that could not be made here are refused as what they are. */
const gateway = /^igw-/;

function routeOf(reader: Reader, home: Home, table: RouteTable, input: ReplaceRouteRequest): Route {
  const destination = destinationOf(input);
  const local = parseCidr(localBlock(reader, home, table));
  const wanted = parseCidr(destination);
  if (local && wanted && contains(local, wanted)) throw faults.localRoute();
  const { GatewayId } = input;
  if (GatewayId === undefined || !gateway.test(GatewayId))
    throw faults.notImplemented('A route to anything but an internet gateway');
  const found = find(reader, home, internetGateways, GatewayId);
  if (!found) throw faults.notFound('igw', GatewayId);
  if (found.vpcId !== table.vpcId) throw faults.gatewayOfOtherVpc(GatewayId, table.vpcId);
  return { destination, gatewayId: GatewayId };
}

function destinationOf(input: DeleteRouteRequest): string {
  const { DestinationCidrBlock: text } = input;
  if (input.DestinationIpv6CidrBlock || input.DestinationPrefixListId)
    throw faults.notImplemented('A route to anything but an IPv4 block');
  if (text === undefined) throw faults.missing('destinationCidrBlock');
  const cidr = parseCidr(text);
  if (cidr?.family !== 4) throw faults.invalidValue(`CIDR block ${text} is malformed`);
  return renderCidr(cidr);
}
