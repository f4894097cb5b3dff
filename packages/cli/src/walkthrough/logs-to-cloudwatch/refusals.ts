// What must fail, and what the forwarder's status says of it: a permission that is missing, and a trust that is wrong.
import { printable, shortenWords } from '../../output/printable.ts';
import { conditionOf, renderCondition } from '../condition.ts';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import { allowPut, forbidPut, roleArn, trustOnly } from './account-side.ts';
import { eventsWith, proveAllLines } from './arrival.ts';
import { loggingResources } from './logging-resources.ts';
import { restartCollector } from './operator.ts';
import { groupOf, type LogsScene } from './scene.ts';
import { lineCount, markOf, startWriting, type Writing } from './workload.ts';

function writing({ names }: LogsScene, title: string): Writing {
  return { namespace: names.shop, title, level: 'info', bursts: [5, 5, 5, 5] };
}

/** Waits until the forwarder says that it does not deliver, in words that hold all of `words`. */
async function refusalWith({ kube, names }: LogsScene, words: readonly string[]): Promise<string> {
  const { message } = await until({ what: 'the status does not name the cause' }, async () => {
    const ref = { name: 'instance', namespace: names.namespace };
    const condition = conditionOf(await kube.get(loggingResources.forwarders, ref), 'Delivering');
    const text = renderCondition(condition);
    if (condition?.status !== 'False') return text;
    return words.every((word) => text.includes(word)) ? { message: text } : text;
  });
  return message;
}

/**
 * The parts of the status's message as lines. AWS's own sentence is left out, for the evidence holds all that it says;
 * names of streams and a policy's text lose their middle.
 */
function detailsOf(message: string): string[] {
  return message
    .split('; ')
    .filter((part) => !part.startsWith('the answer was: '))
    .flatMap((part) => (/^(?:action|role) /.test(part) ? part.split(', ') : [part]))
    .map((part) => shortenWords(printable(part), 84));
}

async function proveNothingArrived(scene: LogsScene, title: string): Promise<void> {
  const events = await eventsWith(scene, groupOf(scene, scene.names.shop), markOf(scene, title));
  prove(events.length === 0, `${events.length} lines arrived all the same`);
}

export async function provePermissionNeeded(scene: LogsScene): Promise<Proof> {
  await forbidPut(scene);
  await startWriting(scene, writing(scene, 'forbidden'));
  const told = await refusalWith(scene, ['logs:PutLogEvents', 'log-group:', scene.names.role]);
  await proveNothingArrived(scene, 'forbidden');
  return {
    seen: 'nothing arrives, and the status names the permission, the resource and the role',
    details: detailsOf(told),
  };
}

export async function proveNothingLost(scene: LogsScene): Promise<Proof> {
  await allowPut(scene);
  const lines = writing(scene, 'forbidden');
  const { repeated } = await proveAllLines(scene, lines);
  return {
    seen: `delivery resumed: ${lineCount(lines)} lines that had waited are there, none missing, ${repeated} twice`,
  };
}

export async function proveTrustNeeded(scene: LogsScene): Promise<Proof> {
  await trustOnly(scene, 'somebody-else');
  // The session that it holds would live on for an hour, as on AWS: a new collector has to ask again.
  await restartCollector(scene);
  await startWriting(scene, writing(scene, 'untrusted'));
  const told = await refusalWith(scene, [
    'sts:AssumeRoleWithWebIdentity',
    `${scene.names.namespace}:${scene.names.serviceAccount}`,
  ]);
  await proveNothingArrived(scene, 'untrusted');
  return {
    seen: 'nothing arrives, and the status names the link of the trust chain',
    details: detailsOf(told),
  };
}

export async function proveTrustMended(scene: LogsScene): Promise<Proof> {
  await trustOnly(scene, scene.names.serviceAccount);
  const lines = writing(scene, 'untrusted');
  const { repeated } = await proveAllLines(scene, lines);
  return {
    seen: `${roleArn(scene)} is assumed again: ${lineCount(lines)} lines, none missing, ${repeated} twice`,
  };
}
