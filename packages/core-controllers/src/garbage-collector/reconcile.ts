// What becomes of one object: kept, freed of owners that are gone, deleted with its last owner, or let go once its
// dependents are. The rules are those of kube-controller-manager's garbage collector.
import type { OwnerReference } from '@pergola/kube-client';
import type { Node } from './owner-graph.ts';

export const orphanFinalizer = 'orphan';
export const foregroundFinalizer = 'foregroundDeletion';

type Policy = 'Foreground' | 'Background' | 'Orphan';

export interface GarbageRun {
  readonly node: Node;
  readonly dependents: readonly Node[];
  /** The owner's node, when it is known. */
  readonly lookup: (uid: string) => Node | undefined;
  /** Asks the server: whether the owner exists with that uid. `unknown` when its type cannot be resolved. */
  readonly ownerExists: (owner: OwnerReference, dependent: Node) => Promise<boolean | 'unknown'>;
  readonly remove: (node: Node, policy: Policy) => Promise<void>;
  /** Takes these owners from the object's references. */
  readonly disown: (node: Node, ownerUids: readonly string[]) => Promise<void>;
  readonly removeFinalizer: (node: Node, finalizer: string) => Promise<void>;
  /** Has another object looked at. */
  readonly enqueue: (uid: string) => void;
}

/** Decides and acts. */
export async function collect(run: GarbageRun): Promise<void> {
  const { node } = run;
  if (node.deleting && node.finalizers.includes(orphanFinalizer)) await orphanDependents(run);
  else if (node.deleting && node.finalizers.includes(foregroundFinalizer)) await awaitDependents(run);
  else if (!node.deleting && node.owners.length > 0) await judge(run);
}

/** Deleted with policy Orphan: the dependents live on without it. */
async function orphanDependents({ node, dependents, disown, removeFinalizer }: GarbageRun): Promise<void> {
  await Promise.all(dependents.map((dependent) => disown(dependent, [node.uid])));
  await removeFinalizer(node, orphanFinalizer);
}

/** Deleted with policy Foreground: it goes after all dependents that block it. */
async function awaitDependents({ node, dependents, removeFinalizer, enqueue }: GarbageRun): Promise<void> {
  const blocking = dependents.filter(({ owners }) =>
    owners.some(({ uid, blockOwnerDeletion }) => uid === node.uid && blockOwnerDeletion),
  );
  if (blocking.length === 0) await removeFinalizer(node, foregroundFinalizer);
  else for (const { uid, deleting } of dependents) if (!deleting) enqueue(uid);
}

async function judge(run: GarbageRun): Promise<void> {
  const { node, dependents } = run;
  const states = await Promise.all(
    node.owners.map(async (owner) => ({ owner, state: await stateOf(run, owner) })),
  );
  const gone = states.filter(({ state }) => state !== 'solid');
  if (gone.length === 0) return;
  if (gone.length < states.length) {
    await run.disown(
      node,
      gone.map(({ owner }) => owner.uid),
    );
    return;
  }
  const waited = gone.some(({ state }) => state === 'waiting');
  await run.remove(node, waited && dependents.length > 0 ? 'Foreground' : policyOf(node));
}

/** `solid` keeps its dependents; `waiting` is an owner that waits for them to go; `absent` is gone. */
async function stateOf(run: GarbageRun, owner: OwnerReference): Promise<'solid' | 'waiting' | 'absent'> {
  const known = run.lookup(owner.uid);
  if (known && (known.namespace === undefined || known.namespace === run.node.namespace)) {
    return known.deleting && known.finalizers.includes(foregroundFinalizer) ? 'waiting' : 'solid';
  }
  // Our picture may lag behind; the server decides. A type that it does not have (any more) keeps its objects.
  return (await run.ownerExists(owner, run.node)) === false ? 'absent' : 'solid';
}

/** A finalizer left by an earlier deletion tells how it was meant. */
function policyOf({ finalizers }: Node): Policy {
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}
