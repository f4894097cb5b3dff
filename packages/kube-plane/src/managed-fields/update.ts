// Field ownership of ordinary writes: create, update and every patch that is not an apply.
import { isRecord, jsonEqual } from '@pergola/kernel';
import type { KubeObject, ManagedFieldsEntry } from '../object.ts';
import { parseApiVersion } from '../object.ts';
import { resourceSchema } from '../schema/child-schema.ts';
import type { KubeSchema, SchemaSource } from '../schema/schema.ts';
import { type Comparison, compareObjects } from './compare.ts';
import { emptyObject } from './empty-object.ts';
import {
  differenceBeneath,
  differenceOf,
  emptySet,
  type FieldSet,
  isEmptySet,
  setOf,
  unionOf,
} from './field-set.ts';
import { fieldElement } from './fields-v1.ts';
import {
  capUpdaters,
  decodeManagers,
  encodeManagers,
  keyOf,
  type ManagerIdentity,
  type Managers,
  sameOwnership,
  stripUnmanaged,
} from './managers.ts';

/** Who writes, through what, and how the kind looks. */
export interface WriteContext {
  /** Name of the field manager; '' becomes `unknown`. */
  readonly manager: string;
  /** Version in which the request speaks: `apps/v1`. */
  readonly apiVersion: string;
  /** `status`, `scale`; '' for the object itself. */
  readonly subresource?: string;
  /** The instant of the write, RFC 3339 in UTC with seconds. */
  readonly time: string;
  readonly schema: KubeSchema;
  readonly source: SchemaSource;
  /** Dotted paths that this endpoint resets and so does not own: `status` on the object, `spec` on /status. */
  readonly ignoredFields?: readonly string[];
}

/**
 * The managedFields after a write that turned `before` (undefined on create) into `after`. Pure: `after` keeps
 * whatever managedFields it has. A client may replace the list with its own, and clear it with `[{}]`; through a
 * subresource it may not. An object without any managedFields stays without, until its first apply.
 */
export function trackUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  context: WriteContext,
): ManagedFieldsEntry[] {
  const live = decodeManagers(before?.metadata.managedFields) ?? new Map();
  const given = givenManagers(before, after, context) ?? live;
  if (given.size === 0 && before !== undefined) return [];
  const managers: Managers = new Map(given);
  const changed = recordWrite(
    managers,
    { before: withoutManagedFields(before), after: withoutManagedFields(after) },
    context,
  );
  capUpdaters(managers);
  const settled = !changed && sameOwnership(managers, live) ? live : managers;
  return encodeManagers(settled);
}

/** The managers that the written object itself names, when it may and does. */
function givenManagers(
  before: KubeObject | undefined,
  after: KubeObject,
  context: WriteContext,
): Managers | undefined {
  if (before !== undefined && context.subresource) return undefined;
  const entries = after.metadata.managedFields;
  if (!entries || entries.length === 0) return undefined;
  const isReset = entries.length === 1 && isRecord(entries[0]) && Object.keys(entries[0]).length === 0;
  return isReset ? new Map() : decodeManagers(entries);
}

/** Moves ownership for one write and returns whether the object changed. */
export function recordWrite(
  managers: Managers,
  objects: { before: unknown; after: unknown },
  context: WriteContext,
): boolean {
  const { schema, source, time } = context;
  const identity = identityOf(context, 'Update');
  const empty = emptyObject({ ...parseApiVersion(context.apiVersion), kind: kindOf(objects.after) });
  const comparison = compareObjects(
    objects.before ?? empty,
    objects.after,
    resourceSchema(schema, source),
    source,
  );
  const taken = differenceBeneath(
    unionOf(comparison.added, comparison.modified),
    ignoredSet(context.ignoredFields),
  );
  releaseFields(managers, comparison, taken);
  if (!isEmptySet(taken)) {
    const key = keyOf(identity);
    const owned = managers.get(key)?.set ?? emptySet;
    managers.set(key, { ...identity, set: unionOf(owned, taken), time });
  }
  stripUnmanaged(managers);
  return !jsonEqual(objects.before, objects.after);
}

/** Takes from every manager what was removed, and what the writer took. */
function releaseFields(managers: Managers, comparison: Comparison, taken: FieldSet): void {
  const gone = unionOf(comparison.removed, taken);
  for (const [key, entry] of managers) managers.set(key, { ...entry, set: differenceOf(entry.set, gone) });
}

export function identityOf(context: WriteContext, operation: 'Apply' | 'Update'): ManagerIdentity {
  return {
    manager: context.manager === '' ? 'unknown' : context.manager,
    operation,
    apiVersion: context.apiVersion,
    subresource: context.subresource ?? '',
  };
}

/** The set of dotted field paths. */
export function ignoredSet(paths: readonly string[] | undefined): FieldSet {
  return setOf(...(paths ?? []).map((path) => path.split('.').map(fieldElement)));
}

export function kindOf(object: unknown): string {
  return isRecord(object) ? String(object['kind'] ?? '') : '';
}

/** The object without its managedFields; they never manage themselves. */
export function withoutManagedFields(object: KubeObject | undefined): KubeObject | undefined {
  if (!object?.metadata || !('managedFields' in object.metadata)) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
