// String functions.
import { isTrue, structure, toNumber, toText, type Value } from '../values/value.ts';
import { QueryFailure } from '../syntax/token.ts';
import {
  type Argument,
  argumentAt,
  type Evaluate,
  type LanguageFunction,
  ofText,
  ofTexts,
  unary,
  variadic,
} from './function.ts';
import { decimalToHex, hexToDecimal } from './numeric.ts';
import { compileRegex } from './regex.ts';

const many = 100;

export const textFunctions: Readonly<Record<string, LanguageFunction>> = {
  isempty: unary((value) => Number(value === undefined || value === '')),
  isblank: unary((value) =>
    Number(value === undefined || (typeof value === 'string' && value.trim() === '')),
  ),
  concat: variadic(1, many, (...values) => values.map((value) => toText(value) ?? '').join('')),
  ltrim: ofTexts(1, 2, (text, set) => trimLeft(text, set)),
  rtrim: ofTexts(1, 2, (text, set) => trimRight(text, set)),
  trim: ofTexts(1, 2, (text, set) => trimLeft(trimRight(text, set), set)),
  strlen: ofText((text) => lengthOf(text)),
  toupper: ofText((text) => text.toUpperCase()),
  tolower: ofText((text) => text.toLowerCase()),
  substr: variadic(2, 3, substring),
  replace: ofTexts(3, 3, (text, search = '', by = '') =>
    search === '' ? text : text.replaceAll(search, () => by),
  ),
  regexreplace: { least: 3, most: 3, compile: (given) => regexReplace(given) },
  strcontains: variadic(2, 3, contains),
  startswith: ofTexts(2, 2, (text, start = '') => Number(text.startsWith(start))),
  endswith: ofTexts(2, 2, (text, end = '') => Number(text.endsWith(end))),
  urlencode: ofText((text) => urlEncode(text)),
  urldecode: ofText(urlDecode),
  base64encode: ofText((text) => Buffer.from(text).toString('base64')),
  base64decode: ofText(base64Decode),
  split: ofTexts(2, 2, (text, by = '') => structure(by === '' ? [text] : text.split(by))),
  hextoascii: ofText(hexToAscii),
  hextodec: unary(hexToDecimal),
  dectohex: unary(decimalToHex),
};

function trimLeft(text: string, set?: string): string {
  if (set === undefined) return text.trimStart();
  let start = 0;
  while (start < text.length && set.includes(text.charAt(start))) start += 1;
  return text.slice(start);
}

function trimRight(text: string, set?: string): string {
  if (set === undefined) return text.trimEnd();
  let end = text.length;
  while (end > 0 && set.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** In code points. */
function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) length -= 1;
  }
  return length;
}

/** From an index that counts from 0, in code points; so many of them, or all. */
function substring(value: Value, from: Value, count: Value): Value {
  const text = toText(value);
  const start = toNumber(from);
  const length = count === undefined ? undefined : toNumber(count);
  if (text === undefined || start === undefined || start < 0) return undefined;
  if (count !== undefined && (length === undefined || length < 0)) return undefined;
  const points = lengthOf(text) === text.length ? text : Array.from(text);
  const end = length === undefined ? undefined : Math.trunc(start) + Math.trunc(length);
  const part = points.slice(Math.trunc(start), end);
  return typeof part === 'string' ? part : part.join('');
}

function contains(value: Value, search: Value, insensitive: Value): Value {
  const text = toText(value);
  const part = toText(search);
  if (text === undefined || part === undefined) return 0;
  if (!isTrue(insensitive)) return Number(text.includes(part));
  return Number(text.toLowerCase().includes(part.toLowerCase()));
}

function regexReplace(given: readonly Argument[]): Evaluate {
  const { node } = argumentAt(given, 1);
  if (node.kind !== 'string' && node.kind !== 'regex') {
    throw new QueryFailure('the pattern of regexReplace must be written in the query', node);
  }
  const source = node.kind === 'regex' ? node.source : node.value;
  const regex = compileRegex(source, node.kind === 'regex' ? node.flags : '', node);
  const all = new RegExp(regex.source, `${regex.flags}g`);
  const { evaluate } = argumentAt(given, 0);
  const replacement = argumentAt(given, 2).evaluate;
  return (row) => {
    const text = toText(evaluate(row));
    const by = toText(replacement(row));
    return text === undefined || by === undefined ? undefined : text.replace(all, javascriptReplacement(by));
  };
}

/** `\1` and `$1` stand for groups; `$&` and its like mean nothing. */
function javascriptReplacement(by: string): string {
  return by.replace(/\$(?!\d)/g, '$$$$').replace(/\\(\d)/g, '$$$1');
}

/** Everything but letters, digits and `-_.~`. */
function urlEncode(text: string): string {
  // Half of a surrogate pair has no encoding.
  const whole = text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  );
  return encodeURIComponent(whole).replace(/[!'()*]/g, percent);
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function urlDecode(text: string): Value {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not an encoding: there is no value.
    return undefined;
  }
}

function base64Decode(text: string): Value {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString() : undefined;
}

function hexToAscii(text: string): Value {
  const digits = text.replace(/^0[xX]/, '');
  return /^(?:[0-9a-fA-F]{2})*$/.test(digits) ? Buffer.from(digits, 'hex').toString('latin1') : undefined;
}
