// Merging of lists in a strategic merge patch: by key, or of scalars as a set; and their order afterwards.
import { isRecord, jsonEqual } from '@pergola/kernel';
import { faults } from '../faults.ts';

type Fields = Record<string, unknown>;

export interface ListPatch {
  readonly original: readonly unknown[];
  readonly patch: readonly unknown[];
  /** From `$setElementOrder/<field>`: keys (or scalars) in the wanted order. */
  readonly order: readonly unknown[] | undefined;
}

/** Adds the scalars of the patch that are not there yet. */
export function mergePrimitiveList({ original, patch, order }: ListPatch): unknown[] {
  const merged = [...original];
  for (const item of patch) if (!merged.some((known) => jsonEqual(known, item))) merged.push(item);
  return order ? ordered(merged, { original, order, identity: (item) => item }) : merged;
}

/** Merges items that share the value of `mergeKey` with `mergeItem`; others are added; `$patch: delete` removes. */
export function mergeKeyedList(
  { original, patch, order }: ListPatch,
  mergeKey: string,
  mergeItem: (item: Fields, change: Fields) => Fields,
): unknown[] {
  const changes = patch.map((change) => keyed(change, mergeKey));
  const replace = changes.some((change) => change['$patch'] === 'replace');
  let merged: unknown[] = replace ? [] : [...original];
  for (const change of changes) {
    const key = change[mergeKey];
    const same = (item: unknown) => isRecord(item) && key !== undefined && jsonEqual(item[mergeKey], key);
    if (change['$patch'] === 'delete') {
      if (key === undefined) throw missingKey(change, mergeKey);
      merged = merged.filter((item) => !same(item));
    } else if (change['$patch'] !== 'replace' || key !== undefined) {
      const body = change['$patch'] === 'replace' ? omitDirective(change) : change;
      const index = merged.findIndex(same);
      const found = merged[index];
      if (isRecord(found)) merged[index] = mergeItem(found, body);
      else merged.push(mergeItem({}, body));
    }
  }
  const identity = (item: unknown) => (isRecord(item) ? item[mergeKey] : item);
  return order ? ordered(merged, { original, order, identity }) : merged;
}

function keyed(change: unknown, mergeKey: string): Fields {
  if (!isRecord(change)) {
    throw faults.badRequest(`invalid patch: a list that merges by ${mergeKey} must hold objects`);
  }
  if (change[mergeKey] === undefined && change['$patch'] === undefined) throw missingKey(change, mergeKey);
  return change;
}

function missingKey(change: Fields, mergeKey: string) {
  return faults.badRequest(`map: ${JSON.stringify(change)} does not contain declared merge key: ${mergeKey}`);
}

function omitDirective(change: Fields): Fields {
  const { $patch: _, ...body } = change;
  return body;
}

interface Ordering {
  readonly original: readonly unknown[];
  readonly order: readonly unknown[];
  /** What names an item in `order`. */
  readonly identity: (item: unknown) => unknown;
}

/**
 * Items that the order names stand in that order; those that only the server has keep their place relative to the
 * items they stood before in the original list.
 */
function ordered(merged: readonly unknown[], { original, order, identity }: Ordering): unknown[] {
  const wanted = order.map((entry) => identity(entry));
  const rank = (item: unknown) => wanted.findIndex((entry) => jsonEqual(entry, identity(item)));
  const position = (item: unknown) =>
    original.findIndex((entry) => jsonEqual(identity(entry), identity(item)));
  const named = merged.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const serverOnly = merged.filter((item) => rank(item) < 0);
  const result: unknown[] = [];
  let waiting = serverOnly;
  for (const item of named) {
    const place = position(item);
    const staying = waiting.findIndex((other) => position(other) >= place);
    const before = staying < 0 ? waiting.length : staying;
    result.push(...waiting.slice(0, before), item);
    waiting = waiting.slice(before);
  }
  return [...result, ...waiting];
}
