// Trees as text, for tests that go round.
import type { ConditionNode, OperandNode, PathNode } from './tree.ts';

export function printPath({ steps }: PathNode): string {
  return steps
    .map((step, at) => {
      if (step.kind === 'index') return `[${step.index}]`;
      return (at === 0 ? '' : '.') + (step.kind === 'name' ? step.name : step.alias);
    })
    .join('');
}

export function printOperand(node: OperandNode): string {
  if (node.kind === 'path') return printPath(node);
  if (node.kind === 'value') return node.placeholder;
  if (node.kind === 'call') return `${node.name}(${node.args.map(printOperand).join(', ')})`;
  throw new Error('literals cannot be printed');
}

/** With parentheses about every part, and only once. */
export function printCondition(node: ConditionNode): string {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.parts.map((part) => `(${printCondition(part)})`).join(` ${node.kind.toUpperCase()} `);
    case 'not':
      return `NOT (${printCondition(node.part)})`;
    case 'comparison':
      return `${printOperand(node.left)} ${node.comparator} (${printOperand(node.right)})`;
    case 'between':
      return `${printOperand(node.operand)} between ${printOperand(node.low)} And ${printOperand(node.high)}`;
    case 'in':
      return `(${printOperand(node.operand)})IN(${node.list.map(printOperand).join(',')})`;
    case 'call':
      return printOperand(node);
  }
}
