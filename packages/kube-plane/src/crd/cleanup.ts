// Ends deleted definitions: deletes their objects, and lets the definition go when none is left.
import type { Plane, ResourceDefinition } from '../contract.ts';
import { KubeStatus } from '../kube-status.ts';
import type { KubeObject } from '../object.ts';
import {
  CLEANUP_FINALIZER,
  customResourceDefinitions,
} from '../resources/apiextensions/custom-resource-definition.ts';
import { prefixOf } from '../storage/keys.ts';
import { systemCall } from '../request/system-call.ts';
import { deleteObject } from '../verbs/delete.ts';
import { updateObject } from '../verbs/update.ts';
import { writeOf } from '../verbs/write.ts';
import { crdSpec } from './custom-resources.ts';

const CRDS = prefixOf(customResourceDefinitions);

/** Watches definitions and their objects; returns the function that stops it. */
export function startCrdCleanup(plane: Plane): () => void {
  let running = false;
  let again = false;
  const sweep = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await sweepOnce(plane);
      } while (again);
    } catch (error) {
      plane.logger.error(
        { error: String(error) },
        'cleaning up a deleted definition failed; the next change tries again',
      );
    } finally {
      running = false;
    }
  };
  const terminating = () =>
    plane.store.list(CRDS).some((entry) => entry.value.includes('"deletionTimestamp"'));
  const stop = plane.store.watch('kube/', plane.store.revision(), (changes) => {
    const concerns = changes.some((change) => change.key.startsWith(CRDS) || change.entry === undefined);
    if (concerns && terminating()) void sweep();
  });
  if (terminating()) void sweep();
  return stop;
}

async function sweepOnce(plane: Plane): Promise<void> {
  for (const entry of plane.store.list(CRDS)) {
    const crd = JSON.parse(entry.value) as KubeObject;
    const held = crd.metadata.finalizers?.includes(CLEANUP_FINALIZER) ?? false;
    if (crd.metadata.deletionTimestamp === undefined || !held) continue;
    const definition = anyVersion(plane, crd);
    if (definition) await deleteAll(plane, definition);
    const left = definition ? plane.store.list(prefixOf(definition), { limit: 1 }).length : 0;
    if (left === 0) await release(plane, crd.metadata.name);
  }
}

function anyVersion(plane: Plane, crd: KubeObject): ResourceDefinition | undefined {
  const { group, names } = crdSpec(crd);
  return plane.resources
    .all()
    .find((each) => each.custom && each.group === group && each.plural === names.plural);
}

async function deleteAll(plane: Plane, definition: ResourceDefinition): Promise<void> {
  for (const entry of plane.store.list(prefixOf(definition))) {
    const { name, namespace = '', deletionTimestamp } = (JSON.parse(entry.value) as KubeObject).metadata;
    if (deletionTimestamp !== undefined) continue;
    const write = { ...writeOf(systemCall('delete'), definition, plane), namespace };
    await ignoringGone(deleteObject(write, name, { dryRun: false }));
  }
}

async function release(plane: Plane, name: string): Promise<void> {
  const write = writeOf(systemCall('update'), customResourceDefinitions, plane);
  const next = (current: KubeObject) => {
    const kept = (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    if (kept.length > 0) current.metadata.finalizers = kept;
    else delete current.metadata.finalizers;
    return current;
  };
  await ignoringGone(updateObject(write, name, { next }));
}

async function ignoringGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    // Somebody else removed it first, which is what was wanted.
    if (!(error instanceof KubeStatus && error.reason === 'NotFound')) throw error;
  }
}
