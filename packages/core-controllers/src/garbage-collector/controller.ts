// The garbage collector: objects go when their owners have gone, in the order and manner that was asked for.
import { type Controller, startController } from '@pergola/controller-kit';
import { hasCode, type OwnerReference } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { EveryObject } from './every-object.ts';
import { type Node, nodeOf, OwnerGraph } from './owner-graph.ts';
import { collect, foregroundFinalizer, type GarbageRun, orphanFinalizer } from './reconcile.ts';

export function startGarbageCollector(context: ControllerContext): AsyncDisposable {
  const { clock, logger } = context;
  const graph = new OwnerGraph();
  const objects = new EveryObject(context, {
    seen(type, object) {
      const node = nodeOf(type, object);
      if (!node) return;
      graph.set(node);
      if (needsLook(graph, node)) controller.enqueue(node.uid);
    },
    gone(_type, object) {
      const uid = object.metadata.uid ?? '';
      const node = graph.delete(uid);
      for (const dependent of graph.dependentsOf(uid)) controller.enqueue(dependent.uid);
      // Owners that waited for this one.
      for (const owner of node?.owners ?? [])
        if (graph.get(owner.uid)?.deleting) controller.enqueue(owner.uid);
    },
  });
  const actions = createActions(context, objects);
  const controller: Controller = startController({
    name: 'garbage-collector',
    watches: [],
    async reconcile(uid) {
      const node = graph.get(uid);
      if (!node) return undefined;
      await collect({
        node,
        dependents: graph.dependentsOf(uid),
        lookup: (owner) => graph.get(owner),
        enqueue: (dependent) => controller.enqueue(dependent),
        ...actions,
      });
      return undefined;
    },
    clock,
    logger,
  });
  return {
    async [Symbol.asyncDispose]() {
      await controller[Symbol.asyncDispose]();
      await objects[Symbol.asyncDispose]();
    },
  };
}

/** An owner is missing or leaving, or it is leaving itself and must be helped. */
function needsLook(graph: OwnerGraph, { owners, deleting, finalizers }: Node): boolean {
  if (deleting) return finalizers.includes(foregroundFinalizer) || finalizers.includes(orphanFinalizer);
  return owners.some(({ uid }) => {
    const owner = graph.get(uid);
    return !owner || (owner.deleting && owner.finalizers.includes(foregroundFinalizer));
  });
}

type Actions = Pick<GarbageRun, 'ownerExists' | 'remove' | 'disown' | 'removeFinalizer'>;

function createActions({ client }: ControllerContext, objects: EveryObject): Actions {
  /** Merge-patches metadata, as computed from the live object; what has gone needs nothing. */
  const patchLive = async (
    node: Node,
    change: (live: { finalizers: string[]; owners: OwnerReference[] }) => object,
  ) => {
    const live = await client.find(node.type, node);
    if (!live || live.metadata.uid !== node.uid) return;
    const { finalizers = [], ownerReferences: owners = [], uid, resourceVersion } = live.metadata;
    const body = { metadata: { ...change({ finalizers, owners }), uid, resourceVersion } };
    await ignoring404(client.patch(node.type, node, { kind: 'merge', body }));
  };
  return {
    async ownerExists(owner, dependent) {
      const type = objects.typeOf(owner.apiVersion, owner.kind);
      if (!type) return 'unknown';
      const namespace = type.namespaced ? dependent.namespace : undefined;
      // A cluster-scoped object cannot be owned by one of a namespace.
      if (type.namespaced && namespace === undefined) return 'unknown';
      const live = await client.find(type, { name: owner.name, namespace });
      return live?.metadata.uid === owner.uid;
    },
    async remove(node, propagationPolicy) {
      try {
        await client.delete(node.type, node, { uid: node.uid, propagationPolicy });
      } catch (error) {
        // Gone, or another object of that name.
        if (!hasCode(error, 404) && !hasCode(error, 409)) throw error;
      }
    },
    disown: (node, ownerUids) =>
      patchLive(node, ({ owners }) => ({
        ownerReferences: owners.filter(({ uid }) => !ownerUids.includes(uid)),
      })),
    removeFinalizer: (node, finalizer) =>
      patchLive(node, ({ finalizers }) => ({ finalizers: finalizers.filter((each) => each !== finalizer) })),
  };
}

async function ignoring404(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!hasCode(error, 404)) throw error;
  }
}
