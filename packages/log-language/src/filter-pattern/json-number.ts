// The text of a number in a JSON document. Parsed, `12.0` and `12` are the same, and 64 bits do not fit.
import type { ValuePath } from './json-selector.ts';

const SPACE = /\s*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,\]}]+/y;
const STRUCTURE = /[[\]{}"]/g;

/** What stands at `path` in `text`, which is valid JSON and has a number or another scalar there. */
export function scalarText(text: string, path: ValuePath): string {
  let at = 0;
  for (const step of path)
    at = typeof step === 'number' ? elementAt(text, at, step) : memberAt(text, at, step);
  return sticky(SCALAR, text, skipSpace(text, at));
}

function elementAt(text: string, array: number, index: number): number {
  let at = skipSpace(text, array) + 1;
  for (let passed = 0; passed < index; passed++) at = skipSpace(text, skipValue(text, at)) + 1;
  return at;
}

/** Of a name that is there twice the last one counts, as for JSON.parse. */
function memberAt(text: string, object: number, name: string): number {
  let found = object;
  let at = skipSpace(text, object);
  do {
    at = skipSpace(text, at + 1);
    const key = sticky(STRING, text, at);
    const value = skipSpace(text, at + key.length) + 1;
    if (JSON.parse(key) === name) found = value;
    at = skipSpace(text, skipValue(text, value));
  } while (text[at] === ',');
  return found;
}

function skipValue(text: string, start: number): number {
  const at = skipSpace(text, start);
  if (text[at] === '"') return at + sticky(STRING, text, at).length;
  if (text[at] !== '{' && text[at] !== '[') return at + sticky(SCALAR, text, at).length;
  let depth = 0;
  STRUCTURE.lastIndex = at;
  for (let found = STRUCTURE.exec(text); found; found = STRUCTURE.exec(text)) {
    const [char] = found;
    if (char === '"') STRUCTURE.lastIndex = found.index + sticky(STRING, text, found.index).length;
    else depth += char === '{' || char === '[' ? 1 : -1;
    if (depth === 0) return STRUCTURE.lastIndex;
  }
  return text.length;
}

function skipSpace(text: string, at: number): number {
  return at + sticky(SPACE, text, at).length;
}

function sticky(expression: RegExp, text: string, at: number): string {
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? '';
}
