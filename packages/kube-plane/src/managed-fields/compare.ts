// Which fields were added, removed and changed between two objects.
import { isRecord, jsonEqual } from '@pergola/kernel';
import type { SchemaSource } from '../schema/schema.ts';
import { emptySet, type FieldSet, leafSet, type PathElement } from './field-set.ts';
import { fieldElement } from './fields-v1.ts';
import { elementOf, fieldSchema, itemSchema, type NodeSchema, shapeOf } from './value-shape.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

const equal: Comparison = { added: emptySet, removed: emptySet, modified: emptySet };
const added: Comparison = { ...equal, added: leafSet };
const removed: Comparison = { ...equal, removed: leafSet };
const modified: Comparison = { ...equal, modified: leafSet };

/** Compares two objects of one schema; undefined means absent. A value that came or went is itself a member. */
export function compareObjects(
  before: unknown,
  after: unknown,
  schema: NodeSchema,
  source: SchemaSource,
): Comparison {
  // Equal parts, which are most of an update, have nothing to tell.
  if (before === after) return equal;
  if (isLeafPair(before, after, schema)) {
    if (before === undefined) return added;
    if (after === undefined) return removed;
    return jsonEqual(before, after) ? equal : modified;
  }
  const parts = new Parts();
  if (Array.isArray(before) || Array.isArray(after)) {
    compareItems(parts, { before, after }, schema, source);
  } else {
    compareFields(parts, { before, after }, schema, source);
  }
  return parts.comparison(before, after);
}

/** Null means present and empty. */
interface Pair {
  readonly before: unknown;
  readonly after: unknown;
}

/** Gathers the comparisons of the children. */
class Parts {
  readonly #added = new Map<PathElement, FieldSet>();
  readonly #removed = new Map<PathElement, FieldSet>();
  readonly #modified = new Map<PathElement, FieldSet>();

  add(element: PathElement, part: Comparison): void {
    if (part.added !== emptySet) this.#added.set(element, part.added);
    if (part.removed !== emptySet) this.#removed.set(element, part.removed);
    if (part.modified !== emptySet) this.#modified.set(element, part.modified);
  }

  comparison(before: unknown, after: unknown): Comparison {
    return {
      added: node(before === undefined, this.#added),
      removed: node(after === undefined, this.#removed),
      modified: node(false, this.#modified),
    };
  }
}

function node(self: boolean, children: ReadonlyMap<PathElement, FieldSet>): FieldSet {
  if (children.size > 0) return { self, children };
  return self ? leafSet : emptySet;
}

/** True when the pair is compared as a whole; null and absent take the shape of the other side. */
function isLeafPair(before: unknown, after: unknown, schema: NodeSchema): boolean {
  const left = before ?? after ?? null;
  const right = after ?? before ?? null;
  const shape = shapeOf(left, schema);
  if (shape === 'leaf' || (left !== right && shape !== shapeOf(right, schema))) return true;
  return isEmptyContainer(left) && isEmptyContainer(right);
}

function isEmptyContainer(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value as object) return false;
  return true;
}

function compareFields(
  parts: Parts,
  { before, after }: Pair,
  schema: NodeSchema,
  source: SchemaSource,
): void {
  const left = isRecord(before) ? before : {};
  const right = isRecord(after) ? after : {};
  const compare = (name: string, was: unknown, is: unknown) => {
    if (was === is) return;
    parts.add(fieldElement(name), compareObjects(was, is, fieldSchema(schema, name, source), source));
  };
  for (const name of Object.keys(left)) {
    compare(name, left[name], Object.hasOwn(right, name) ? right[name] : undefined);
  }
  for (const name of Object.keys(right)) {
    if (!Object.hasOwn(left, name)) compare(name, undefined, right[name]);
  }
}

function compareItems(parts: Parts, { before, after }: Pair, schema: NodeSchema, source: SchemaSource): void {
  const left = itemsByElement(before, schema, source);
  const right = itemsByElement(after, schema, source);
  const items = itemSchema(schema, source);
  for (const [element, item] of left) {
    parts.add(element, compareObjects(item, right.get(element), items, source));
  }
  for (const [element, item] of right) {
    if (!left.has(element)) parts.add(element, compareObjects(undefined, item, items, source));
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
