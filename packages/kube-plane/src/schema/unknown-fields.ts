// Fields that a schema does not know: reported for strict decoding, or removed from custom resources (pruning).
import { isRecord } from '@pergola/kernel';
import { childSchema, openSchema, resourceSchema } from './child-schema.ts';
import type { KubeSchema, SchemaSource } from './schema.ts';

/** A whole resource, its schema and where `$ref`s are found. */
interface Walk {
  readonly source: SchemaSource;
  readonly remove: boolean;
  readonly found: string[];
}

/**
 * Paths of the unknown fields of a resource, in the order of the document: `metadata.foo`,
 * `spec.containers[0].foo`. apiVersion, kind and metadata are known to every resource.
 */
export function unknownFields(value: unknown, schema: KubeSchema, source: SchemaSource): string[] {
  return walkResource(value, schema, { source, remove: false, found: [] });
}

/** Removes the unknown fields of a resource in place and returns their paths. */
export function prune(value: unknown, schema: KubeSchema, source: SchemaSource): string[] {
  return walkResource(value, schema, { source, remove: true, found: [] });
}

function walkResource(value: unknown, schema: KubeSchema, walk: Walk): string[] {
  visit(value, resourceSchema(schema, walk.source), '', walk);
  return walk.found;
}

function visit(value: unknown, schema: KubeSchema, path: string, walk: Walk): void {
  if (Array.isArray(value)) {
    if (!schema.items) return;
    const items = openSchema(schema.items, walk.source);
    value.forEach((item, index) => visit(item, items, `${path}[${index}]`, walk));
    return;
  }
  if (!isRecord(value)) return;
  for (const key of Object.keys(value)) {
    const child = childSchema(schema, key);
    const childPath = path === '' ? key : `${path}.${key}`;
    if (child === undefined) {
      walk.found.push(childPath);
      if (walk.remove) delete value[key];
    } else if (child !== 'open') {
      visit(value[key], openSchema(child, walk.source), childPath, walk);
    }
  }
}
