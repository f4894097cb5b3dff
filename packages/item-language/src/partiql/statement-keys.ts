// What a WHERE clause says of keys: the item that a write is about, or the part of a table that a SELECT must read.
import type { AttributeValue, Item } from '../attribute-value.ts';
import { typeOf } from '../attribute-value.ts';
import { ItemKeyError, ItemLanguageError } from '../item-language-error.ts';
import type { KeyAttribute, KeyCondition, KeySchema } from '../key-condition/key-condition.ts';
import type { Comparator, ConditionNode, LeafNode, OperandNode } from '../syntax/tree.ts';
import { equalValues } from '../values/compare.ts';
import { setMember } from '../values/member.ts';

/** The conditions that a clause joins with AND at its top. */
export function conjunctsOf(where: ConditionNode | undefined): readonly ConditionNode[] {
  if (where === undefined) return [];
  return where.kind === 'and' ? where.parts.flatMap(conjunctsOf) : [where];
}

/** The values that a condition allows for an attribute by `=` or by IN; undefined when it says neither. */
function valuesFor(name: string, node: ConditionNode): readonly AttributeValue[] | undefined {
  if (node.kind === 'comparison' && node.comparator === '=') {
    if (isAttribute(node.left, name) && node.right.kind === 'literal') return [node.right.value];
    return isAttribute(node.right, name) && node.left.kind === 'literal' ? [node.left.value] : undefined;
  }
  if (node.kind === 'in' && isAttribute(node.operand, name))
    return node.list.flatMap((operand) => (operand.kind === 'literal' ? operand.value : []));
  if (node.kind !== 'or') return undefined;
  const each = node.parts.map((part) => valuesFor(name, part));
  return each.every((values) => values !== undefined) ? each.flat() : undefined;
}

function isAttribute(operand: OperandNode, name: string): boolean {
  const [step, ...rest] = operand.kind === 'path' ? operand.steps : [];
  return rest.length === 0 && step?.kind === 'name' && step.name === name;
}

/** The one item of a write, and what else must hold. */
export interface WriteTarget {
  readonly key: Item;
  readonly rest: ConditionNode | undefined;
}

/** The one item of a read, which may also be named by lists of one value. Throws as `writeTargetOf` does. */
export function readTargetOf(where: ConditionNode | undefined, schema: KeySchema): WriteTarget {
  const parts = conjunctsOf(where).map((part): ConditionNode => {
    const [only, ...others] = part.kind === 'in' ? part.list : [];
    if (part.kind !== 'in' || only === undefined || others.length > 0) return part;
    return { kind: 'comparison', comparator: '=', left: part.operand, right: only };
  });
  return writeTargetOf({ kind: 'and', parts }, schema);
}

/** Throws unless the clause names one item by equality of all its key attributes. */
export function writeTargetOf(where: ConditionNode | undefined, schema: KeySchema): WriteTarget {
  const parts = conjunctsOf(where);
  const key: Record<string, AttributeValue> = {};
  const used = new Set<ConditionNode>();
  for (const { name } of keyAttributes(schema)) {
    const equalities = parts.filter(
      (part) => part.kind === 'comparison' && valuesFor(name, part) !== undefined,
    );
    for (const part of equalities) used.add(part);
    const values = equalities.flatMap((part) => valuesFor(name, part) ?? []);
    const [first] = values;
    if (first === undefined)
      throw new ItemKeyError('Where clause does not contain a mandatory equality on all key attributes');
    if (!values.every((value) => equalValues(value, first)))
      throw new ItemKeyError(
        `Multiple conditions on same key ${name}. Only single item Update/Insert/Delete are supported`,
      );
    setMember(key, name, first);
  }
  const rest = parts.filter((part) => !used.has(part));
  return { key, rest: rest.length === 0 ? undefined : { kind: 'and', parts: rest } };
}

function keyAttributes({ partition, sort }: KeySchema): readonly KeyAttribute[] {
  return sort === undefined ? [partition] : [partition, sort];
}

/** What a SELECT reads: some partitions, of each the same part. The whole clause must then still be asked. */
export interface ReadPlan {
  readonly partitions: readonly AttributeValue[];
  /** At most one; the others are left to the clause. */
  readonly sort?: KeyCondition;
}

const PARTITIONS_MAX = 50;

/** The plan for a clause, or undefined when the whole table (or index) must be read. */
export function readPlanOf(where: ConditionNode | undefined, schema: KeySchema): ReadPlan | undefined {
  const { partition, sort } = schema;
  const parts = conjunctsOf(where);
  const allowed = parts.flatMap((part) => {
    const values = valuesFor(partition.name, part);
    return values === undefined ? [] : [values];
  });
  const [first] = allowed;
  if (first === undefined) return undefined;
  for (const value of allowed.flat()) checkType(value, partition);
  if (first.length > PARTITIONS_MAX)
    throw new ItemLanguageError('Too many decomposed read operations for a given query.');
  const partitions = distinct(first);
  if (sort === undefined) return { partitions };
  const condition = parts.flatMap((part) => sortCondition(sort, part) ?? [])[0];
  return condition === undefined ? { partitions } : { partitions, sort: condition };
}

function checkType(value: AttributeValue, { name, type }: KeyAttribute): void {
  if (typeOf(value) !== type)
    throw new ItemLanguageError(
      `Key attribute's data type should match its data type in table's schema: Key ${name}`,
    );
}

/** An item is read once, however often its key is named. */
function distinct(values: readonly AttributeValue[]): readonly AttributeValue[] {
  const kept: AttributeValue[] = [];
  for (const value of values) if (!kept.some((other) => equalValues(other, value))) kept.push(value);
  if (kept.length < values.length)
    throw new ItemLanguageError('Overlapping conditions with range keys are not supported in where clause');
  return kept;
}

/** A condition on the sort key that a Query could have. */
function sortCondition(sort: KeyAttribute, node: ConditionNode): KeyCondition | undefined {
  const condition = isLeaf(node) ? leafCondition(sort.name, node) : undefined;
  if (condition === undefined) return undefined;
  for (const value of condition.operator === 'between' ? [condition.low, condition.high] : [condition.value])
    checkType(value, sort);
  return condition;
}

function isLeaf(node: ConditionNode): node is LeafNode {
  return node.kind !== 'and' && node.kind !== 'or' && node.kind !== 'not';
}

const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function leafCondition(name: string, leaf: LeafNode): KeyCondition | undefined {
  if (leaf.kind === 'comparison') return comparisonCondition(name, leaf.comparator, leaf.left, leaf.right);
  if (leaf.kind === 'between' && isAttribute(leaf.operand, name)) {
    const { low, high } = leaf;
    if (low.kind !== 'literal' || high.kind !== 'literal') return undefined;
    return { name, operator: 'between', low: low.value, high: high.value };
  }
  if (leaf.kind !== 'call' || leaf.name !== 'begins_with') return undefined;
  const [first, second] = leaf.args;
  if (first === undefined || second?.kind !== 'literal' || !isAttribute(first, name)) return undefined;
  return { name, operator: 'begins_with', value: second.value };
}

function comparisonCondition(
  name: string,
  comparator: Comparator,
  left: OperandNode,
  right: OperandNode,
): KeyCondition | undefined {
  if (comparator === '<>') return undefined;
  if (isAttribute(left, name) && right.kind === 'literal')
    return { name, operator: comparator, value: right.value };
  if (isAttribute(right, name) && left.kind === 'literal')
    return { name, operator: MIRRORED[comparator], value: left.value };
  return undefined;
}
