// Deleting a resource whose deletion would lose data: AWS keeps it, unless a policy says otherwise.
import { AwsError, callOperation } from '@pergola/aws-client';
import { apply } from '../apply.ts';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import { ackKinds, synced } from './resources.ts';
import type { DatabaseScene } from './scene.ts';

const name = 'short-lived-database';

async function applyDatabase(
  { kube, names }: DatabaseScene,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  await apply(kube, ackKinds.dbInstances, {
    metadata: { name, namespace: names.namespace, annotations },
    spec: {
      allocatedStorage: 20,
      dbInstanceClass: 'db.t3.micro',
      dbInstanceIdentifier: name,
      engine: 'postgres',
      engineVersion: '14',
      masterUsername: names.user,
      masterUserPassword: { name: names.secret, key: 'password' },
    },
  });
}

async function deleteResource({ kube, names }: DatabaseScene): Promise<void> {
  const ref = { name, namespace: names.namespace };
  await kube.delete(ackKinds.dbInstances, ref);
  await until({ what: `dbinstance/${name} is still there` }, async () => {
    const found = await kube.find(ackKinds.dbInstances, ref);
    return found ? `its finalizers are ${JSON.stringify(found.metadata.finalizers)}` : {};
  });
}

/** The status of the database in AWS; undefined when there is none. */
async function statusInAws({ aws }: DatabaseScene): Promise<string | undefined> {
  try {
    const input = { DBInstanceIdentifier: name };
    const { output } = await callOperation(aws, { service: 'rds', operation: 'DescribeDBInstances', input });
    const [found] = output['DBInstances'] as readonly { readonly DBInstanceStatus?: string }[];
    return found?.DBInstanceStatus;
  } catch (error) {
    if (error instanceof AwsError && error.status === 404) return undefined;
    throw error;
  }
}

export async function proveDatabaseKept(scene: DatabaseScene): Promise<Proof> {
  const { kube, names } = scene;
  const adopt = { 'services.k8s.aws/adoption-policy': 'adopt-or-create' };
  await applyDatabase(scene, adopt);
  await synced(kube, ackKinds.dbInstances, { name, namespace: names.namespace });
  await deleteResource(scene);
  const status = await statusInAws(scene);
  prove(status === 'available', `the database is ${status ?? 'gone'}`);
  return { seen: `dbinstance/${name} is gone, its database is ${status}: databases are retained by default` };
}

export async function proveDatabaseDeleted(scene: DatabaseScene): Promise<Proof> {
  const { kube, names } = scene;
  await applyDatabase(scene, {
    'services.k8s.aws/adoption-policy': 'adopt-or-create',
    'services.k8s.aws/deletion-policy': 'delete',
  });
  await synced(kube, ackKinds.dbInstances, { name, namespace: names.namespace });
  await deleteResource(scene);
  const status = await statusInAws(scene);
  prove(status === undefined, `the database is still ${status}`);
  return { seen: `with deletion-policy delete, dbinstance/${name} and its database are gone` };
}
