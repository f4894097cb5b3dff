// Somebody changes the database behind the resource's back.
import { callOperation } from '@pergola/aws-client';
import { systemClock } from '@pergola/kernel';
import { conditionOf } from '../condition.ts';
import type { Proof } from '../step.ts';
import { until } from '../until.ts';
import { ackKinds, synced } from './resources.ts';
import type { DatabaseScene } from './scene.ts';

const wantedDays = 3;
const strangeDays = 9;

export async function proveDrift(scene: DatabaseScene): Promise<Proof> {
  const { kube, aws, names } = scene;
  const ref = { name: names.database, namespace: names.namespace };
  const patch = (body: object) => kube.patch(ackKinds.dbInstances, ref, { kind: 'merge', body });
  await patch({
    metadata: { annotations: { 'services.k8s.aws/drift-policy': 'report' } },
    spec: { backupRetentionPeriod: wantedDays },
  });
  await retentionIs(scene, wantedDays);
  // What is changed before the controller has noted that it applied this would be taken for something yet to be applied.
  await synced(kube, ackKinds.dbInstances, ref, ({ metadata }) => {
    const applied = metadata.annotations?.['services.k8s.aws/applied-generation'];
    return applied === String(metadata.generation) ? undefined : `generation ${applied} is applied`;
  });
  await callOperation(aws, {
    service: 'rds',
    operation: 'ModifyDBInstance',
    input: {
      DBInstanceIdentifier: names.database,
      BackupRetentionPeriod: strangeDays,
      ApplyImmediately: true,
    },
  });
  const startedMs = systemClock.monotonicMs();
  await patch({
    metadata: { annotations: { 'services.k8s.aws/sync-requested-at': String(systemClock.nowMs()) } },
  });
  const { message } = await until({ what: 'the drift is not told' }, async () => {
    const condition = conditionOf(await kube.get(ackKinds.dbInstances, ref), 'Pergola.Drifted');
    return condition?.status === 'True' ? { message: condition.message ?? '' } : 'no condition says so';
  });
  const foundMs = Math.round(systemClock.monotonicMs() - startedMs);
  await patch({ metadata: { annotations: { 'services.k8s.aws/drift-policy': 'mend' } } });
  await retentionIs(scene, wantedDays);
  await synced(kube, ackKinds.dbInstances, ref);
  return {
    seen: `found ${foundMs} ms after it was asked for, reported, and mended when the policy said so`,
    details: [message],
  };
}

function retentionIs({ aws, names }: DatabaseScene, days: number): Promise<object> {
  return until({ what: `the backups are not kept for ${days} days` }, async () => {
    const { output } = await callOperation(aws, {
      service: 'rds',
      operation: 'DescribeDBInstances',
      input: { DBInstanceIdentifier: names.database },
    });
    const [found] = output['DBInstances'] as readonly { readonly BackupRetentionPeriod?: number }[];
    return found?.BackupRetentionPeriod === days
      ? found
      : `they are kept for ${found?.BackupRetentionPeriod} days`;
  });
}
