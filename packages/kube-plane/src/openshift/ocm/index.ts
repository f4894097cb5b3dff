// The part of OpenShift Cluster Manager's API that `rosa` reads about this cluster. Source: recorded rosa calls.
import type { Answer, Call, Plane } from '../../contract.ts';
import { jsonAnswer } from '../../render/status.ts';
import { clusterOf, regionOf } from './cluster.ts';

const CLUSTERS = '/api/clusters_mgmt/v1';
const ACCOUNTS = '/api/accounts_mgmt/v1';

/** Undefined for paths that OCM has and this sandbox has not. */
export function ocmAnswer(call: Call, plane: Plane): Answer | undefined {
  const { path } = call.info;
  if (call.method === 'POST') return path === `${CLUSTERS}/events` ? jsonAnswer(201, {}) : undefined;
  if (call.method !== 'GET') return undefined;
  const { cluster } = plane;
  const own = `${CLUSTERS}/clusters/${cluster.id}`;
  switch (path) {
    case `${CLUSTERS}/clusters`:
      return listAnswer('ClusterList', matches(call, plane) ? [clusterOf(plane)] : []);
    case own:
      return jsonAnswer(200, clusterOf(plane));
    case `${CLUSTERS}/cloud_providers/aws/regions`:
      return listAnswer('CloudRegionList', [regionOf(plane)]);
    case `${own}/migrations`:
      return listAnswer('ClusterMigrationList', []);
    case `${own}/upgrade_policies`:
      return listAnswer('UpgradePolicyList', []);
    case `${own}/control_plane/upgrade_policies`:
      return listAnswer('ControlPlaneUpgradePolicyList', []);
    case `${own}/ingresses`:
      return listAnswer('IngressList', []);
    case `${own}/machine_pools`:
      return listAnswer('MachinePoolList', []);
    case `${own}/node_pools`:
      return listAnswer('NodePoolList', []);
    case `${ACCOUNTS}/subscriptions/${cluster.id}`:
      return jsonAnswer(200, {
        kind: 'Subscription',
        id: cluster.id,
        href: path,
        cluster_id: cluster.id,
        status: 'Active',
        managed: true,
        display_name: cluster.name,
      });
    case `${ACCOUNTS}/current_account`:
      return jsonAnswer(200, accountOf(call));
    default:
      return undefined;
  }
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
