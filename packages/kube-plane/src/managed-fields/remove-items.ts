// Takes the fields of a set out of an object.
import { isRecord } from '@pergola/kernel';
import type { SchemaSource } from '../schema/schema.ts';
import { emptySet, type FieldSet, isEmptySet } from './field-set.ts';
import { fieldElement } from './fields-v1.ts';
import { elementOf, fieldSchema, itemSchema, type NodeSchema, shapeOf } from './value-shape.ts';

/** `value` without the members of `set`; containers that lose their last entry go too (undefined). */
export function removeItems(
  value: unknown,
  set: FieldSet,
  schema: NodeSchema,
  source: SchemaSource,
): unknown {
  if (isEmptySet(set) || shapeOf(value, schema) === 'leaf') return value;
  if (Array.isArray(value)) {
    const items = itemSchema(schema, source);
    const kept = value.flatMap((item) => {
      const beneath = set.children.get(elementOf(item, schema, source)) ?? emptySet;
      if (beneath.self) return [];
      const rest = removeItems(item, beneath, items, source);
      return rest === undefined ? [] : [rest];
    });
    return kept.length === 0 && value.length > 0 ? undefined : kept;
  }
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).flatMap(([name, field]) => {
    const beneath = set.children.get(fieldElement(name)) ?? emptySet;
    if (beneath.self) return [];
    const rest = removeItems(field, beneath, fieldSchema(schema, name, source), source);
    return rest === undefined ? [] : [[name, rest] as const];
  });
  return kept.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(kept);
}
