import { resourceTypes } from '@pergola/kube-client';
import { describe, expect, test } from 'vitest';
import { type Node, OwnerGraph } from './owner-graph.ts';
import { collect } from './reconcile.ts';

interface NodeFacts {
  readonly owners?: readonly string[];
  readonly finalizers?: readonly string[];
  readonly deleting?: boolean;
  readonly namespace?: string;
  readonly blocking?: boolean;
}

function node(uid: string, facts: NodeFacts = {}): Node {
  return {
    uid,
    type: resourceTypes.configmaps,
    namespace: facts.namespace ?? 'a',
    name: uid,
    owners: (facts.owners ?? []).map((owner) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: owner,
      uid: owner,
      ...(facts.blocking === undefined ? {} : { blockOwnerDeletion: facts.blocking }),
    })),
    finalizers: facts.finalizers ?? [],
    deleting: facts.deleting ?? false,
  };
}

/** Collects `uid` in a graph of `nodes`; `alive` are owners that only the server knows. */
async function collected(
  uid: string,
  nodes: readonly Node[],
  alive: Record<string, boolean | 'unknown'> = {},
) {
  const graph = new OwnerGraph();
  for (const each of nodes) graph.set(each);
  const subject = graph.get(uid);
  if (!subject) throw new Error('no such node');
  const did: string[] = [];
  await collect({
    node: subject,
    dependents: graph.dependentsOf(uid),
    lookup: (owner) => graph.get(owner),
    ownerExists: async (owner) => alive[owner.uid] ?? false,
    remove: async (target, policy) => void did.push(`remove ${target.uid} ${policy}`),
    disown: async (target, owners) => void did.push(`disown ${target.uid} of ${owners.join()}`),
    removeFinalizer: async (target, finalizer) => void did.push(`unfinalize ${target.uid} ${finalizer}`),
    enqueue: (other) => did.push(`enqueue ${other}`),
  });
  return did;
}

const foreground = { deleting: true, finalizers: ['foregroundDeletion'] };

describe('a dependent', () => {
  test('of an owner that exists stays, whether we or only the server know it', async () => {
    expect(await collected('child', [node('owner'), node('child', { owners: ['owner'] })])).toEqual([]);
    expect(await collected('child', [node('child', { owners: ['owner'] })], { owner: true })).toEqual([]);
  });

  test('of an owner that is gone goes', async () => {
    expect(await collected('child', [node('child', { owners: ['owner'] })])).toEqual([
      'remove child Background',
    ]);
  });

  test('whose owner’s type is unknown stays', async () => {
    expect(await collected('child', [node('child', { owners: ['owner'] })], { owner: 'unknown' })).toEqual(
      [],
    );
  });

  test('of an owner in another namespace is not kept by it', async () => {
    const nodes = [node('owner', { namespace: 'b' }), node('child', { owners: ['owner'] })];
    expect(await collected('child', nodes)).toEqual(['remove child Background']);
  });

  test('of several owners loses those that are gone, and goes with the last', async () => {
    const child = node('child', { owners: ['one', 'two'] });
    expect(await collected('child', [node('one'), child])).toEqual(['disown child of two']);
    expect(await collected('child', [child])).toEqual(['remove child Background']);
  });

  test('of an owner deleted in the foreground goes, with its own dependents first', async () => {
    const nodes = [node('owner', foreground), node('child', { owners: ['owner'] })];
    expect(await collected('child', nodes)).toEqual(['remove child Background']);
    const deeper = [...nodes, node('grandchild', { owners: ['child'] })];
    expect(await collected('child', deeper)).toEqual(['remove child Foreground']);
  });

  test('that is being deleted already is left alone', async () => {
    expect(await collected('child', [node('child', { owners: ['owner'], deleting: true })])).toEqual([]);
  });
});

describe('an owner', () => {
  test('deleted in the foreground waits for dependents that block it, then goes', async () => {
    const owner = node('owner', foreground);
    const blocking = node('child', { owners: ['owner'], blocking: true });
    expect(await collected('owner', [owner, blocking])).toEqual(['enqueue child']);
    const harmless = node('child', { owners: ['owner'], blocking: false });
    expect(await collected('owner', [owner, harmless])).toEqual(['unfinalize owner foregroundDeletion']);
  });

  test('deleted as orphan leaves its dependents behind', async () => {
    const owner = node('owner', { deleting: true, finalizers: ['orphan'] });
    expect(await collected('owner', [owner, node('child', { owners: ['owner'] })])).toEqual([
      'disown child of owner',
      'unfinalize owner orphan',
    ]);
  });
});

test('the graph follows changed owners', () => {
  const graph = new OwnerGraph();
  graph.set(node('child', { owners: ['one'] }));
  graph.set(node('child', { owners: ['two'] }));
  expect(graph.dependentsOf('one')).toEqual([]);
  expect(graph.dependentsOf('two').map(({ uid }) => uid)).toEqual(['child']);
  graph.delete('child');
  expect(graph.dependentsOf('two')).toEqual([]);
});
