// The endpoint goes into a ConfigMap by a FieldExport, and a pod uses it with the Secret.
import { resourceTypes } from '@pergola/kube-client';
import { apply } from '../apply.ts';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import { endpointOf } from './database.ts';
import { ackKinds } from './resources.ts';
import type { DatabaseScene } from './scene.ts';

/** Keys of the ConfigMap and paths in the resource. */
const exported = { host: '.status.endpoint.address', port: '.status.endpoint.port' } as const;

export async function proveExport(scene: DatabaseScene): Promise<Proof> {
  const { kube, names } = scene;
  const { namespace } = names;
  await apply(kube, resourceTypes.configmaps, { metadata: { name: names.configMap, namespace } });
  for (const [key, path] of Object.entries(exported)) {
    await apply(kube, ackKinds.fieldExports, {
      metadata: { name: `${names.database}-${key}`, namespace },
      spec: {
        from: { path, resource: { group: 'rds.services.k8s.aws', kind: 'DBInstance', name: names.database } },
        to: { kind: 'configmap', name: names.configMap, key },
      },
    });
  }
  const { address, port } = await endpointOf(scene);
  await until({ what: 'the ConfigMap does not hold the endpoint' }, async () => {
    const { data = {} } = await kube.get(resourceTypes.configmaps, { name: names.configMap, namespace });
    return data['host'] === address && data['port'] === String(port) ? data : JSON.stringify(data);
  });
  return { seen: `configmap/${names.configMap} holds host ${address} and port ${port}` };
}

export async function provePodUsesIt(scene: DatabaseScene): Promise<Proof> {
  const { kube, names, run } = scene;
  const { namespace } = names;
  const name = `orders-${run}`;
  const from = (kind: 'configMapKeyRef' | 'secretKeyRef', source: string, key: string) => ({
    valueFrom: { [kind]: { name: source, key } },
  });
  await kube.create(resourceTypes.pods, {
    metadata: { name, namespace, labels: { app: 'orders' } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'app',
          image: 'postgres:14',
          command: [
            'psql',
            '-At',
            '-c',
            `SELECT 'the pod read ' || item FROM orders WHERE item LIKE '%${run}'`,
          ],
          env: [
            { name: 'PGHOST', ...from('configMapKeyRef', names.configMap, 'host') },
            { name: 'PGPORT', ...from('configMapKeyRef', names.configMap, 'port') },
            { name: 'PGUSER', ...from('secretKeyRef', names.secret, 'username') },
            { name: 'PGPASSWORD', ...from('secretKeyRef', names.secret, 'password') },
            { name: 'PGDATABASE', value: 'postgres' },
            { name: 'PGSSLMODE', value: 'require' },
          ],
        },
      ],
    },
  });
  const { phase } = await until({ what: `pod ${name} has not ended` }, async () => {
    const { status = {} } = await kube.get(resourceTypes.pods, { name, namespace });
    return ['Succeeded', 'Failed'].includes(status.phase) ? { phase: status.phase } : JSON.stringify(status);
  });
  const log = String(await kube.raw('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log`)).trim();
  prove(phase === 'Succeeded', `the pod ${phase}: ${log}`);
  prove(log === `the pod read rose arch ${run}`, `the pod printed ${JSON.stringify(log)}`);
  await kube.delete(resourceTypes.pods, { name, namespace });
  return { seen: `psql in pod ${name}: ${log}` };
}
