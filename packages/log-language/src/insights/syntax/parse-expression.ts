// Expressions by recursive descent, one function for each strength of binding, the weakest first.
import type { Cursor } from './cursor.ts';
import type { Arithmetic, Comparison, Expression, Named } from './expression.ts';
import { nameOf } from './expression.ts';
import type { Token } from './token.ts';

const comparisons: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
/** Words that cannot begin an operand. */
const reserved: ReadonlySet<string> = new Set(['and', 'or', 'as', 'by', 'like', 'in', 'asc', 'desc']);

export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => parseOr(cursor));
}

/** `expression [as name]`. */
export function parseNamed(cursor: Cursor): Named {
  const expression = parseExpression(cursor);
  const { start, end } = expression;
  if (cursor.takeWord('as')) {
    const { name, place } = cursor.alias();
    return { expression, name, start, end: place.end };
  }
  const name = expression.kind === 'field' ? nameOf(expression) : cursor.text.slice(start, end);
  return { expression, name, start, end };
}

function parseOr(cursor: Cursor): Expression {
  let left = parseAnd(cursor);
  while (cursor.takeWord('or')) {
    const right = parseAnd(cursor);
    left = { kind: 'or', left, right, start: left.start, end: right.end };
  }
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  let left = parseNot(cursor);
  while (cursor.takeWord('and')) {
    const right = parseNot(cursor);
    left = { kind: 'and', left, right, start: left.start, end: right.end };
  }
  return left;
}

function parseNot(cursor: Cursor): Expression {
  if (!cursor.isWord('not')) return parseComparison(cursor);
  const { start } = cursor.take();
  const operand = cursor.nested(() => parseNot(cursor));
  return { kind: 'not', operand, start, end: operand.end };
}

function parseComparison(cursor: Cursor): Expression {
  const left = parseSum(cursor);
  const token = cursor.peek();
  const { start } = left;
  if (token.kind === 'symbol' && comparisons.has(token.text)) {
    cursor.take();
    const right = parseSum(cursor);
    return { kind: 'compare', operator: token.text as Comparison, left, right, start, end: right.end };
  }
  const negated = cursor.takeWord('not');
  const matched = parseMembership(cursor, left);
  if (negated && !matched) throw cursor.unexpected();
  if (!matched) return left;
  return negated ? { kind: 'not', operand: matched, start, end: matched.end } : matched;
}

/** `like …`, `=~ …` and `in […]` behind `left`. */
function parseMembership(cursor: Cursor, left: Expression): Expression | undefined {
  const { start } = left;
  if (cursor.takeWord('like') || cursor.takeSymbol('=~')) {
    const right = parseRegex(cursor) ?? parseSum(cursor);
    return { kind: 'like', left, right, start, end: right.end };
  }
  if (!cursor.takeWord('in')) return undefined;
  cursor.expectSymbol('[');
  const items = cursor.isSymbol(']') ? [] : cursor.list(() => parseExpression(cursor));
  return { kind: 'in', left, items, start, end: cursor.expectSymbol(']').end };
}

export function parseRegex(cursor: Cursor): Expression | undefined {
  const regex = cursor.lexer.takeRegex();
  return regex && { kind: 'regex', ...regex };
}

function parseSum(cursor: Cursor): Expression {
  let left = parseProduct(cursor);
  while (cursor.isSymbol('+') || cursor.isSymbol('-')) {
    left = binary(cursor.take(), left, parseProduct(cursor));
  }
  return left;
}

function parseProduct(cursor: Cursor): Expression {
  let left = parsePower(cursor);
  while (cursor.isSymbol('*') || cursor.isSymbol('/') || cursor.isSymbol('%')) {
    left = binary(cursor.take(), left, parsePower(cursor));
  }
  return left;
}

function parsePower(cursor: Cursor): Expression {
  const left = parseSigned(cursor);
  if (!cursor.isSymbol('^')) return left;
  const operator = cursor.take();
  return binary(
    operator,
    left,
    cursor.nested(() => parsePower(cursor)),
  );
}

function binary(operator: Token, left: Expression, right: Expression): Expression {
  const { start } = left;
  return { kind: 'arithmetic', operator: operator.text as Arithmetic, left, right, start, end: right.end };
}

function parseSigned(cursor: Cursor): Expression {
  if (!cursor.isSymbol('-')) return parsePrimary(cursor);
  const { start } = cursor.take();
  const operand = cursor.nested(() => parseSigned(cursor));
  if (operand.kind === 'number') return { kind: 'number', value: -operand.value, start, end: operand.end };
  return { kind: 'negative', operand, start, end: operand.end };
}

/** An operand by itself: a field, a literal, a call, or anything in parentheses. */
export function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.peek();
  const { start, end } = token;
  if (token.kind === 'string') return { kind: 'string', value: cursor.take().text, start, end };
  if (token.kind === 'number') return number(cursor.take());
  if (token.kind === 'period') return { kind: 'period', text: cursor.take().text, start, end };
  if (token.kind === 'quoted') return cursor.field();
  if (token.kind === 'word') return parseWord(cursor, token);
  if (!cursor.takeSymbol('(')) throw cursor.unexpected();
  const inner = parseExpression(cursor);
  return { ...inner, start, end: cursor.expectSymbol(')').end };
}

/** A number that a double cannot hold stays as it is written. */
function number({ text, start, end }: Token): Expression {
  const value = Number(text);
  if (Number.isSafeInteger(value) || !/^\d+$/.test(text)) return { kind: 'number', value, start, end };
  return { kind: 'string', value: text, start, end };
}

function parseWord(cursor: Cursor, token: Token): Expression {
  const lower = token.text.toLowerCase();
  if (reserved.has(lower)) throw cursor.unexpected();
  const field = cursor.field();
  if (cursor.isSymbol('(') && field.end === token.end) return parseCall(cursor, token);
  if (field.end === token.end && (lower === 'true' || lower === 'false')) {
    return { kind: 'boolean', value: lower === 'true', start: token.start, end: token.end };
  }
  return field;
}

function parseCall(cursor: Cursor, name: Token): Expression {
  cursor.expectSymbol('(');
  const star = cursor.takeSymbol('*');
  const items = star || cursor.isSymbol(')') ? [] : cursor.list(() => parseArgument(cursor));
  const { end } = cursor.expectSymbol(')');
  const canonical = name.text.toLowerCase().replaceAll('_', '');
  return { kind: 'call', name: canonical, arguments: items, star, start: name.start, end };
}

/** A regular expression may stand where a pattern is wanted. */
function parseArgument(cursor: Cursor): Expression {
  return parseRegex(cursor) ?? parseExpression(cursor);
}
