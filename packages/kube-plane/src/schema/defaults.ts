// Defaults of a schema, and what becomes of nulls, as apiextensions-apiserver does it.
import { isRecord } from '@pergola/kernel';
import { childSchema, openSchema, resourceSchema } from './child-schema.ts';
import type { KubeSchema, SchemaSource } from './schema.ts';

/** Fills absent fields that have a default, in place. A null where null is not allowed counts as absent. */
export function applyDefaults(value: unknown, schema: KubeSchema, source: SchemaSource): void {
  fill(value, resourceSchema(schema, source), source);
}

/**
 * Removes nulls from fields that have neither `nullable` nor a default, in place. Kubernetes reads such a null as
 * "not given": for built-in kinds when decoding, for custom resources before defaulting. An item of a list cannot
 * be left out: where objects are wanted, Go makes an empty one of a null.
 */
export function dropNulls(value: unknown, schema: KubeSchema, source: SchemaSource): void {
  drop(value, resourceSchema(schema, source), source);
}

function eachChild(
  value: unknown,
  schema: KubeSchema,
  source: SchemaSource,
  visit: (child: unknown, childSchema: KubeSchema) => void,
): void {
  if (Array.isArray(value)) {
    if (!schema.items) return;
    const items = openSchema(schema.items, source);
    for (const item of value) visit(item, items);
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) {
      const child = childSchema(schema, key);
      if (child !== undefined && child !== 'open') visit(value[key], openSchema(child, source));
    }
  }
}

function fill(value: unknown, schema: KubeSchema, source: SchemaSource): void {
  if (isRecord(value)) {
    for (const [key, field] of defaultedFields(schema)) {
      const absent = value[key] === undefined || (value[key] === null && !field.nullable);
      if (absent) value[key] = structuredClone(field.default);
    }
  }
  eachChild(value, schema, source, (child, childSchema) => fill(child, childSchema, source));
}

type Field = readonly [key: string, schema: KubeSchema];

/** Most schemas have many fields and no default: a definition of a custom resource meets the same ones a thousand times. */
const defaulted = new WeakMap<KubeSchema, readonly Field[]>();

function defaultedFields(schema: KubeSchema): readonly Field[] {
  const known = defaulted.get(schema);
  if (known) return known;
  const fields = Object.entries(schema.properties ?? {}).filter(([, field]) => field.default !== undefined);
  defaulted.set(schema, fields);
  return fields;
}

function drop(value: unknown, schema: KubeSchema, source: SchemaSource): void {
  if (Array.isArray(value)) emptyObjects(value, schema, source);
  if (isRecord(value)) {
    for (const key of Object.keys(value)) {
      if (value[key] !== null) continue;
      const child = childSchema(schema, key);
      if (
        child !== undefined &&
        child !== 'open' &&
        !child.nullable &&
        child.default === undefined &&
        !isAny(child)
      ) {
        delete value[key];
      }
    }
  }
  eachChild(value, schema, source, (child, childSchema) => drop(child, childSchema, source));
}

function emptyObjects(list: unknown[], schema: KubeSchema, source: SchemaSource): void {
  if (!schema.items || openSchema(schema.items, source).type !== 'object') return;
  for (const [index, item] of list.entries()) if (item === null) list[index] = {};
}

/** A schema that admits every value, null too. */
function isAny(schema: KubeSchema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true && schema.type === undefined;
}
