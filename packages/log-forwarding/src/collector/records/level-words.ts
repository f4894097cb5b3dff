// Finds the words that tell a level in a message, on bytes and in one pass: most positions are skipped by looking at
// two bytes and a table (Wu and Manber's search), so a line without any such word costs a third of its length.

/** The severest first: the order in which structured patterns are tried. */
export const levels = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warn',
  'notice',
  'info',
  'debug',
  'trace',
] as const;

/** What stands at a place beside the levels' own names. */
const levelKey = levels.length;
const date = levels.length + 2;

const words = [...levels, 'level', 'value:'].map((word) => Buffer.from(word));
/** `dd-dd`, as in every ISO date; each digit stands for all. */
const datePattern = Buffer.from('0-00');
const blockSize = 2;
const shortest = 4;

/** ASCII letters in lower case, digits as `0`; everything else as it is. */
const fold = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20;
  return byte >= 0x30 && byte <= 0x39 ? 0x30 : byte;
});

/** How far the window may move when its last two bytes are these. */
const shifts = new Uint8Array(65536).fill(shortest - blockSize + 1);
/** The words whose first four bytes end in these two. */
const candidates = new Map<number, number[]>();

for (const [index, word] of [...words, datePattern].entries()) {
  for (let at = 0; at + blockSize <= shortest; at++) {
    const block = ((word[at] as number) << 8) | (word[at + 1] as number);
    const shift = shortest - blockSize - at;
    shifts[block] = Math.min(shifts[block] as number, shift);
    if (shift === 0) candidates.set(block, [...(candidates.get(block) ?? []), index]);
  }
}

/** What was found in a message. Reused for each. */
export interface LevelWords {
  /** The level whose name comes first; -1: none. */
  earliest: number;
  /** Where `level` stands for the first time, and where a date may begin; -1: nowhere. */
  levelAt: number;
  dateAt: number;
  /** Whether any `level` or `Value:` is there. */
  structured: boolean;
}

/** Looks through bytes from `start` to `end`. */
export function findLevelWords(bytes: Uint8Array, start: number, end: number, found: LevelWords): void {
  found.earliest = -1;
  found.levelAt = -1;
  found.dateAt = -1;
  found.structured = false;
  let at = start;
  while (at + shortest <= end) {
    const last = at + shortest - blockSize;
    const block =
      ((fold[bytes[last] as number] as number) << 8) | (fold[bytes[last + 1] as number] as number);
    const shift = shifts[block] as number;
    if (shift > 0) at += shift;
    else {
      inspect(bytes, { at, start, end, block }, found);
      at += 1;
    }
  }
}

interface Place {
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly block: number;
}

function inspect(bytes: Uint8Array, place: Place, found: LevelWords): void {
  for (const index of candidates.get(place.block) ?? []) {
    const word = words[index] ?? datePattern;
    if (!standsAt(bytes, place, word)) continue;
    if (index < levels.length) noteLevel(bytes, { place, index }, found);
    else note(index, place.at, found);
  }
}

function noteLevel(
  bytes: Uint8Array,
  { place, index }: { readonly place: Place; readonly index: number },
  found: LevelWords,
): void {
  if (found.earliest >= 0 || (index === infoIndex && !isInfoWord(bytes, place))) return;
  found.earliest = index;
}

function note(index: number, at: number, found: LevelWords): void {
  if (index === date) {
    // The four digits of the year end here.
    if (found.dateAt < 0) found.dateAt = at - 3;
    return;
  }
  found.structured = true;
  if (index === levelKey && found.levelAt < 0) found.levelAt = at;
}

const infoIndex = levels.indexOf('info');

function standsAt(bytes: Uint8Array, { at, end }: Place, word: Uint8Array): boolean {
  if (at + word.length > end) return false;
  for (let index = 0; index < word.length; index++) {
    if (fold[bytes[at + index] as number] !== word[index]) return false;
  }
  return true;
}

/** `info` counts only as a word of its own: it is part of too many others. */
function isInfoWord(bytes: Uint8Array, { at, start, end }: Place): boolean {
  const before = at > start ? (bytes[at - 1] as number) : 0;
  const after = at + 4 < end ? (bytes[at + 4] as number) : 0;
  return !isWordByte(before) && !isWordByte(after);
}

export function isWordByte(byte: number): boolean {
  const folded = fold[byte] as number;
  return folded === 0x30 || folded === 0x5f || (folded >= 0x61 && folded <= 0x7a) || byte >= 0x80;
}
