// Splits a message into columns: words, and whatever stands in brackets or in double quotes, without these.

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
/** For each column: where it starts, and where its value starts and ends. */
const PLACES = 3;

export class Columns {
  readonly #message: string;
  readonly #places: number[] = [];
  /** The last column takes all that is left. */
  readonly #open: boolean;

  /** Reads at most `limit` columns; the last of so many is followed by nothing, or takes what is left. */
  constructor(message: string, limit = Infinity) {
    this.#message = message;
    // Not searched for again and again where there is none.
    const lastBracket = message.lastIndexOf(']');
    let at = skipSpace(message, 0);
    while (at < message.length && this.count < limit) at = skipSpace(message, this.#read(at, lastBracket));
    this.#open = at < message.length;
  }

  get count(): number {
    return this.#places.length / PLACES;
  }

  value(index: number): string {
    const at = index * PLACES;
    if (this.#open && index === this.count - 1) return this.#message.slice(this.#places[at]).trimEnd();
    return this.#message.slice(this.#places[at + 1], this.#places[at + 2]);
  }

  #read(start: number, lastBracket: number): number {
    const group = endOfGroup(this.#message, start, lastBracket);
    const end = group || endOfWord(this.#message, start);
    const inset = group ? 1 : 0;
    this.#places.push(start, start + inset, end - inset);
    return end;
  }
}

/** Where a group in brackets or quotes ends; 0 when none begins at `start`. */
function endOfGroup(message: string, start: number, lastBracket: number): number {
  const first = message.charCodeAt(start);
  if (first === OPEN) return start < lastBracket ? message.indexOf(']', start) + 1 : 0;
  if (first !== QUOTE) return 0;
  let at = start + 1;
  while (at < message.length && message.charCodeAt(at) !== QUOTE)
    at += message.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at < message.length ? at + 1 : 0;
}

function endOfWord(message: string, start: number): number {
  let at = start;
  while (at < message.length && message.charCodeAt(at) > SPACE) at += 1;
  return at;
}

/** Control characters count as spaces. */
function skipSpace(message: string, start: number): number {
  let at = start;
  while (at < message.length && message.charCodeAt(at) <= SPACE) at += 1;
  return at;
}
