// PUT, and the loop under PUT and PATCH: read, change, check, and store if nobody else has written meanwhile.
import { jsonEqual } from '@pergola/kernel';
import type { Handler } from '../contract.ts';
import { faults, fieldFaults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { objectAnswer } from '../render/object-answer.ts';
import { keyOf } from '../storage/keys.ts';
import { putObject, readObject, type Stored } from '../storage/objects.ts';
import { metaUpdateFaults } from '../validation/object-meta.ts';
import { createObject } from './create.ts';
import { decodeObject, settle } from './decode-object.ts';
import { isDeletable } from './termination.ts';
import { trackFields } from './track-fields.ts';
import {
  admissionRequest,
  assertValid,
  kindName,
  resourceName,
  strategyContext,
  type Write,
  writeOf,
} from './write.ts';

/** As upstream: a patch that carries no resourceVersion is tried again this often. */
const ATTEMPTS_MAX = 5;

export const update: Handler = async (call, definition, plane) => {
  const write = writeOf(call, definition, plane);
  const decoded = await decodeObject(write);
  assertNames(write, decoded, call.info.name);
  if (definition.createOnUpdate && !readObject(plane.store, definition, write.namespace, call.info.name)) {
    const object = await createObject(write, decoded);
    return objectAnswer(call, definition, plane, { status: 201, object });
  }
  const object = await updateObject(write, call.info.name, {
    next: (current) => trackFields(write, current, structuredClone(decoded)),
  });
  return objectAnswer(call, definition, plane, { status: 200, object });
};

/** How an update comes to its new object. */
export interface Change {
  /** The object as wanted, from a copy of the current one; tracked fields included. */
  readonly next: (current: KubeObject) => KubeObject | Promise<KubeObject>;
  /** Replaces the kind's preparation, for subresources that write only a part. */
  readonly prepare?: (object: KubeObject, previous: KubeObject) => void;
  /** True when `prepare` alone decides what may change: the kind's immutability rules are not asked. */
  readonly isTrusted?: boolean;
}

/** Updates the named object; throws 404, 409, 422 and whatever admission says. */
export async function updateObject(write: Write, name: string, change: Change): Promise<KubeObject> {
  const { definition, plane } = write;
  for (let attempt = 1; ; attempt++) {
    const current = readObject(plane.store, definition, write.namespace, name);
    if (!current) throw faults.notFound(resourceName(definition), name);
    const previous = current.object;
    const next = await change.next(structuredClone(previous));
    assertVersion(write, next, current);
    const request = admissionRequest(write, 'UPDATE', { object: next, oldObject: previous });
    const object = settle(definition, next, await plane.admission.mutate(request));
    prepareForUpdate(write, object, previous, change);
    const context = strategyContext(write);
    await assertValid(write, object, previous, () => [
      ...metaUpdateFaults(object, previous),
      ...(change.isTrusted ? [] : (definition.strategy.validateUpdate?.(object, previous, context) ?? [])),
    ]);
    definition.strategy.authorizeWrite?.(object, context);
    await plane.admission.validate(admissionRequest(write, 'UPDATE', { object, oldObject: previous }));
    if (jsonEqual(object, previous)) return previous;
    const stored = await replace(write, current, object);
    if (stored) return stored;
    // A pinned resourceVersion no longer fits at the next attempt, which then says so.
    if (attempt >= ATTEMPTS_MAX) throw faults.staleWrite(resourceName(definition), name);
  }
}

/** Undefined when the stored object is no longer the one that was read. */
async function replace(write: Write, current: Stored, object: KubeObject): Promise<KubeObject | undefined> {
  const { definition, plane } = write;
  if (write.options.dryRun) return object;
  const key = keyOf(definition, write.namespace, object.metadata.name);
  const { value } = await plane.store.transact((tx) => {
    if (tx.get(key)?.revision !== current.revision) return undefined;
    if (!isDeletable(definition, object)) return putObject(tx, definition, object);
    // The last finalizer has gone: this update is the deletion.
    object.metadata.resourceVersion = String(tx.revision);
    tx.delete(key);
    return object;
  });
  return value;
}

function assertVersion(write: Write, next: KubeObject, current: Stored): void {
  const { definition } = write;
  const wanted = next.metadata.resourceVersion ?? '';
  const name = current.object.metadata.name;
  if (
    next.metadata.uid !== undefined &&
    next.metadata.uid !== '' &&
    next.metadata.uid !== current.object.metadata.uid
  ) {
    throw faults.conflict(
      resourceName(definition),
      name,
      `Precondition failed: UID in precondition: ${next.metadata.uid}, UID in object meta: ${current.object.metadata.uid}`,
    );
  }
  if (wanted === '') {
    if (definition.unconditionalUpdate) return;
    throw faults.invalid(kindName(definition), name, [
      fieldFaults.invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (wanted !== current.object.metadata.resourceVersion)
    throw faults.staleWrite(resourceName(definition), name);
}

/** Restores what an update may not touch, then lets the kind do its part. */
function prepareForUpdate(write: Write, object: KubeObject, previous: KubeObject, change: Change): void {
  const { definition } = write;
  restoreSystemFields(object, previous);
  if (definition.namespaced) object.metadata.namespace ??= write.namespace;
  if (change.prepare) {
    change.prepare(object, previous);
    return;
  }
  if (definition.hasStatus) assignOrDelete(object, 'status', previous['status']);
  definition.strategy.prepareForUpdate?.(object, previous, strategyContext(write));
  if (definition.hasGeneration && contentChanged(object, previous, definition.hasStatus)) {
    object.metadata.generation = (previous.metadata.generation ?? 0) + 1;
  }
}

const KEPT = ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'resourceVersion'] as const;

/** A client that leaves a system field out means no change; some it cannot change at all. */
function restoreSystemFields({ metadata }: KubeObject, { metadata: before }: KubeObject): void {
  for (const key of KEPT) assignOrDelete(metadata, key, before[key]);
  if (metadata.uid === undefined) assignOrDelete(metadata, 'uid', before.uid);
  const { creationTimestamp } = metadata;
  if (creationTimestamp === undefined || sameSecond(creationTimestamp, before.creationTimestamp)) {
    assignOrDelete(metadata, 'creationTimestamp', before.creationTimestamp);
  }
}

/** JavaScript clients send back milliseconds, which metav1.Time does not have. */
function sameSecond(left: string | undefined, right: string | undefined): boolean {
  const seconds = (text: string | undefined) => Math.floor(Date.parse(text ?? '') / 1000);
  return seconds(left) === seconds(right);
}

/** Sets `key`, or removes it when `value` is undefined. */
export function assignOrDelete(target: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

/** Whether anything outside metadata (and status, when it is a subresource) differs. */
function contentChanged(object: KubeObject, previous: KubeObject, hasStatus: boolean): boolean {
  const strip = ({ metadata: _metadata, status, ...rest }: KubeObject) =>
    hasStatus ? rest : { ...rest, status };
  return !jsonEqual(withoutUndefined(strip(object)), withoutUndefined(strip(previous)));
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

export function assertNames(write: Write, object: KubeObject, name: string): void {
  const { metadata } = object;
  if ((metadata.name ?? '') === '') metadata.name = name;
  if (metadata.name !== name) {
    throw faults.badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  const namespace = metadata.namespace ?? '';
  if (namespace !== '' && namespace !== write.namespace) {
    throw faults.badRequest(
      `the namespace of the object (${namespace}) does not match the namespace on the URL (${write.namespace})`,
    );
  }
  if (write.definition.namespaced) metadata.namespace = write.namespace;
}
