// Server-side apply: merges a configuration into the live object, removes what its manager no longer asks for, and
// refuses to take fields from others unless forced. Follows structured-merge-diff and apimachinery's managedfields.
import { isRecord, jsonEqual } from '@pergola/kernel';
import { faults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { parseApiVersion } from '../object.ts';
import { resourceSchema } from '../schema/child-schema.ts';
import { dropNulls } from '../schema/defaults.ts';
import { compareObjects } from './compare.ts';
import { type Conflict, conflictStatus } from './conflict.ts';
import { emptyObject } from './empty-object.ts';
import {
  differenceBeneath,
  differenceOf,
  emptySet,
  type FieldSet,
  intersectionOf,
  isEmptySet,
  unionOf,
} from './field-set.ts';
import { lastAppliedFields, withLastApplied } from './last-applied.ts';
import {
  decodeManagers,
  encodeManagers,
  keyOf,
  type Managers,
  sameOwnership,
  stripUnmanaged,
} from './managers.ts';
import { mergeObjects } from './merge-objects.ts';
import { removeItems } from './remove-items.ts';
import { toFieldSet, withNamedFields } from './to-field-set.ts';
import { identityOf, ignoredSet, recordWrite, withoutManagedFields, type WriteContext } from './update.ts';
import type { NodeSchema } from './value-shape.ts';

export interface ApplyContext extends WriteContext {
  /** Take fields from other managers instead of refusing. */
  readonly force: boolean;
}

export interface Applied {
  /** The merged object with its managedFields. */
  readonly object: KubeObject;
  /** False when neither the object nor the ownership differs from the live one. */
  readonly changed: boolean;
}

/** Owner of the fields that an object had before it was first applied. */
const beforeFirstApply = 'before-first-apply';
const kubectl = 'kubectl';

/**
 * Applies `config` to `live` (undefined creates). Neither is changed. Look for unknown fields in `config` before.
 * @throws KubeStatus 409 with one cause a conflicting field; 400 for another version or given managedFields.
 */
export function applyPatch(live: KubeObject | undefined, config: KubeObject, context: ApplyContext): Applied {
  if (config.metadata?.managedFields !== undefined)
    throw faults.badRequest('metadata.managedFields must be nil');
  if (config.apiVersion !== context.apiVersion) {
    throw faults.badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${config.apiVersion}, expected: ${context.apiVersion}`,
    );
  }
  const known = decodeManagers(live?.metadata.managedFields) ?? new Map();
  const managers: Managers = new Map(known);
  const current = withoutManagedFields(live);
  if (current && managers.size === 0) {
    recordWrite(managers, { before: undefined, after: current }, { ...context, manager: beforeFirstApply });
  }
  const state: ApplyState = {
    live: current,
    config,
    context,
    schema: resourceSchema(context.schema, context.source),
  };
  const settled = settle(state, managers) as KubeObject;
  const object = context.manager === kubectl ? withLastApplied(settled, config) : settled;
  return finish({ object, live, managers, known }, context);
}

interface ApplyState {
  readonly live: KubeObject | undefined;
  readonly config: KubeObject;
  readonly context: ApplyContext;
  readonly schema: NodeSchema;
}

/** Merges and moves ownership in `managers`. */
function settle(state: ApplyState, managers: Managers): Record<string, unknown> {
  const { live, config, context, schema } = state;
  const { source } = context;
  const identity = identityOf(context, 'Apply');
  const key = keyOf(identity);
  const last = managers.get(key);
  const set = differenceBeneath(toFieldSet(config, schema, source), ignoredSet(context.ignoredFields));
  managers.set(key, { ...identity, set, time: last?.time });
  const merged = mergeObjects(live, config, schema, source);
  // Merged once more, for an empty map or list of the configuration that pruning took along.
  const pruned = last
    ? mergeObjects(prune(merged, { state, managers, last: last.set }), config, schema, source)
    : merged;
  const object = isRecord(pruned) ? structuredClone(pruned) : {};
  dropNulls(object, context.schema, source);
  takeFields(state, managers, { key, object });
  stripUnmanaged(managers);
  return object;
}

/** Removes what this manager applied last time, does not apply now, and nobody else owns. */
function prune(merged: unknown, ctx: { state: ApplyState; managers: Managers; last: FieldSet }): unknown {
  const { schema, context } = ctx.state;
  const { source } = context;
  const named = (set: FieldSet) => withNamedFields(set, schema, source);
  const fieldsOf = (value: unknown) => named(toFieldSet(value, schema, source));
  const without = (set: FieldSet) => removeItems(merged, set, schema, source) ?? {};
  const last = named(ctx.last);
  const mergedSet = fieldsOf(merged);
  const managed = [...ctx.managers.values()].reduce((all, entry) => unionOf(all, entry.set), emptySet);
  // First all that was applied last goes; then what anyone manages comes back, then what was never applied.
  const bare = without(last);
  const owned = without(differenceOf(mergedSet, unionOf(fieldsOf(bare), named(managed))));
  return without(intersectionOf(differenceOf(mergedSet, fieldsOf(owned)), last));
}

/** Settles with the other managers: conflicts, or fields changed hands. */
function takeFields(
  state: ApplyState,
  managers: Managers,
  result: { key: string; object: Record<string, unknown> },
): void {
  const { context, schema, live, config } = state;
  const empty = emptyObject({ ...parseApiVersion(context.apiVersion), kind: config.kind });
  const comparison = compareObjects(live ?? empty, result.object, schema, context.source);
  const changed = unionOf(comparison.added, comparison.modified);
  const conflicts: Conflict[] = [];
  for (const [key, entry] of managers) {
    if (key === result.key) continue;
    const contested = intersectionOf(entry.set, changed);
    if (!isEmptySet(contested)) conflicts.push({ ...entry, set: contested });
    const set = differenceOf(entry.set, unionOf(changed, comparison.removed));
    if (isEmptySet(set)) managers.delete(key);
    else managers.set(key, { ...entry, set });
  }
  if (conflicts.length > 0 && !context.force) refuse(conflicts, state);
}

/** Refuses, but for the fields that kubectl itself applied from the client before. */
function refuse(conflicts: readonly Conflict[], { live, context, schema }: ApplyState): void {
  const allowed = context.manager === kubectl ? lastAppliedFields(live, schema, context.source) : emptySet;
  const left = conflicts
    .map((conflict) => ({ ...conflict, set: differenceOf(conflict.set, allowed) }))
    .filter(({ set }) => !isEmptySet(set));
  if (left.length > 0) throw conflictStatus(left);
}

function finish(
  result: {
    object: KubeObject;
    live: KubeObject | undefined;
    managers: Managers;
    known: Managers;
  },
  context: ApplyContext,
): Applied {
  const { object, live, managers, known } = result;
  const current = withoutManagedFields(live);
  const changed = !current || !jsonEqual(object, current) || !sameOwnership(managers, known);
  if (live && !changed) return { object: structuredClone(live), changed: false };
  const key = keyOf(identityOf(context, 'Apply'));
  const entry = managers.get(key);
  if (entry) managers.set(key, { ...entry, time: context.time });
  const metadata = { ...object.metadata, managedFields: encodeManagers(managers) };
  return { object: { ...object, metadata }, changed };
}
