// The fields that an applied configuration speaks of, and the sets derived from a schema.
import { isRecord } from '@pergola/kernel';
import type { SchemaSource } from '../schema/schema.ts';
import { asMember, emptySet, type FieldSet, isEmptySet, leafSet, type PathElement } from './field-set.ts';
import { fieldElement } from './fields-v1.ts';
import { elementOf, fieldSchema, isNamedField, itemSchema, type NodeSchema, shapeOf } from './value-shape.ts';

/** Every field that `value` sets. Structs count by their fields, map entries and list items by themselves too. */
export function toFieldSet(value: unknown, schema: NodeSchema, source: SchemaSource): FieldSet {
  if (shapeOf(value, schema) === 'leaf') return leafSet;
  const children = Array.isArray(value) ? itemSets(value, schema, source) : fieldSets(value, schema, source);
  return children.size === 0 ? emptySet : { self: false, children };
}

function itemSets(
  list: readonly unknown[],
  schema: NodeSchema,
  source: SchemaSource,
): Map<PathElement, FieldSet> {
  const items = itemSchema(schema, source);
  const isMap = schema?.['x-kubernetes-list-type'] === 'map';
  return new Map(
    list.map((item) => [
      elementOf(item, schema, source),
      isMap ? asMember(toFieldSet(item, items, source)) : leafSet,
    ]),
  );
}

function fieldSets(value: unknown, schema: NodeSchema, source: SchemaSource): Map<PathElement, FieldSet> {
  const children = new Map<PathElement, FieldSet>();
  for (const [name, field] of Object.entries(isRecord(value) ? value : {})) {
    const beneath = toFieldSet(field, fieldSchema(schema, name, source), source);
    const isEmpty = isRecord(field) && Object.keys(field).length === 0;
    const set = isEmpty || !isNamedField(schema, name) ? asMember(beneath) : beneath;
    if (!isEmptySet(set)) children.set(fieldElement(name), set);
  }
  return children;
}

/** The set with every field that the schema names and that leads to a member made a member itself. */
export function withNamedFields(set: FieldSet, schema: NodeSchema, source: SchemaSource): FieldSet {
  if (set.children.size === 0) return set;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const isField = element.startsWith('f:');
    const name = element.slice(2);
    const childSchema = isField ? fieldSchema(schema, name, source) : itemSchema(schema, source);
    const beneath = withNamedFields(child, childSchema, source);
    children.set(element, isField && isNamedField(schema, name) ? asMember(beneath) : beneath);
  }
  return { self: set.self, children };
}
