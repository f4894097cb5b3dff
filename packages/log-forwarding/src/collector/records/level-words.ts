// Finds what tells a level in a message, on bytes and in one pass. Most positions are skipped by looking at two bytes
// and a table (Wu and Manber's search), so a line without any level costs a third of its length.

/** The severest first: the order in which structured fields are tried. */
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

const levelKey = levels.length;
const valueKey = levels.length + 1;
const infoIndex = levels.indexOf('info');

const blockSize = 2;
const shortest = 4;
const codeBits = 5;
const digitCode = 27;

/** Letters 1 to 26 whatever their case, digits 27, `-` 28, `:` 29, everything else 0. */
const codes = Uint8Array.from({ length: 256 }, (_, byte) => {
  const letter = (byte | 0x20) - 0x60;
  if (byte >= 0x41 && byte < 0x80 && letter >= 1 && letter <= 26) return letter;
  if (byte >= 0x30 && byte <= 0x39) return digitCode;
  if (byte === 0x2d) return 28;
  return byte === 0x3a ? 29 : 0;
});

/** What is looked for, as codes; the last is `d-dd`, as in every ISO date. */
const words = [...levels, 'level', 'value:', '0-00'].map((word) =>
  Uint8Array.from(Buffer.from(word), (byte) => codes[byte] ?? 0),
);

/** How far the window of four bytes may move when its last two are these. */
const shifts = new Uint8Array(1 << (2 * codeBits)).fill(shortest - blockSize + 1);
/** The words whose first four bytes end in these two. */
const candidates: number[][] = Array.from({ length: shifts.length }, () => []);
/** The first two bytes of each word. */
const prefixes = words.map((word) => blockOf(word, 0));

for (const [index, word] of words.entries()) {
  for (let at = 0; at + blockSize <= shortest; at++) {
    const block = blockOf(word, at);
    const shift = shortest - blockSize - at;
    shifts[block] = Math.min(shifts[block] ?? 0, shift);
    if (shift === 0) candidates[block]?.push(index);
  }
}

/** The shifts by the bytes themselves: one look instead of three. */
const byteShifts = Uint8Array.from({ length: 65536 }, (_, pair) => {
  const block = ((codes[pair >> 8] ?? 0) << codeBits) | (codes[pair & 255] ?? 0);
  return shifts[block] ?? 0;
});

function blockOf(word: Uint8Array, at: number): number {
  return ((word[at] ?? 0) << codeBits) | (word[at + 1] ?? 0);
}

/** What was found in a message. Reused for each. */
export interface LevelWords {
  /** The level whose name comes first; -1: none. */
  earliest: number;
  /** Where `level=` stands for the first time, and where a date may begin; -1: nowhere. */
  logfmtAt: number;
  dateAt: number;
  /** The severest level in a field like `level=error`, `Value:error` or `"level":"error"`; -1: none. */
  severest: number;
}

/** Looks through bytes from `start` to `end`. */
export function findLevelWords(bytes: Uint8Array, start: number, end: number, found: LevelWords): void {
  found.earliest = -1;
  found.logfmtAt = -1;
  found.dateAt = -1;
  found.severest = -1;
  const lastStart = end - shortest;
  let at = start;
  while (at <= lastStart) {
    const shift = byteShifts[((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)] as number;
    if (shift > 0) {
      at += shift;
      continue;
    }
    const third = codes[bytes[at + 2] as number] as number;
    const block = (third << codeBits) | (codes[bytes[at + 3] as number] as number);
    const first = codes[bytes[at] as number] as number;
    const prefix = (first << codeBits) | (codes[bytes[at + 1] as number] as number);
    // Indexed: this is the innermost loop of the collector, and an iterator would double its cost.
    const list = candidates[block] as number[];
    for (let place = 0; place < list.length; place++) {
      const index = list[place] as number;
      if (prefixes[index] === prefix) inspect(bytes, { at, start, end }, index, found);
    }
    at += 1;
  }
}

interface Place {
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

function inspect(bytes: Uint8Array, place: Place, index: number, found: LevelWords): void {
  if (!standsAt(bytes, place, words[index] as Uint8Array)) return;
  if (index < levels.length) {
    if (found.earliest < 0 && (index !== infoIndex || isWord(bytes, place))) found.earliest = index;
  } else if (index === levelKey) noteLevelKey(bytes, place, found);
  else if (index === valueKey) {
    if (bytes[place.at] === 0x56) noteField(bytes, place.at + 6, found);
  } else if (found.dateAt < 0) {
    // The four digits of the year end here.
    found.dateAt = place.at - 3;
  }
}

function standsAt(bytes: Uint8Array, { at, end }: Place, word: Uint8Array): boolean {
  if (at + word.length > end) return false;
  for (let index = shortest; index < word.length; index++) {
    if (codes[bytes[at + index] as number] !== word[index]) return false;
  }
  return true;
}

/** `info` counts only as a word of its own: it is part of too many others. */
function isWord(bytes: Uint8Array, { at, start, end }: Place): boolean {
  const before = at > start ? (bytes[at - 1] as number) : 0;
  const after = at + 4 < end ? (bytes[at + 4] as number) : 0;
  return !isWordByte(before) && !isWordByte(after);
}

function isWordByte(byte: number): boolean {
  const code = codes[byte] as number;
  return (code > 0 && code <= digitCode) || byte === 0x5f || byte >= 0x80;
}

const levelText = Buffer.from('level');
const equals = 0x3d;
const quote = 0x22;

/** `level=error` or `"level":"error"`, in lower case. */
function noteLevelKey(bytes: Uint8Array, { at, start }: Place, found: LevelWords): void {
  if (!isAt(bytes, at, levelText)) return;
  if (bytes[at + 5] === equals) {
    if (found.logfmtAt < 0) found.logfmtAt = at;
    noteField(bytes, at + 6, found);
    return;
  }
  const isQuoted =
    at > start && bytes[at - 1] === quote && bytes[at + 5] === quote && bytes[at + 7] === quote;
  if (isQuoted && bytes[at + 6] === 0x3a) noteField(bytes, at + 8, found, true);
}

function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text[index]) return false;
  }
  return true;
}

const names = levels.map((level) => Buffer.from(level));

/** Notes the level that is named at `at`. `isClosed`: a quote must follow. */
function noteField(bytes: Uint8Array, at: number, found: LevelWords, isClosed = false): void {
  let index = 0;
  while (index < names.length && !isAt(bytes, at, names[index] as Uint8Array)) index++;
  const name = names[index];
  if (!name || (isClosed && bytes[at + name.length] !== quote)) return;
  if (found.severest < 0 || index < found.severest) found.severest = index;
}
