// JSON Merge Patch (RFC 7386).
import { isRecord } from '@pergola/kernel';

/** The result of `patch` on `original`; neither is changed. Null removes a field, objects merge, all else replaces. */
export function applyMergePatch(original: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return structuredClone(patch);
  const result: Record<string, unknown> = isRecord(original) ? { ...original } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value);
  }
  return result;
}
