// The seed's section 2.3: a Secret, a DBInstance, and a real PostgreSQL at the endpoint in its status.
import { systemClock } from '@pergola/kernel';
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { apply } from '../apply.ts';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import { ackKinds, synced } from './resources.ts';
import type { DatabaseScene } from './scene.ts';
import { type Endpoint, runSql } from './sql.ts';

export function passwordOf({ run }: DatabaseScene, which: 'first' | 'second'): string {
  return `demo-${which}-${run}`;
}

export async function writeSecret(scene: DatabaseScene, password: string): Promise<void> {
  const { kube, names } = scene;
  await apply(kube, resourceTypes.secrets, {
    metadata: { name: names.secret, namespace: names.namespace },
    stringData: { username: names.user, password },
  });
}

/** The manifest as the seed prints it, in the namespace that its Secret is in. */
function manifest({ names }: DatabaseScene): KubeResource {
  return {
    metadata: { name: names.database, namespace: names.namespace },
    spec: {
      allocatedStorage: 20,
      dbInstanceClass: 'db.t3.micro',
      dbInstanceIdentifier: names.database,
      engine: 'postgres',
      engineVersion: '14',
      masterUsername: names.user,
      masterUserPassword: { namespace: names.namespace, name: names.secret, key: 'password' },
    },
  };
}

export async function proveDatabase(scene: DatabaseScene): Promise<Proof> {
  const { kube, names } = scene;
  const startedMs = systemClock.monotonicMs();
  await apply(kube, resourceTypes.namespaces, { metadata: { name: names.namespace } });
  await writeSecret(scene, passwordOf(scene, 'first'));
  await apply(kube, ackKinds.dbInstances, manifest(scene));
  const ref = { name: names.database, namespace: names.namespace };
  const database = await synced(kube, ackKinds.dbInstances, ref, endpointMissing);
  const { address, port } = endpointIn(database);
  const seconds = ((systemClock.monotonicMs() - startedMs) / 1_000).toFixed(1);
  const { engineVersion, dbInstanceStatus } = { ...database['spec'], ...database['status'] };
  return {
    seen: `dbinstance/${names.database} is synced and ${dbInstanceStatus} after ${seconds} s, at ${address}:${port}`,
    details: [`engine postgres ${engineVersion}, password from secret/${names.secret}`],
  };
}

function endpointMissing(database: KubeResource): string | undefined {
  return database['status']?.endpoint?.port === undefined ? 'its status has no endpoint' : undefined;
}

function endpointIn(database: KubeResource): Endpoint {
  const { address, port } = database['status'].endpoint;
  return { address, port };
}

/** Where the database listens, from the resource's status. */
export async function endpointOf({ kube, names }: DatabaseScene): Promise<Endpoint> {
  const ref = { name: names.database, namespace: names.namespace };
  return endpointIn(await kube.get(ackKinds.dbInstances, ref));
}

export async function proveSql(scene: DatabaseScene): Promise<Proof> {
  const endpoint = await endpointOf(scene);
  const password = passwordOf(scene, 'first');
  // An earlier run may have left its password in force; the Secret's is on its way then.
  const rows = await until({ what: 'the password of the Secret is not in force' }, () =>
    runSql(scene, endpoint, password, [
      'CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, item text NOT NULL)',
      `INSERT INTO orders (item) VALUES ('rose arch ${scene.run}')`,
      `SELECT item, version() AS version FROM orders WHERE item LIKE '%${scene.run}'`,
    ]).catch((error: Error) => error.message),
  );
  const [row] = rows;
  prove(row?.['item'] === `rose arch ${scene.run}`, `the table holds ${JSON.stringify(rows)}`);
  const refused = await runSql(scene, endpoint, 'guessed', ['SELECT 1']).then(
    () => 'it was let in',
    (error: Error) => error.message,
  );
  prove(refused.startsWith('password authentication failed'), `with a wrong password: ${refused}`);
  return {
    seen: 'a table made, written and read with the password of the Secret',
    details: [String(row['version']).split(',', 1)[0] ?? '', `with another password: ${refused}`],
  };
}
