// DELETE of one object: preconditions, grace, finalizers by propagation policy, then the deletion itself.
import { isRecord } from '@pergola/kernel';
import type { Call, Handler } from '../contract.ts';
import { faults, fieldFaults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { objectAnswer } from '../render/object-answer.ts';
import { jsonAnswer, successObject } from '../render/status.ts';
import { decodeBody } from '../request/body.ts';
import { keyOf } from '../storage/keys.ts';
import { putObject, readObject, type Stored } from '../storage/objects.ts';
import { isDeletable } from './termination.ts';
import { admissionRequest, resourceName, timestamp, type Write, writeOf } from './write.ts';

const ATTEMPTS_MAX = 5;
/** About 68 years. */
const GRACE_SECONDS_MAX = 2 ** 31;
const POLICIES = ['Orphan', 'Background', 'Foreground'];

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly dryRun: boolean;
}

export const deleteVerb: Handler = async (call, definition, plane) => {
  const options = await deleteOptionsOf(call);
  const write = withDryRun(writeOf(call, definition, plane), options);
  const { object, gone } = await deleteObject(write, call.info.name, options);
  if (!gone || definition.deleteReturnsObject) {
    return objectAnswer(call, definition, plane, { status: 200, object });
  }
  const { name, uid } = object.metadata;
  return jsonAnswer(
    200,
    successObject({
      name,
      ...(definition.group === '' ? {} : { group: definition.group }),
      kind: definition.plural,
      ...(uid === undefined ? {} : { uid }),
    }),
  );
};

/** A dry run may be asked for in the body too. */
export function withDryRun(write: Write, options: DeleteOptions): Write {
  return { ...write, options: { ...write.options, dryRun: write.options.dryRun || options.dryRun } };
}

export interface Deleted {
  /** The last state, or the state that now terminates. */
  readonly object: KubeObject;
  readonly gone: boolean;
}

/** Deletes the object or begins its termination; throws 404, 409 and what admission says. */
export async function deleteObject(write: Write, name: string, options: DeleteOptions): Promise<Deleted> {
  const { definition, plane } = write;
  for (let attempt = 1; ; attempt++) {
    const current = readObject(plane.store, definition, write.namespace, name);
    if (!current) throw faults.notFound(resourceName(definition), name);
    assertPreconditions(write, current.object, options);
    const request = admissionRequest(write, 'DELETE', { oldObject: structuredClone(current.object) });
    await plane.admission.mutate(request);
    await plane.admission.validate(request);
    const done = await terminate(write, current, options);
    if (done) return done;
    if (attempt >= ATTEMPTS_MAX) throw faults.staleWrite(resourceName(definition), name);
  }
}

/** Undefined when somebody else wrote the object meanwhile. */
async function terminate(
  write: Write,
  current: Stored,
  options: DeleteOptions,
): Promise<Deleted | undefined> {
  const { definition, plane } = write;
  const object = structuredClone(current.object);
  const unchanged = !beginTermination(write, object, options);
  const gone = isDeletable(definition, object);
  if ((unchanged && !gone) || write.options.dryRun) return { object, gone };
  const key = keyOf(definition, write.namespace, object.metadata.name);
  const { value } = await plane.store.transact((tx): Deleted | undefined => {
    if (tx.get(key)?.revision !== current.revision) return undefined;
    if (!gone) return { object: putObject(tx, definition, object), gone };
    tx.delete(key);
    return { object: current.object, gone };
  });
  return value;
}

/** Marks the object as terminating, in place. False when it already was, just so. */
function beginTermination(write: Write, object: KubeObject, options: DeleteOptions): boolean {
  const { definition, plane } = write;
  const { metadata } = object;
  const grace = definition.strategy.graceSeconds?.(object, options.gracePeriodSeconds) ?? 0;
  const finalizers = metadata.finalizers?.join();
  applyPropagation(object, options.propagationPolicy);
  if (metadata.deletionTimestamp !== undefined) {
    const shorter = options.gracePeriodSeconds !== undefined && grace < graceLeft(object);
    if (shorter) setGrace(write, object, grace);
    return shorter || finalizers !== metadata.finalizers?.join();
  }
  metadata.deletionTimestamp = timestamp(plane, grace);
  metadata.deletionGracePeriodSeconds = grace;
  if (metadata.generation !== undefined) metadata.generation += 1;
  definition.strategy.beginTermination?.(object);
  return true;
}

