// Writes to the resource itself: patches of metadata and spec, and its status. Each leaves the run with the object as
// the API server has it then.
import { mergePatchOf } from '@pergola/controller-kit';
import { isRecord, jsonEqual } from '@pergola/kernel';
import { hasCode, type KubeResource } from '@pergola/kube-client';
import type { JsonObject } from '../../kind/kind.ts';
import { concernsUs } from '../concern.ts';
import { type Condition, conditionsOf } from '../conditions.ts';
import { finalizerIn, finalizerOf, restlessFields } from '../names.ts';
import type { Run } from '../run.ts';

/** Patches metadata or spec, bound to the version that was read: whoever was faster wins, and the run is repeated. */
export async function patchObject(run: Run, patch: { metadata?: object; spec?: object }): Promise<void> {
  const { uid, resourceVersion } = run.object.metadata;
  const body = { ...patch, metadata: { ...patch.metadata, uid, resourceVersion } };
  run.object = await send(run, body, undefined);
  run.generation = run.object.metadata.generation;
}

/** Says with the finalizer that what is made in AWS now is ours. */
export async function addFinalizer(run: Run): Promise<void> {
  if (run.isManaged) return;
  await patchObject(run, { metadata: { finalizers: finalizerIn(run.kind, run.object) } });
}

/** Lets the resource go; one that is gone already is no error. */
export async function removeFinalizer(run: Run): Promise<void> {
  if (!run.isManaged) return;
  const finalizers = (run.object.metadata.finalizers ?? []).filter((name) => name !== finalizerOf(run.kind));
  try {
    await patchObject(run, { metadata: { finalizers } });
  } catch (error) {
    if (!hasCode(error, 404)) throw error;
  }
}

/** Sets annotations; undefined takes one away. Nothing is written when they stand there already. */
export async function annotate(
  run: Run,
  annotations: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const entries = Object.entries(annotations).filter(([name, value]) => run.annotation(name) !== value);
  if (entries.length === 0) return;
  const patch = Object.fromEntries(entries.map(([name, value]) => [name, value ?? null]));
  await patchObject(run, { metadata: { annotations: patch } });
}

/** Writes the status when anything in it has changed. Only this controller writes it, so no version binds it. */
export async function writeStatus(run: Run): Promise<void> {
  const before: JsonObject = run.object['status'] ?? {};
  const after = statusOf(run, before);
  const patch = mergePatchOf({ status: before }, { status: after });
  if (patch === undefined || isRestless(patch)) return;
  // A field that the API server does not keep would be sent for ever.
  const wish = JSON.stringify({ ...after, conditions: run.conditions.list(conditionsOf(after), 0) });
  const { remembered } = run;
  if (remembered.sentStatus?.wish === wish && jsonEqual(remembered.sentStatus.stored, before)) return;
  if (!(await sendStatus(run, patch as object, after))) return;
  const stored: unknown = run.object['status'];
  const isWhole = jsonEqual(stored, JSON.parse(JSON.stringify(after)));
  remembered.sentStatus = isWhole ? undefined : { wish, stored };
}

function isRestless(patch: unknown): boolean {
  const fields = isRecord(patch) && isRecord(patch['status']) ? Object.keys(patch['status']) : [];
  return fields.length > 0 && fields.every((name) => restlessFields.includes(name));
}

/** False when there is nothing to remember of it. */
async function sendStatus(run: Run, patch: object, after: JsonObject): Promise<boolean> {
  const { uid } = run.object.metadata;
  try {
    run.object = await send(run, { ...patch, metadata: { uid } }, 'status');
    return true;
  } catch (error) {
    // Deleted meanwhile, and perhaps made anew: its status is not ours to write.
    if (hasCode(error, 404)) return false;
    if (!hasCode(error, 422)) throw error;
    // A definition that is older than we are does not take a field: the conditions must stand there all the same.
    run.context.logger.warn({ key: run.key, because: error.message }, 'the status was refused');
    run.object = await send(
      run,
      { status: { conditions: after['conditions'] }, metadata: { uid } },
      'status',
    );
    return false;
  }
}

function statusOf(run: Run, before: JsonObject): JsonObject {
  const conditions = run.conditions.list(conditionsOf(before), run.context.clock.nowMs());
  const fields = run.observed?.status ?? run.wanted.status;
  const arn = run.observed?.arn ?? run.wanted.arn;
  const metadata = { ...run.metadata, ...(arn === undefined ? {} : { arn }) };
  // ACK's definitions demand region and account in it: before both are known there is none.
  const isOwned = run.metadata['region'] !== undefined;
  return { ...fields, ...(isOwned ? { ackResourceMetadata: metadata } : {}), conditions: asJson(conditions) };
}

function asJson(conditions: readonly Condition[]): readonly JsonObject[] {
  return conditions.map((condition) => ({ ...condition }));
}

async function send(run: Run, body: object, subresource: 'status' | undefined): Promise<KubeResource> {
  const { client, memory, counters } = run.context;
  const { name } = run.object.metadata;
  const stored = await client.patch(
    run.type,
    { namespace: run.namespace, name },
    { kind: 'merge', body, ...(subresource === undefined ? {} : { subresource }) },
  );
  counters.wrote(run.kind.kind, subresource ?? 'metadata');
  // A patch that no version binds may carry back what somebody else has changed meanwhile.
  const isSeen = subresource === undefined || !concernsUs(run.object, stored);
  memory.wrote(run.key, stored.metadata.resourceVersion, isSeen);
  return stored;
}
