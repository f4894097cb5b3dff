// metadata.managedFields as a map of managers: who they are, what they own, since when.
import type { ManagedFieldsEntry } from '../object.ts';
import { differenceOf, emptySet, equalSets, type FieldSet, isEmptySet, setOf, unionOf } from './field-set.ts';
import { decodeFieldsV1, encodeFieldsV1, fieldElement } from './fields-v1.ts';

/** Who writes: two entries with equal identity are one manager. */
export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
}

export interface ManagedSet extends ManagerIdentity {
  readonly set: FieldSet;
  /** RFC 3339; undefined when not known. */
  readonly time: string | undefined;
}

/** Managers by `keyOf`. */
export type Managers = Map<string, ManagedSet>;

/** An applier is the same whatever version it applies; an updater is one for each version. */
export function keyOf({ manager, operation, apiVersion, subresource }: ManagerIdentity): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);
}

/** Reads the entries; malformed ones make the whole unreadable, which is undefined. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined {
  const managers: Managers = new Map();
  for (const entry of entries ?? []) {
    const set = decodeFieldsV1(entry.fieldsV1 ?? {});
    if (!set || (entry.operation !== 'Apply' && entry.operation !== 'Update')) return undefined;
    if (entry.fieldsType !== 'FieldsV1') return undefined;
    const identity = {
      manager: entry.manager ?? '',
      operation: entry.operation,
      apiVersion: entry.apiVersion ?? '',
      subresource: entry.subresource ?? '',
    };
    managers.set(keyOf(identity), { ...identity, set, time: entry.time });
  }
  return managers;
}

/** The entries in the order of the API server: Apply before Update, then by time and name. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] {
  return [...managers.values()]
    .sort(inOrder)
    .map(({ manager, operation, apiVersion, subresource, set, time }) => ({
      ...(manager === '' ? { manager: 'unknown' } : { manager }),
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: encodeFieldsV1(set),
      ...(subresource === '' ? {} : { subresource }),
    }));
}

function inOrder(left: ManagedSet, right: ManagedSet): number {
  const rank = (entry: ManagedSet) => [
    entry.operation,
    entry.time ?? '',
    entry.manager,
    entry.apiVersion,
    entry.subresource,
  ];
  const [a, b] = [rank(left), rank(right)];
  const index = a.findIndex((part, position) => part !== b[position]);
  return index < 0 ? 0 : (a[index] ?? '') < (b[index] ?? '') ? -1 : 1;
}

/** Fields that belong to the server, so nobody manages them. */
const unmanaged = setOf(
  [fieldElement('apiVersion')],
  [fieldElement('kind')],
  [fieldElement('metadata')],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => [fieldElement('metadata'), fieldElement(name)]),
);

/** Takes the server's own fields out of every set, and managers that own nothing out of the map. */
export function stripUnmanaged(managers: Managers): void {
  for (const [key, entry] of managers) {
    const set = differenceOf(entry.set, unmanaged);
    if (isEmptySet(set)) managers.delete(key);
    else managers.set(key, { ...entry, set });
  }
}

/** Entries of operation Update that an object may have. */
export const updateManagersMax = 10;
const bucketName = 'ancient-changes';

/** Folds the oldest updaters of a version into one, until at most `updateManagersMax` are left. */
export function capUpdaters(managers: Managers): void {
  const updaters = [...managers].filter(([, entry]) => entry.operation === 'Update');
  updaters.sort(([, a], [, b]) => inOrder(a, b));
  let excess = updaters.length - updateManagersMax;
  const firstByVersion = new Map<string, string>();
  for (const [key, entry] of updaters) {
    if (excess <= 0) return;
    const first = firstByVersion.get(entry.apiVersion);
    if (first === undefined) {
      firstByVersion.set(entry.apiVersion, key);
      continue;
    }
    const identity = { ...entry, manager: bucketName, subresource: '' };
    const bucket = keyOf(identity);
    if (key === bucket) continue;
    const collected = managers.get(bucket) ?? managers.get(first);
    if (!managers.has(bucket)) managers.delete(first);
    managers.delete(key);
    managers.set(bucket, { ...identity, set: unionOf(entry.set, collected?.set ?? emptySet) });
    excess--;
  }
}

/** Whether two maps say the same of who owns what. Times do not count. */
export function sameOwnership(left: Managers, right: Managers): boolean {
  return (
    left.size === right.size &&
    [...left].every(([key, entry]) => {
      const other = right.get(key);
      return other !== undefined && other.apiVersion === entry.apiVersion && equalSets(entry.set, other.set);
    })
  );
}
