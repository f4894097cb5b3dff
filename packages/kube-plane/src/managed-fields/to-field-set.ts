// The fields that an applied configuration speaks of, and the sets derived from a schema.
import { isRecord } from '@pergola/kernel';
import type { SchemaSource } from '../schema/schema.ts';
import { type FieldSet, FieldSetBuilder, type PathElement } from './field-set.ts';
import { fieldElement } from './fields-v1.ts';
import { elementOf, fieldSchema, isNamedField, itemSchema, type NodeSchema, shapeOf } from './value-shape.ts';

/** Every field that `value` sets. Structs count by their fields, map entries and list items by themselves too. */
export function toFieldSet(value: unknown, schema: NodeSchema, source: SchemaSource): FieldSet {
  const builder = new FieldSetBuilder();
  visit(value, schema, { path: [], source, builder });
  return builder.build();
}

interface Walk {
  readonly path: readonly PathElement[];
  readonly source: SchemaSource;
  readonly builder: FieldSetBuilder;
}

function visit(value: unknown, schema: NodeSchema, walk: Walk): void {
  const { path, source, builder } = walk;
  const shape = shapeOf(value, schema);
  if (shape === 'leaf') {
    builder.add(path);
  } else if (Array.isArray(value)) {
    const items = itemSchema(schema, source);
    for (const item of value) {
      const itemPath = [...path, elementOf(item, schema, source)];
      if (schema?.['x-kubernetes-list-type'] === 'map') visit(item, items, { ...walk, path: itemPath });
      builder.add(itemPath);
    }
  } else if (isRecord(value)) {
    for (const [name, field] of Object.entries(value)) {
      const fieldPath = [...path, fieldElement(name)];
      visit(field, fieldSchema(schema, name, source), { ...walk, path: fieldPath });
      const isEmpty = isRecord(field) && Object.keys(field).length === 0;
      if (isEmpty || !isNamedField(schema, name)) builder.add(fieldPath);
    }
  }
}

/** The set with every field that the schema names and that leads to a member made a member itself. */
export function withNamedFields(set: FieldSet, schema: NodeSchema, source: SchemaSource): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const isField = element.startsWith('f:');
    const name = element.slice(2);
    const childSchema = isField ? fieldSchema(schema, name, source) : itemSchema(schema, source);
    const beneath = withNamedFields(child, childSchema, source);
    const self = child.self || (isField && isNamedField(schema, name));
    children.set(element, { self, children: beneath.children });
  }
  return { self: set.self, children };
}
