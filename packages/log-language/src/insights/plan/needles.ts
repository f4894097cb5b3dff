// What an event must contain, in bytes, to pass a filter: a cheap test before the true one. It may let through
// what does not match, and must never hold back what does. Values in JSON can be written with escapes, so for
// fields the escape itself counts as a hit.
import type { Expression, FieldNode } from '../syntax/expression.ts';
import { nameOf } from '../syntax/expression.ts';
import { compileRegex, literalOf } from '../functions/regex.ts';
import { numberIn } from '../values/value.ts';
import { requiredWords } from './required-words.ts';
import type { EventScope } from './scope.ts';

export interface Needles {
  /** An event that matches holds at least one of them. */
  readonly any: readonly Buffer[];
  /** Whether an event that holds one of them surely matches. */
  readonly exact: boolean;
}

/** More of them cost more than they save. */
const needlesMax = 6;
/** How any letter of a string in JSON may be written. */
export const unicodeEscape = Buffer.from('\\u');

/** Undefined when nothing can be said. */
export function needlesOf(node: Expression, scope: EventScope): Needles | undefined {
  switch (node.kind) {
    case 'and':
      return better(needlesOf(node.left, scope), needlesOf(node.right, scope));
    case 'or':
      return either([needlesOf(node.left, scope), needlesOf(node.right, scope)]);
    case 'compare':
      return node.operator === '=' ? equality(node.left, node.right, scope) : undefined;
    case 'in':
      return either(node.items.map((item) => equality(node.left, item, scope)));
    case 'like':
      return likeness(node.left, node.right, scope);
    default:
      return undefined;
  }
}

/** Of two that must both hold, the one with the longer words. Neither is exact any more. */
function better(left: Needles | undefined, right: Needles | undefined): Needles | undefined {
  const best = shortest(left) >= shortest(right) ? (left ?? right) : (right ?? left);
  return best && { any: best.any, exact: false };
}

function shortest(needles: Needles | undefined): number {
  const words = needles?.any.filter((needle) => needle !== unicodeEscape) ?? [];
  return words.length === 0 ? 0 : Math.min(...words.map((needle) => needle.length));
}

function either(all: readonly (Needles | undefined)[]): Needles | undefined {
  const any: Buffer[] = [];
  for (const needles of all) {
    if (!needles) return undefined;
    for (const needle of needles.any) if (!any.some((known) => known.equals(needle))) any.push(needle);
  }
  if (any.length === 0 || any.length > needlesMax) return undefined;
  return { any, exact: all.every((needles) => needles?.exact) };
}

/** `field = "word"`, either way round. Numbers can be written in too many ways. */
function equality(left: Expression, right: Expression, scope: EventScope): Needles | undefined {
  const field = left.kind === 'field' ? left : right.kind === 'field' ? right : undefined;
  const literal = left.kind === 'string' ? left : right.kind === 'string' ? right : undefined;
  if (!field || !literal || numberIn(literal.value) !== undefined) return undefined;
  const needles = wordsIn(field, [literal.value], scope);
  return needles && { any: needles.any, exact: false };
}

function likeness(left: Expression, right: Expression, scope: EventScope): Needles | undefined {
  if (left.kind !== 'field') return undefined;
  if (right.kind === 'string') return contained(left, right.value, scope);
  if (right.kind !== 'regex') return undefined;
  const regex = compileRegex(right.source, right.flags, right);
  const literal = literalOf(regex);
  if (literal !== undefined) return contained(left, literal, scope);
  const words = requiredWords(regex);
  const needles = words && wordsIn(left, words, scope);
  return needles && { any: needles.any, exact: false };
}

function contained(field: FieldNode, part: string, scope: EventScope): Needles | undefined {
  // True and false are shown as 1 and 0, which the message does not hold.
  if (nameOf(field) !== '@message' && (part === '1' || part === '0')) return undefined;
  return wordsIn(field, [part], scope);
}

function wordsIn(field: FieldNode, words: readonly string[], scope: EventScope): Needles | undefined {
  if (words.length > needlesMax || words.some((word) => word === '' || !isWellFormed(word))) return undefined;
  if (scope.isAlias(field)) return undefined;
  const name = nameOf(field);
  const any = words.map((word) => Buffer.from(word));
  if (name === '@message') return { any, exact: true };
  if (name.startsWith('@') && !name.startsWith('@@')) return undefined;
  // These can be written with a backslash and another letter than u.
  if (words.some((word) => /["\\/\p{Cc}]/u.test(word))) return undefined;
  return { any: [...any, unicodeEscape], exact: false };
}

/** What is no text, or stands for it, in invalid UTF-8 is not in the bytes as such. */
function isWellFormed(word: string): boolean {
  return Buffer.from(word).toString() === word && !word.includes('\ufffd');
}
