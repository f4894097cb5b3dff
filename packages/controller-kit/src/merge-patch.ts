// The JSON merge patch (RFC 7386) that leads from one value to another.
import { isRecord, jsonEqual } from '@pergola/kernel';

/** The patch from `before` to `after`; undefined when they are equal. Lists are replaced whole. */
export function mergePatchOf(before: unknown, after: unknown): unknown {
  if (jsonEqual(before, after)) return undefined;
  if (!isRecord(before) || !isRecord(after)) return after;
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    // A member that is absent must be compared as such: null would mean its removal.
    const change = Object.hasOwn(before, key) ? mergePatchOf(before[key], value) : value;
    if (change !== undefined) patch[key] = change;
  }
  for (const [key, value] of Object.entries(before)) {
    if (value !== undefined && after[key] === undefined) patch[key] = null;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
