// What an event must contain, in bytes, to pass a filter: a cheap test before the true one. It may let through
// what does not match, and must never hold back what does. Values in JSON can be written with escapes, so for
// fields the escape itself counts as a hit.
import type { Expression, FieldNode } from '../syntax/expression.ts';
import { nameOf } from '../syntax/expression.ts';
import { compileRegex, literalOf } from '../functions/regex.ts';
import { numberIn } from '../values/value.ts';
import type { EventScope } from './scope.ts';

export interface Needles {
  /** An event that matches holds at least one of them. */
  readonly any: readonly Buffer[];
  /** Whether an event that holds one of them surely matches. */
  readonly exact: boolean;
}

/** More of them cost more than they save. */
const needlesMax = 6;
const unicodeEscape = Buffer.from('\\u');

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
  if (words.some((word) => /["\\/\u0000-\u001f]/.test(word))) return undefined;
  return { any: [...any, unicodeEscape], exact: false };
}

/** What is no text, or stands for it, in invalid UTF-8 is not in the bytes as such. */
function isWellFormed(word: string): boolean {
  return Buffer.from(word).toString() === word && !word.includes('\ufffd');
}

/** For each alternative of a pattern the longest word without which it cannot match; undefined when one has none. */
export function requiredWords(regex: RegExp): string[] | undefined {
  if (/[iu]/.test(regex.flags)) return undefined;
  const words: string[] = [];
  for (const alternative of alternatives(regex.source)) {
    const word = longestRun(alternative);
    if (word.length < 2) return undefined;
    words.push(word);
  }
  return words;
}

/** The pattern's pieces at its top level: characters, escapes, classes and groups. */
function pieces(source: string): string[] {
  const found: string[] = [];
  for (let index = 0; index < source.length; ) {
    const end = pieceEnd(source, index);
    found.push(source.slice(index, end));
    index = end;
  }
  return found;
}

/** Escapes that are longer than a backslash and a letter. */
const escape = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|k<[^>]*>|\d+)/;

function pieceEnd(source: string, start: number): number {
  const char = source[start];
  if (char === '\\') return start + (escape.exec(source.slice(start, start + 64))?.[0].length ?? 2);
  if (char === '{') return Math.max(source.indexOf('}', start), start) + 1;
  if (char !== '[' && char !== '(') return start + 1;
  let depth = 0;
  let inClass = false;
  for (let index = start; index < source.length; index += 1) {
    const at = source[index];
    if (at === '\\') index += 1;
    else if (inClass) inClass = at !== ']';
    else if (at === '[') inClass = true;
    else if (at === '(') depth += 1;
    else if (at === ')') depth -= 1;
    if (depth === 0 && !inClass && index > start) return index + 1;
  }
  return source.length;
}

function alternatives(source: string): string[][] {
  const found: string[][] = [[]];
  for (const piece of pieces(source)) {
    if (piece === '|') found.push([]);
    else found.at(-1)?.push(piece);
  }
  return found;
}

function longestRun(alternative: readonly string[]): string {
  let best = '';
  let run = '';
  const close = () => {
    if (run.length > best.length) best = run;
    run = '';
  };
  for (const piece of alternative) {
    const literal = literalPiece(piece);
    if (literal !== undefined) {
      run += literal;
      continue;
    }
    // The character before a quantifier may be missing, unless the quantifier is a plus.
    if (/^[*?{]/.test(piece)) run = run.slice(0, -1);
    close();
  }
  close();
  return best;
}

function literalPiece(piece: string): string | undefined {
  if (/^\\[^A-Za-z0-9]$/.test(piece)) return piece.slice(1);
  return piece.length === 1 && !/[\\^$.*+?()[\]{}|]/.test(piece) ? piece : undefined;
}
