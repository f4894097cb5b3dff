// Whether a text or bytes stand within others, in time that grows with their lengths and never with the product of them:
// the engine's own search compares a part of 200 kB made for it billions of times.

/** Up to this length the engine's search is the faster one, whatever it is given. */
const SHORT_MAX = 16;

export function textIncludes(whole: string, part: string): boolean {
  if (part.length <= SHORT_MAX || part.length >= whole.length) return whole.includes(part);
  return includes(
    { length: whole.length, at: (index) => whole.charCodeAt(index) },
    { length: part.length, at: (index) => part.charCodeAt(index) },
  );
}

export function bytesInclude(whole: Uint8Array, part: Uint8Array): boolean {
  if (part.length <= SHORT_MAX || part.length >= whole.length)
    return bufferOf(whole).includes(bufferOf(part));
  return includes(
    { length: whole.length, at: (index) => whole[index] ?? 0 },
    { length: part.length, at: (index) => part[index] ?? 0 },
  );
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface Units {
  readonly length: number;
  readonly at: (index: number) => number;
}

/** Knuth, Morris and Pratt: no unit of the whole is looked at again after it has matched. */
function includes(whole: Units, part: Units): boolean {
  const borders = bordersOf(part);
  let matched = 0;
  for (let index = 0; index < whole.length; index += 1) {
    matched = grown(matched, whole.at(index), part, borders);
    if (matched === part.length) return true;
  }
  return false;
}

/** For each length of a beginning of the part, the length of its longest beginning that is its end too. */
function bordersOf(part: Units): Uint32Array {
  const borders = new Uint32Array(part.length + 1);
  let border = 0;
  for (let index = 1; index < part.length; index += 1) {
    border = grown(border, part.at(index), part, borders);
    borders[index + 1] = border;
  }
  return borders;
}

/** How much of the part matches when one more unit has been read. */
function grown(matched: number, unit: number, part: Units, borders: Uint32Array): number {
  let length = matched;
  while (length > 0 && part.at(length) !== unit) length = borders[length] ?? 0;
  return part.at(length) === unit ? length + 1 : length;
}
