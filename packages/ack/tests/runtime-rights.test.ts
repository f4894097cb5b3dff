// The operator has the rights of its package and no others: the server refuses what they do not cover.
import { createKubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ackPackagesOf } from '../src/operator/catalog/packages.ts';
import { fieldExports } from '../src/runtime/cluster/custom-types.ts';
import { group, thingKind } from './runtime-kind.ts';
import { type Cluster, eventually, namespace, startCluster } from './runtime-setup.ts';

const { serviceaccounts, clusterroles, clusterrolebindings, configmaps } = resourceTypes;
const kinds = [thingKind()];

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster(kinds);
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function clientOfOperator() {
  const [offered] = ackPackagesOf(kinds, async () => kinds.map(({ crd }) => crd));
  const [bundle] = Object.values(offered?.bundles ?? {});
  const rules: unknown = bundle?.csv['spec'].install.spec.clusterPermissions[0].rules;
  const name = 'ack-controller';
  const { client } = cluster;
  await client.create(serviceaccounts, { metadata: { name, namespace: 'ack-system' } });
  await client.create(clusterroles, { metadata: { name }, rules });
  await client.create(clusterrolebindings, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'ack-system' }],
  });
  const request: KubeResource = { metadata: { name, namespace: 'ack-system' }, spec: {} };
  const { status } = await client.create(serviceaccounts, request, 'token');
  return createKubeClient({ ...cluster.server, token: status.token, userAgent: 'operator' });
}

test('all that it does, it may do', async () => {
  await using client = await clientOfOperator();
  const leaderElection = { namespace: 'ack-system', identity: 'one', onLost: () => {} };
  await using operator = await cluster.operator({ client, leaderElection, statusPort: 0 });
  const asked = async (path: string) => {
    const response = await fetch(`${operator.statusUrl}${path}`);
    return [response.status, await response.text()] as const;
  };
  await cluster.apply('one', { name: 'one', size: 1 });
  await cluster.client.create(fieldExports, {
    metadata: { name: 'size', namespace },
    spec: {
      from: { path: '.spec.size', resource: { group, kind: 'Thing', name: 'one' } },
      to: { kind: 'configmap', name: 'app', key: 'SIZE' },
    },
  });
  await eventually(
    async () => (await cluster.client.find(configmaps, { name: 'app', namespace }))?.['data'],
  ).toEqual({
    SIZE: '1',
  });
  await eventually(
    async () =>
      (await cluster.client.get(fieldExports, { name: 'size', namespace }))['status']?.conditions.length,
  ).toBe(2);
  await eventually(() => cluster.events('one')).toHaveLength(1);
  await cluster.client.delete(cluster.type, { name: 'one', namespace });
  await eventually(() => cluster.get('one')).toBeUndefined();
  expect(await asked('/healthz')).toEqual([200, 'ok']);
  expect(await asked('/readyz')).toEqual([200, 'ok']);
  expect((await asked('/metrics?any'))[1]).toContain(
    'ack_outbound_api_requests_total{service="things",op_type="DELETE",op_id="DeleteThing"} 1',
  );
  expect((await asked('/secrets'))[0]).toBe(404);
});
