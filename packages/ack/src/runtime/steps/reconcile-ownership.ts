// One resource in AWS has one in the cluster that writes it. Those with the same name wait for each other, and what belongs
// to another one is left to it.
import type { StepResult } from '@pergola/controller-kit';
import { TerminalFault } from '../faults.ts';
import { resourceAnnotations } from '../names.ts';
import type { Run } from '../run.ts';
import { removeFinalizer } from '../write/object-writes.ts';

/** Some creations of AWS succeed twice, such as that of a bucket: two resources would both have made it. */
export async function awaitTurn(run: Run): Promise<StepResult> {
  const { kind, wanted } = run;
  const name = wanted.spec[kind.nameField];
  const place = [kind.group, kind.kind, wanted.account, wanted.region, typeof name === 'string' ? name : ''];
  run.atEnd(await run.context.turns.take(place.join('/')));
  return undefined;
}

export async function assertOwnership(run: Run): Promise<StepResult> {
  const arn = run.observed?.arn;
  if (arn === undefined || run.settings.isReadOnly) return undefined;
  const owner = run.isManaged ? claim(run, arn) : ownerOfWhatIsAdopted(run, arn);
  if (owner === undefined || owner === run.key) return undefined;
  // Its key is also the name by which others depend on it.
  run.dependencies.add(owner);
  if (!run.isBeingDeleted) {
    throw new TerminalFault(
      `${arn} belongs to ${describe(owner)}: two resources that describe one would undo each other's changes. ` +
        `Delete one of them, or let this one only read with the annotation ${resourceAnnotations.readOnly}: true`,
      'OwnedByAnother',
    );
  }
  run.say('Normal', 'Released', `AWS keeps ${arn}, which belongs to ${describe(owner)}`);
  await removeFinalizer(run);
  return 'stop';
}

/** Makes the resource the owner unless another one is. Returns the owner's key. */
export function claim({ context, key, object }: Run, arn: string | undefined): string | undefined {
  if (arn === undefined) return undefined;
  return context.owners.claim(arn, key, object.metadata.creationTimestamp ?? '');
}

/** Without a wish to adopt, what exists is refused anyway, in ACK's words. */
function ownerOfWhatIsAdopted(run: Run, arn: string): string | undefined {
  const isAdopting =
    run.settings.adoption !== undefined || run.annotation(resourceAnnotations.adopted) !== undefined;
  return isAdopting ? run.context.owners.ownerOf(arn) : undefined;
}

/** `LogGroup shop/app` of a key. */
function describe(key: string): string {
  const [type = '', namespace = '', name = ''] = key.split('/');
  return `${type.split('.', 1)[0]} ${namespace}/${name}`;
}
