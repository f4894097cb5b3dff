// What must fail, and what the resource says of it: a permission that is missing.
import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { systemClock } from '@pergola/kernel';
import { printable, shortenWords } from '../../output/printable.ts';
import { hasName } from '../role.ts';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import { ackKinds, synced, told } from './resources.ts';
import type { DatabaseScene } from './scene.ts';

const action = 'rds:ModifyDBInstance';
const denial = 'demo-without-modify';

function refOf({ names }: DatabaseScene) {
  return { name: names.database, namespace: names.namespace };
}

/** Asks for something that the database does not have now. */
async function askForChange(scene: DatabaseScene): Promise<void> {
  const { kube } = scene;
  const { spec } = await kube.get(ackKinds.dbInstances, refOf(scene));
  const body = { spec: { copyTagsToSnapshot: spec?.copyTagsToSnapshot !== true } };
  await kube.patch(ackKinds.dbInstances, refOf(scene), { kind: 'merge', body });
}

export async function provePermissionNeeded(scene: DatabaseScene): Promise<Proof> {
  const { iam, kube, names } = scene;
  const statement = { Effect: 'Deny', Action: action, Resource: '*' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(
    new PutRolePolicyCommand({ RoleName: names.role, PolicyName: denial, PolicyDocument: document }),
  );
  await askForChange(scene);
  const { message } = await until({ what: 'the resource does not name the permission' }, async () => {
    const text = told(await kube.get(ackKinds.dbInstances, refOf(scene)));
    return text.includes(action) && text.includes(names.role) ? { message: text } : text;
  });
  const { items } = await kube.list(eventType, { namespace: names.namespace });
  const event = items.find(
    ({ involvedObject, message: text }) =>
      involvedObject?.name === names.database && String(text).includes(action),
  );
  prove(event, `no Event of the resource names ${action}`);
  return {
    seen: 'the resource and an Event name the action, the resource and the role',
    details: [shortenWords(printable(message), 84)],
  };
}

const eventType = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true };

export async function provePermissionGiven(scene: DatabaseScene): Promise<Proof> {
  const { kube } = scene;
  await liftDenial(scene);
  const body = {
    metadata: { annotations: { 'services.k8s.aws/sync-requested-at': String(systemClock.nowMs()) } },
  };
  await kube.patch(ackKinds.dbInstances, refOf(scene), { kind: 'merge', body });
  const { spec } = await synced(kube, ackKinds.dbInstances, refOf(scene));
  return {
    seen: `copyTagsToSnapshot is ${String(spec?.copyTagsToSnapshot)} in AWS too, without another apply`,
  };
}

/** Takes away what an earlier run that was cut short may have left. */
export async function liftDenial({ iam, names }: DatabaseScene): Promise<void> {
  const policy = { RoleName: names.role, PolicyName: denial };
  await iam.send(new DeleteRolePolicyCommand(policy)).catch((error: unknown) => {
    if (!hasName(error, 'NoSuchEntityException')) throw error;
  });
}