function graceLeft(object: KubeObject): number {
  return object.metadata.deletionGracePeriodSeconds ?? 0;
}

function setGrace(write: Write, object: KubeObject, seconds: number): void {
  object.metadata.deletionGracePeriodSeconds = seconds;
  object.metadata.deletionTimestamp = timestamp(write.plane, seconds);
}

function applyPropagation(object: KubeObject, policy: string | undefined): void {
  if (policy === undefined) return;
  const kept = (object.metadata.finalizers ?? []).filter(
    (finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion',
  );
  if (policy === 'Orphan') kept.push('orphan');
  if (policy === 'Foreground') kept.push('foregroundDeletion');
  if (kept.length > 0) object.metadata.finalizers = kept;
  else delete object.metadata.finalizers;
}

function assertPreconditions(write: Write, object: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion, name } = object.metadata;
  const resource = resourceName(write.definition);
  if (options.uid !== undefined && options.uid !== uid) {
    throw faults.conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${uid}`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    throw faults.conflict(
      resource,
      name,
      `Precondition failed: ResourceVersion in precondition: ${options.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`,
    );
  }
}

/** From the body when there is one, else from the query. Throws 400 and 422. */
export async function deleteOptionsOf(call: Call): Promise<DeleteOptions> {
  const body = (await call.body()).length > 0 ? (await decodeBody(call)).value : queryOptions(call);
  if (!isRecord(body)) throw faults.badRequest("couldn't get version/kind; expected DeleteOptions");
  const kind = body['kind'] ?? '';
  if (kind !== '' && kind !== 'DeleteOptions') {
    throw faults.badRequest('decoded object cannot be converted to DeleteOptions');
  }
  const { gracePeriodSeconds, preconditions, dryRun } = body;
  const wanted = isRecord(preconditions) ? preconditions : {};
  return {
    gracePeriodSeconds: graceOf(gracePeriodSeconds),
    propagationPolicy: policyOf(body),
    uid: textOrNone(wanted['uid']),
    resourceVersion: textOrNone(wanted['resourceVersion']),
    dryRun: Array.isArray(dryRun) && dryRun.includes('All'),
  };
}

/** Seconds, none below zero; more than a lifetime is a lifetime. Throws 400 for what is no whole number. */
function graceOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value)) {
    throw faults.badRequest(
      `DeleteOptions in version "v1" cannot be handled as a DeleteOptions: json: cannot unmarshal ${typeof value} into Go struct field DeleteOptions.gracePeriodSeconds of type int64`,
    );
  }
  return Math.min(Math.max(0, Number(value)), GRACE_SECONDS_MAX);
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** propagationPolicy, or what the older orphanDependents means. */
function policyOf(body: Record<string, unknown>): string | undefined {
  const { orphanDependents } = body;
  const older = orphanDependents === true ? 'Orphan' : orphanDependents === false ? 'Background' : undefined;
  const policy = textOrNone(body['propagationPolicy']) ?? older;
  if (policy === undefined || POLICIES.includes(policy)) return policy;
  throw faults.invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
    fieldFaults.unsupported('propagationPolicy', policy, ['Foreground', 'Background', 'Orphan', 'nil']),
  ]);
}

function queryOptions({ query }: Call): Record<string, unknown> {
  const grace = query.get('gracePeriodSeconds');
  return {
    ...(grace !== null && /^\d{1,9}$/.test(grace) ? { gracePeriodSeconds: Number(grace) } : {}),
    ...(query.has('propagationPolicy') ? { propagationPolicy: query.get('propagationPolicy') } : {}),
    ...(query.has('orphanDependents') ? { orphanDependents: query.get('orphanDependents') === 'true' } : {}),
  };
}
