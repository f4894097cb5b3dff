// Values while a query runs. Everything a structured clone carries over, and nothing else.
import type { Json } from '@pergola/kernel';

/** A point in time; shown as `YYYY-MM-DD HH:MM:SS.mmm`. */
export interface Instant {
  readonly kind: 'instant';
  readonly ms: number;
}

/** A map or list, as jsonParse makes them. */
export interface Structure {
  readonly kind: 'structure';
  readonly json: Json;
}

/**
 * Undefined is absence. Truth is 1 and 0. What is found in JSON messages is text, true and false as `1` and `0`, and
 * numbers as they are written there unless they are whole and a double holds them: so no digit is lost.
 */
export type Value = string | number | undefined | Instant | Structure;

export function instant(ms: number): Instant {
  return { kind: 'instant', ms };
}

export function structure(json: Json): Structure {
  return { kind: 'structure', json };
}

/** A value out of a JSON document; null is absence. */
export function fromJson(json: Json | undefined): Value {
  if (json === null || json === undefined) return undefined;
  if (typeof json === 'boolean') return json ? 1 : 0;
  return typeof json === 'object' ? structure(json) : json;
}

/** The number that a value is or spells; undefined for all else. Instants count as milliseconds. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return numberIn(value);
  return value?.kind === 'instant' ? value.ms : undefined;
}

/** Decimal notation with or without exponent; no blanks, no hexadecimal, nothing infinite. */
export function numberIn(text: string): number | undefined {
  const first = text.charCodeAt(0);
  // Only digits, signs and the point begin a number, and only digits and the point end one.
  if (!isDigit(first) && first !== 0x2b && first !== 0x2d && first !== 0x2e) return undefined;
  const last = text.charCodeAt(text.length - 1);
  if (!isDigit(last) && last !== 0x2e) return undefined;
  const second = text.charCodeAt(1);
  // 0x, 0b and 0o.
  if (first === 0x30 && second >= 0x42 && second !== 0x45 && second !== 0x65) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Text for functions on strings; maps and lists count as absent. */
export function toText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || (typeof value === 'object' && value.kind === 'structure')) return undefined;
  return render(value);
}

/** Whether a value counts as true. */
export function isTrue(value: Value): boolean {
  if (value === undefined) return false;
  const number = toNumber(value);
  if (number !== undefined) return number !== 0;
  return typeof value === 'string' && value.toLowerCase() === 'true';
}

/** How results show a value that is present. */
export function render(value: Exclude<Value, undefined>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return renderNumber(value);
  return value.kind === 'instant' ? renderInstant(value.ms) : JSON.stringify(value.json);
}

/** Whole numbers in full; others with at most four decimals; what would vanish so, in scientific notation. */
export function renderNumber(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? String(value + 0) : BigInt(value).toString();
  if (Math.abs(value) < 0.0001) return value.toExponential().replace('e', 'E');
  const fixed = value.toFixed(4).replace(/\.?0+$/, '');
  return fixed === '-0' ? '0' : fixed;
}

/** Instants beyond what the calendar of JavaScript holds are shown as milliseconds. */
function renderInstant(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return renderNumber(ms);
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}
