// From the tree of an expression to a function of a row.
import type { QueryContext } from '../contract.ts';
import { rememberLast, periodOf } from '../functions/datetime.ts';
import type { Argument, Evaluate } from '../functions/function.ts';
import { wrongCount } from '../functions/general.ts';
import { functions } from '../functions/index.ts';
import { calculate } from '../functions/numeric.ts';
import { compileRegex } from '../functions/regex.ts';
import type { Row } from '../run/row.ts';
import type { CallNode, Comparison, Expression } from '../syntax/expression.ts';
import { QueryFailure } from '../syntax/token.ts';
import { compare } from '../values/order.ts';
import { floorTo } from '../values/period.ts';
import { isTrue, toNumber, toText, type Value } from '../values/value.ts';
import { eventTimestamp, type Scope } from './scope.ts';

export type Condition = (row: Row) => boolean;

/** Takes calls of aggregates and says how to get at their results; undefined where none may stand. */
export type AggregateSink = (call: CallNode) => Evaluate | undefined;

export interface Compilation {
  readonly scope: Scope;
  readonly context: QueryContext;
  /** Of the query. */
  readonly text: string;
  readonly aggregates?: AggregateSink | undefined;
}

export function compileExpression(node: Expression, compilation: Compilation): Evaluate {
  const known = node.kind === 'field' ? undefined : compilation.scope.column(textOf(node, compilation));
  if (known) return known;
  switch (node.kind) {
    case 'number':
    case 'string':
      return constantly(node.value);
    case 'boolean':
      return constantly(Number(node.value));
    case 'field':
      return compilation.scope.resolve(node);
    case 'negative':
      return compileArithmetic(
        '-',
        { kind: 'number', value: 0, start: 0, end: 0 },
        node.operand,
        compilation,
      );
    case 'arithmetic':
      return compileArithmetic(node.operator, node.left, node.right, compilation);
    case 'call':
      return compileCall(node, compilation);
    case 'period':
      throw new QueryFailure(`unexpected symbol found ${node.text}`, node);
    case 'regex':
      throw new QueryFailure('unexpected regular expression found', node);
    default: {
      const condition = compileCondition(node, compilation);
      return (row) => Number(condition(row));
    }
  }
}

export function textOf(node: Expression, { text }: Compilation): string {
  return text.slice(node.start, node.end);
}

function constantly(value: Value): Evaluate {
  return () => value;
}

/** An expression asked for truth. */
export function compileCondition(node: Expression, compilation: Compilation): Condition {
  switch (node.kind) {
    case 'and': {
      const left = compileCondition(node.left, compilation);
      const right = compileCondition(node.right, compilation);
      return (row) => left(row) && right(row);
    }
    case 'or': {
      const left = compileCondition(node.left, compilation);
      const right = compileCondition(node.right, compilation);
      return (row) => left(row) || right(row);
    }
    case 'not': {
      const operand = compileCondition(node.operand, compilation);
      return (row) => !operand(row);
    }
    case 'compare':
      return compileComparison(node.operator, node.left, node.right, compilation);
    case 'like':
      return compileLike(node.left, node.right, compilation);
    case 'in':
      return compileIn(node.left, node.items, compilation);
    case 'string':
      // `a like "x" or "y"`, which would quietly never hold.
      throw new QueryFailure('a condition is expected, not a string', node);
    default: {
      const evaluate = compileExpression(node, compilation);
      return (row) => isTrue(evaluate(row));
    }
  }
}

function compileArithmetic(
  operator: string,
  left: Expression,
  right: Expression,
  compilation: Compilation,
): Evaluate {
  const a = compileExpression(left, compilation);
  const b = compileExpression(right, compilation);
  return (row) => calculate(operator, a(row), b(row));
}

const tests: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** What is absent on either side makes a comparison false. */
function compileComparison(
  operator: Comparison,
  left: Expression,
  right: Expression,
  compilation: Compilation,
): Condition {
  const a = compileExpression(left, compilation);
  const b = compileExpression(right, compilation);
  const test = tests[operator];
  const word = right.kind === 'string' && toNumber(right.value) === undefined ? right.value : undefined;
  // The commonest filter, spared the detour over numbers: text is equal to a word only when it is that word.
  if (word !== undefined && operator === '=') {
    return (row) => {
      const value = a(row);
      return value === word || (typeof value === 'object' && toText(value) === word);
    };
  }
  return (row) => {
    const order = compare(a(row), b(row));
    return order !== undefined && test(order);
  };
}

function compileLike(left: Expression, right: Expression, compilation: Compilation): Condition {
  const evaluate = compileExpression(left, compilation);
  if (right.kind === 'regex') {
    const regex = compileRegex(right.source, right.flags, right);
    return (row) => {
      const text = toText(evaluate(row));
      return text !== undefined && regex.test(text);
    };
  }
  const part = compileExpression(right, compilation);
  return (row) => {
    const text = toText(evaluate(row));
    const search = toText(part(row));
    return text !== undefined && search !== undefined && text.includes(search);
  };
}

function compileIn(left: Expression, items: readonly Expression[], compilation: Compilation): Condition {
  const evaluate = compileExpression(left, compilation);
  const choices = items.map((item) => compileExpression(item, compilation));
  return (row) => {
    const value = evaluate(row);
    return value !== undefined && choices.some((choice) => compare(value, choice(row)) === 0);
  };
}

function compileCall(node: CallNode, compilation: Compilation): Evaluate {
  const aggregate = compilation.aggregates?.(node);
  if (aggregate) return aggregate;
  if (node.name === 'bin') return compileBin(node, compilation);
  const spec = functions.get(node.name);
  const name = textOf(node, compilation).split('(')[0] ?? '';
  if (!spec || node.star) throw new QueryFailure(`unexpected function found ${name.trim()}`, node);
  const count = node.arguments.length;
  if (count < spec.least || count > spec.most) throw wrongCount(name.trim(), spec, node);
  return spec.compile(
    node.arguments.map((argument) => compileArgument(argument, compilation)),
    compilation.context,
  );
}

/** Periods and patterns have no value of their own: the function reads them from the tree. */
function compileArgument(node: Expression, compilation: Compilation): Argument {
  if (node.kind === 'period' || node.kind === 'regex')
    return { node, evaluate: constantly(undefined), constant: undefined };
  const constant = node.kind === 'string' || node.kind === 'number' ? node.value : undefined;
  return { node, evaluate: compileExpression(node, compilation), constant };
}

function compileBin(node: CallNode, compilation: Compilation): Evaluate {
  const [argument] = node.arguments;
  if (!argument || node.arguments.length !== 1) {
    throw new QueryFailure('the function bin takes a period such as 5m', node);
  }
  const period = periodOf({ node: argument });
  const { start, end } = node;
  const timestamp = compilation.scope.resolve({ kind: 'field', steps: ['@timestamp'], start, end });
  const remembered = rememberLast((ms) => floorTo(period, ms));
  // The usual case, spared an object for each event.
  if (timestamp === eventTimestamp) return (row) => remembered(row.timestampMs);
  return (row) => {
    const ms = toNumber(timestamp(row));
    return ms === undefined ? undefined : remembered(ms);
  };
}
