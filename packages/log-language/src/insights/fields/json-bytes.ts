// The tokens of JSON in bytes. Each function says where a token ends, or -1 when there is none.

/** Behind spaces, tabs and line breaks. */
export function afterBlanks(bytes: Buffer, position: number, end: number): number {
  let at = position;
  while (at < end) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at += 1;
  }
  return at;
}

/** Behind the string whose quote opens at `position`. */
export function afterString(bytes: Buffer, position: number, end: number): number {
  for (let at = position + 1; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x22) return at + 1;
    if (byte < 0x20) return -1;
    if (byte === 0x5c) {
      const escape = escapeLength(bytes, at + 1, end);
      if (escape === 0) return -1;
      at += escape;
    }
  }
  return -1;
}

/** How many bytes follow a backslash as its escape; 0 when it is none. */
function escapeLength(bytes: Buffer, position: number, end: number): number {
  if (position >= end) return 0;
  switch (bytes[position]) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return 1;
    case 0x75:
      break;
    default:
      return 0;
  }
  if (position + 5 > end) return 0;
  for (let at = position + 1; at < position + 5; at += 1) if (!isHex(bytes[at] ?? 0)) return 0;
  return 5;
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

export function afterNumber(bytes: Buffer, position: number, end: number): number {
  let at = bytes[position] === 0x2d ? position + 1 : position;
  const whole = afterDigits(bytes, at, end);
  if (whole < 0) return -1;
  // No zero leads other digits.
  if (bytes[at] === 0x30 && whole !== at + 1) return -1;
  at = whole;
  if (at < end && bytes[at] === 0x2e) {
    at = afterDigits(bytes, at + 1, end);
    if (at < 0) return -1;
  }
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    const sign = at + 1 < end && (bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d) ? 1 : 0;
    at = afterDigits(bytes, at + 1 + sign, end);
  }
  return at;
}

/** Behind one digit or more. */
function afterDigits(bytes: Buffer, position: number, end: number): number {
  let at = position;
  while (at < end && isDigit(bytes[at])) at += 1;
  return at === position ? -1 : at;
}

/** Behind `true`, `false` or `null`. */
export function afterLiteral(bytes: Buffer, position: number, end: number): number {
  const literal = literals.get(bytes[position] ?? 0);
  if (literal === undefined || position + literal.length > end) return -1;
  for (let index = 0; index < literal.length; index += 1) {
    if (bytes[position + index] !== literal[index]) return -1;
  }
  return position + literal.length;
}

const literals: ReadonlyMap<number, Uint8Array> = new Map(
  ['true', 'false', 'null'].map((text) => [text.charCodeAt(0), Buffer.from(text)]),
);
