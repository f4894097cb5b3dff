// What expressions say, before placeholders are looked up. PartiQL and the legacy parameters make the same trees, with
// literal values in them.
import type { AttributeValue } from '../attribute-value.ts';

/** One step of a document path: an attribute by name, by `#placeholder`, or an element of a list. */
export type PathStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'alias'; readonly alias: string }
  | { readonly kind: 'index'; readonly index: number };

export interface PathNode {
  readonly kind: 'path';
  readonly steps: readonly PathStep[];
}

/** A `:placeholder`. */
export interface ValueNode {
  readonly kind: 'value';
  readonly placeholder: string;
}

export interface LiteralNode {
  readonly kind: 'literal';
  readonly value: AttributeValue;
}

export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly OperandNode[];
}

export type OperandNode = PathNode | ValueNode | LiteralNode | CallNode;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface ComparisonNode {
  readonly kind: 'comparison';
  readonly comparator: Comparator;
  readonly left: OperandNode;
  readonly right: OperandNode;
}

export interface BetweenNode {
  readonly kind: 'between';
  readonly operand: OperandNode;
  readonly low: OperandNode;
  readonly high: OperandNode;
}

export interface InNode {
  readonly kind: 'in';
  readonly operand: OperandNode;
  readonly list: readonly OperandNode[];
}

export type LeafNode = ComparisonNode | BetweenNode | InNode | CallNode;

/** A condition: its leaves put together. Chains of one operator are one node. */
export type ConditionNode =
  | LeafNode
  | { readonly kind: 'and'; readonly parts: readonly ConditionNode[] }
  | { readonly kind: 'or'; readonly parts: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly part: ConditionNode };

export interface ArithmeticNode {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-';
  readonly left: OperandNode;
  readonly right: OperandNode;
}

export type SetValueNode = OperandNode | ArithmeticNode;

export type Section = 'SET' | 'REMOVE' | 'ADD' | 'DELETE';

export type UpdateAction =
  | { readonly section: 'SET'; readonly path: PathNode; readonly value: SetValueNode }
  | { readonly section: 'REMOVE'; readonly path: PathNode }
  | { readonly section: 'ADD' | 'DELETE'; readonly path: PathNode; readonly value: ValueNode | LiteralNode };

export interface UpdateNode {
  readonly actions: readonly UpdateAction[];
  /** The first section that stands twice. */
  readonly repeated: Section | undefined;
}

/** The operands of a leaf, in their order. */
export function operandsOf(leaf: LeafNode): readonly OperandNode[] {
  switch (leaf.kind) {
    case 'comparison':
      return [leaf.left, leaf.right];
    case 'between':
      return [leaf.operand, leaf.low, leaf.high];
    case 'in':
      return [leaf.operand, ...leaf.list];
    case 'call':
      return leaf.args;
  }
}

/** Every leaf of a condition, from left to right. */
export function leavesOf(condition: ConditionNode): readonly LeafNode[] {
  if (condition.kind === 'not') return leavesOf(condition.part);
  if (condition.kind === 'and' || condition.kind === 'or') return condition.parts.flatMap(leavesOf);
  return [condition];
}

/** An operand and all that stands in it, the outer before the inner. */
export function* nodesOf(operand: OperandNode): Generator<OperandNode> {
  yield operand;
  if (operand.kind === 'call') for (const arg of operand.args) yield* nodesOf(arg);
}
