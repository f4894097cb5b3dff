// The part of OpenShift Cluster Manager's API that `rosa` reads about this cluster. Source: recorded rosa calls.
import type { Answer, Call, Plane } from '../../contract.ts';
import { jsonAnswer } from '../../render/status.ts';
import { clusterOf, regionOf } from './cluster.ts';

const CLUSTERS = '/api/clusters_mgmt/v1';
const ACCOUNTS = '/api/accounts_mgmt/v1';

/** Lists beneath the cluster that are always empty here, by path and kind. */
const EMPTY_LISTS: Readonly<Record<string, string>> = {
  migrations: 'ClusterMigrationList',
  upgrade_policies: 'UpgradePolicyList',
  'control_plane/upgrade_policies': 'ControlPlaneUpgradePolicyList',
  ingresses: 'IngressList',
  machine_pools: 'MachinePoolList',
  node_pools: 'NodePoolList',
};

/** Undefined for paths that OCM has and this sandbox has not. */
export function ocmAnswer(call: Call, plane: Plane): Answer | undefined {
  const { path } = call.info;
  if (call.method === 'POST') return path === `${CLUSTERS}/events` ? jsonAnswer(201, {}) : undefined;
  if (call.method !== 'GET') return undefined;
  const own = `${CLUSTERS}/clusters/${plane.cluster.id}`;
  if (path.startsWith(`${own}/`)) {
    const kind = EMPTY_LISTS[path.slice(own.length + 1)];
    return kind === undefined ? undefined : listAnswer(kind, []);
  }
  switch (path) {
    case `${CLUSTERS}/clusters`:
      return listAnswer('ClusterList', matches(call, plane) ? [clusterOf(plane)] : []);
    case own:
      return jsonAnswer(200, clusterOf(plane));
    case `${CLUSTERS}/cloud_providers/aws/regions`:
      return listAnswer('CloudRegionList', [regionOf(plane)]);
    case `${ACCOUNTS}/subscriptions/${plane.cluster.id}`:
      return jsonAnswer(200, subscriptionOf(plane, path));
    case `${ACCOUNTS}/current_account`:
      return jsonAnswer(200, accountOf(call));
    default:
      return undefined;
  }
}

function subscriptionOf({ cluster }: Plane, href: string): Record<string, unknown> {
  const { id, name } = cluster;
  return {
    kind: 'Subscription',
    id,
    href,
    cluster_id: id,
    status: 'Active',
    managed: true,
    display_name: name,
  };
}

function listAnswer(kind: string, items: readonly unknown[]): Answer {
  return jsonAnswer(200, { kind, page: 1, size: items.length, total: items.length, items });
}

/** rosa asks by id, name or external id in a search expression; any other value finds nothing. */
function matches(call: Call, plane: Plane): boolean {
  const { cluster } = plane;
  const wanted = /\b(?:id|name|external_id)\s*=\s*'((?:[^']|'')*)'/g;
  const search = call.query.get('search') ?? '';
  const keys = [...search.matchAll(wanted)].map((match) => match[1]).filter((value) => value !== 'rosa');
  return keys.length === 0 || keys.includes(cluster.id) || keys.includes(cluster.name);
}

function accountOf(call: Call): Record<string, unknown> {
  const { username } = call.user;
  return {
    kind: 'Account',
    id: 'pergola',
    username,
    email: `${username.replace(/[^a-z0-9]+/gi, '-')}@example.com`,
    organization: { kind: 'Organization', id: 'pergola', external_id: 'pergola', name: 'Pergola' },
  };
}
