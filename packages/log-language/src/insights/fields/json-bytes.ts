// The tokens of JSON in bytes. Each function says where a token ends, or -1 when there is none before `end`.

/** Behind spaces, tabs and line breaks. */
export function afterBlanks(bytes: Uint8Array, position: number, end: number): number {
  // Most JSON is written without blanks.
  if ((bytes[position] ?? 0) > 0x20) return position;
  let at = position;
  while (at < end && blanks[bytes[at] ?? 0] === 1) at += 1;
  return at;
}

const blanks = new Uint8Array(256);
for (const blank of [0x20, 0x0a, 0x0d, 0x09]) blanks[blank] = 1;

/** Bytes at which the scan of a string stops: its quote, a backslash, and what must not stand in one. */
const stops = new Uint8Array(256).fill(1, 0, 0x20);
stops[0x22] = 1;
stops[0x5c] = 1;

/** Where the scan of a string that goes on at `position` stops; at most `end`. */
export function stopOfString(bytes: Uint8Array, position: number, end: number): number {
  let at = position;
  while (at < end && stops[bytes[at] ?? 0] === 0) at += 1;
  return at;
}

/** Behind the escape whose backslash stands at `position`; -1 also when there is none. */
export function afterEscape(bytes: Uint8Array, position: number, end: number): number {
  if (bytes[position] !== 0x5c) return -1;
  const length = escapeLength(bytes, position + 1, end);
  return length === 0 ? -1 : position + 1 + length;
}

const simpleEscapes = new Uint8Array(256);
for (const char of Buffer.from('"\\/bfnrt')) simpleEscapes[char] = 1;
const hexDigits = new Uint8Array(256);
for (const char of Buffer.from('0123456789abcdefABCDEF')) hexDigits[char] = 1;

/** How many bytes follow a backslash as its escape; 0 when it is none. */
function escapeLength(bytes: Uint8Array, position: number, end: number): number {
  if (position >= end) return 0;
  if (simpleEscapes[bytes[position] ?? 0] === 1) return 1;
  if (bytes[position] !== 0x75 || position + 5 > end) return 0;
  for (let at = position + 1; at < position + 5; at += 1) if (hexDigits[bytes[at] ?? 0] === 0) return 0;
  return 5;
}

export function afterNumber(bytes: Uint8Array, position: number, end: number): number {
  const first = bytes[position] === 0x2d ? position + 1 : position;
  const whole = afterDigits(bytes, first, end);
  // No zero leads other digits.
  if (whole < 0 || (bytes[first] === 0x30 && whole !== first + 1)) return -1;
  return whole < end && continuesNumber[bytes[whole] ?? 0] === 1 ? afterFraction(bytes, whole, end) : whole;
}

/** 1 for bytes that make more of a number than its digits; anything else ends it. */
export const continuesNumber = new Uint8Array(256);
for (const char of Buffer.from('.eE')) continuesNumber[char] = 1;

/** Behind the fraction, the exponent or both that begin at `position`. */
function afterFraction(bytes: Uint8Array, position: number, end: number): number {
  const fraction = bytes[position] === 0x2e ? afterDigits(bytes, position + 1, end) : position;
  if (fraction < 0 || fraction >= end) return fraction;
  if (bytes[fraction] !== 0x65 && bytes[fraction] !== 0x45) return fraction;
  const sign = bytes[fraction + 1];
  return afterDigits(bytes, fraction + (sign === 0x2b || sign === 0x2d ? 2 : 1), end);
}

/** Behind one digit or more. */
function afterDigits(bytes: Uint8Array, position: number, end: number): number {
  let at = position;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) break;
    at += 1;
  }
  return at === position ? -1 : at;
}

/** Behind `true`, `false` or `null`. */
export function afterLiteral(bytes: Uint8Array, position: number, end: number): number {
  const literal = literals[bytes[position] ?? 0];
  if (literal === undefined || position + literal.length > end) return -1;
  for (let index = 0; index < literal.length; index += 1) {
    if (bytes[position + index] !== literal[index]) return -1;
  }
  return position + literal.length;
}

const literals: (Uint8Array | undefined)[] = [];
for (const text of ['true', 'false', 'null']) literals[text.charCodeAt(0)] = Buffer.from(text);
