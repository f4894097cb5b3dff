// Which fields were added, removed and changed between two objects.
import { isRecord, jsonEqual } from '@pergola/kernel';
import type { SchemaSource } from '../schema/schema.ts';
import { type FieldSet, FieldSetBuilder, type PathElement } from './field-set.ts';
import { fieldElement } from './fields-v1.ts';
import { elementOf, fieldSchema, itemSchema, type NodeSchema, shapeOf } from './value-shape.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

export function compareObjects(
  before: unknown,
  after: unknown,
  schema: NodeSchema,
  source: SchemaSource,
): Comparison {
  const builders = {
    added: new FieldSetBuilder(),
    removed: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
  };
  visit({ before, after }, schema, { path: [], source, builders });
  return {
    added: builders.added.build(),
    removed: builders.removed.build(),
    modified: builders.modified.build(),
  };
}

/** Undefined means absent; null is a value. */
interface Pair {
  readonly before: unknown;
  readonly after: unknown;
}

interface Walk {
  readonly path: readonly PathElement[];
  readonly source: SchemaSource;
  readonly builders: Readonly<Record<'added' | 'removed' | 'modified', FieldSetBuilder>>;
}

function visit(pair: Pair, schema: NodeSchema, walk: Walk): void {
  const { before, after } = pair;
  if (isLeafPair(pair, schema)) {
    if (before === undefined || after === undefined) note(pair, walk);
    else if (!jsonEqual(before, after)) walk.builders.modified.add(walk.path);
    return;
  }
  if (Array.isArray(before) || Array.isArray(after)) visitItems(pair, schema, walk);
  else visitFields(pair, schema, walk);
  note(pair, walk);
}

/** A value that came or went is itself added or removed, the root excepted. */
function note({ before, after }: Pair, { path, builders }: Walk): void {
  if (path.length === 0) return;
  if (before === undefined) builders.added.add(path);
  else if (after === undefined) builders.removed.add(path);
}

function isLeafPair({ before, after }: Pair, schema: NodeSchema): boolean {
  const given = [before, after].filter((value) => value !== undefined && value !== null);
  const shapes = new Set(given.map((value) => shapeOf(value, schema)));
  if (shapes.size !== 1 || shapes.has('leaf')) return true;
  return given.every(isEmptyContainer);
}

function isEmptyContainer(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

function visitFields({ before, after }: Pair, schema: NodeSchema, walk: Walk): void {
  const left = isRecord(before) ? before : {};
  const right = isRecord(after) ? after : {};
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const pair = { before: own(left, name), after: own(right, name) };
    if (pair.before === undefined && pair.after === undefined) continue;
    const path = [...walk.path, fieldElement(name)];
    visit(pair, fieldSchema(schema, name, walk.source), { ...walk, path });
  }
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function visitItems({ before, after }: Pair, schema: NodeSchema, walk: Walk): void {
  const left = itemsByElement(before, schema, walk.source);
  const right = itemsByElement(after, schema, walk.source);
  const items = itemSchema(schema, walk.source);
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const pair = { before: left.get(element), after: right.get(element) };
    visit(pair, items, { ...walk, path: [...walk.path, element] });
  }
}

/** The items of an associative list or set by what names them; of duplicates the first counts. */
export function itemsByElement(
  list: unknown,
  schema: NodeSchema,
  source: SchemaSource,
): Map<PathElement, unknown> {
  const items = new Map<PathElement, unknown>();
  for (const item of Array.isArray(list) ? list : []) {
    const element = elementOf(item, schema, source);
    if (!items.has(element)) items.set(element, item);
  }
  return items;
}
