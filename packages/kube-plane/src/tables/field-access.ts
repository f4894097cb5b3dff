// Reads fields of objects whose kind is known but not checked.
import { isRecord } from '@pergola/kernel';

/** The value at a path of field names and indexes; undefined when something on the way is missing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((current, key) => {
    if (Array.isArray(current)) return typeof key === 'number' ? current[key] : undefined;
    return isRecord(current) && Object.hasOwn(current, String(key)) ? current[String(key)] : undefined;
  }, value);
}

/** A text; '' when it is missing. Numbers are written out. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

/** A number; 0 when it is missing. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
}

/** A list; empty when it is missing. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The number of entries of a list or map. */
export function sizeAt(value: unknown, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  if (Array.isArray(found)) return found.length;
  return isRecord(found) ? Object.keys(found).length : 0;
}

/** The text or, when it is empty, `<none>`. */
export function orNone(text: string): string {
  return text === '' ? '<none>' : text;
}

/** `a=b,c=d` in the order of the keys, or `<none>`. */
export function renderLabels(labels: unknown): string {
  if (!isRecord(labels)) return '<none>';
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return orNone(pairs.map(([key, value]) => `${key}=${String(value)}`).join(','));
}
