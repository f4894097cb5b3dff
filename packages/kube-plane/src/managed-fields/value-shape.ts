// How server-side apply sees a value: as one piece, as a map of fields, or as a list whose items have names. The
// schema says it; where it says nothing, maps are granular and lists are one piece.
import { isRecord } from '@pergola/kernel';
import { childSchema, openSchema } from '../schema/child-schema.ts';
import type { KubeSchema, SchemaSource } from '../schema/schema.ts';
import type { PathElement } from './field-set.ts';
import { keyElement, valueElement } from './fields-v1.ts';

/** A schema opened by `openSchema`; undefined where nothing is known. */
export type NodeSchema = KubeSchema | undefined;

export type Shape = 'leaf' | 'map' | 'list';

/** The shape of a value that is neither null nor absent. */
export function shapeOf(value: unknown, schema: NodeSchema): Shape {
  if (Array.isArray(value)) {
    const listType = schema?.['x-kubernetes-list-type'];
    return listType === 'map' || listType === 'set' ? 'list' : 'leaf';
  }
  if (isRecord(value)) return schema?.['x-kubernetes-map-type'] === 'atomic' ? 'leaf' : 'map';
  return 'leaf';
}

/** The schema of field `name`. `x-kubernetes-map-type` may stand beside a `$ref`, and wins over its target. */
export function fieldSchema(schema: NodeSchema, name: string, source: SchemaSource): NodeSchema {
  const child = schema && childSchema(schema, name);
  if (child === undefined || child === 'open') return undefined;
  const opened = openSchema(child, source);
  const mapType = child['x-kubernetes-map-type'];
  return mapType && opened !== child ? { ...opened, 'x-kubernetes-map-type': mapType } : opened;
}

export function itemSchema(schema: NodeSchema, source: SchemaSource): NodeSchema {
  return schema?.items && openSchema(schema.items, source);
}

/** True when the schema names the field itself, rather than by additionalProperties. */
export function isNamedField(schema: NodeSchema, name: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, name);
}

/** What names each item of a list of shape `list`: its value in a set, its keys in an associative list. */
export function elementOf(item: unknown, schema: NodeSchema, source: SchemaSource): PathElement {
  if (schema?.['x-kubernetes-list-type'] === 'set') return valueElement(item);
  const fields = isRecord(item) ? item : {};
  const properties = itemSchema(schema, source)?.properties;
  const keys = (schema?.['x-kubernetes-list-map-keys'] ?? []).flatMap((name) => {
    const value = fields[name] ?? properties?.[name]?.default;
    return value === undefined ? [] : [[name, value] as const];
  });
  return keyElement(Object.fromEntries(keys));
}
