// The order of strings and bytes: DynamoDB compares strings by their UTF-8 bytes, which is the order of code points.

/** Orders strings by code points. Code units order surrogates wrongly: they are lifted above the rest. */
export function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Orders byte strings as unsigned bytes. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function bytesStartWith(whole: Uint8Array, start: Uint8Array): boolean {
  return whole.length >= start.length && compareBytes(whole.subarray(0, start.length), start) === 0;
}
