// The rules of a list as a whole: its size, and that sets and associative lists name nothing twice.
import { isRecord } from '@pergola/kernel';
import { type FieldError, fieldErrors } from './field-error.ts';
import type { KubeSchema } from './schema.ts';

/** Failures of `value` as a list; its items are not looked into. */
export function validateList(value: readonly unknown[], schema: KubeSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    errors.push(fieldErrors.tooMany(path, value.length, schema.maxItems));
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    errors.push(fieldErrors.broken(path, value.length, `should have at least ${schema.minItems} items`));
  }
  if (schema.uniqueItems && repeats(value, canonical).length > 0) {
    errors.push(fieldErrors.broken(path, value, "shouldn't contain duplicates"));
  }
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') {
    for (const index of repeats(value, canonical)) {
      errors.push(fieldErrors.duplicate(`${path}[${index}]`, value[index]));
    }
  }
  if (listType === 'map') errors.push(...keyErrors(value, schema, path));
  return errors;
}

function keyErrors(value: readonly unknown[], schema: KubeSchema, path: string): FieldError[] {
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  const keyOf = (item: unknown) => {
    const fields = isRecord(item) ? item : {};
    return Object.fromEntries(
      names.map((name) => [name, fields[name] ?? schema.items?.properties?.[name]?.default]),
    );
  };
  return repeats(value, (item) => canonical(keyOf(item))).map((index) =>
    fieldErrors.duplicate(`${path}[${index}]`, keyOf(value[index])),
  );
}

/** Indexes of items whose key was seen before. */
function repeats(value: readonly unknown[], keyOf: (item: unknown) => string): number[] {
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const key = keyOf(item);
    if (seen.has(key)) return [index];
    seen.add(key);
    return [];
  });
}

/** JSON with the keys of objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
