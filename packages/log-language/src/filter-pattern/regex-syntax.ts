// The regular expressions of filter patterns: no groups, ASCII only, as "Supported regular expressions (regex) syntax"
// of the CloudWatch Logs user guide lists them. Text to a tree.
import { invalidCharacters, invalidPattern } from './pattern-failure.ts';

/** Symbols that a machine reads: the ASCII characters, and one that stands for any other character. */
export const SYMBOLS = 129;
export const OTHER = 128;

/** A character outside ASCII is one symbol: its first byte. The bytes that continue it read nothing. */
export const CONTINUES = 255;
/** For each byte its symbol. */
export const symbols: Uint8Array = new Uint8Array(256).map((_, byte) => {
  if (byte < 0x80) return byte;
  return byte < 0xc0 ? CONTINUES : OTHER;
});

/** For each symbol 1 when it belongs. */
export type SymbolSet = Uint8Array;

export type RegexNode =
  | { readonly kind: 'symbol'; readonly set: SymbolSet }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | {
      readonly kind: 'repeat';
      readonly node: RegexNode;
      readonly least: number;
      /** Infinity when there is no bound. */
      readonly most: number;
    };

/** One of the alternatives: nodes in sequence. */
export type RegexSequence = readonly RegexNode[];

const PLAIN = /[A-Za-z0-9:_#=@/;,\- ]/;
const REPEATS_MAX = 1_000;

export function parseRegex(text: string, offset: number): readonly RegexSequence[] {
  return new RegexReader(text, offset).alternatives();
}

class RegexReader {
  readonly #text: string;
  readonly #offset: number;
  #at = 0;

  constructor(text: string, offset: number) {
    this.#text = text;
    this.#offset = offset;
  }

  alternatives(): readonly RegexSequence[] {
    if (this.#text === '') throw this.#fault('a regular expression is empty');
    const sequences: RegexSequence[] = [];
    do {
      sequences.push(this.#sequence());
    } while (this.#take('|'));
    return sequences;
  }

  #sequence(): RegexSequence {
    const nodes: RegexNode[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|') {
      const node = this.#atom();
      nodes.push(this.#repeated(node));
    }
    return nodes;
  }

  #atom(): RegexNode {
    const char = this.#text.charAt(this.#at);
    this.#at += 1;
    if (char === '^') return { kind: 'start' };
    if (char === '$') return { kind: 'end' };
    if (char === '.') return { kind: 'symbol', set: new Uint8Array(SYMBOLS).fill(1) };
    if (char === '[') return { kind: 'symbol', set: this.#class() };
    if (char === '\\') return { kind: 'symbol', set: this.#escape() };
    if (PLAIN.test(char)) return { kind: 'symbol', set: only(char.charCodeAt(0)) };
    this.#at -= 1;
    if ('?*+{'.includes(char)) throw this.#fault(`nothing stands before '${char}' in a regular expression`);
    if (']}'.includes(char)) throw this.#fault(`'${char}' in a regular expression needs a backslash`);
    throw this.#character();
  }

  #repeated(node: RegexNode): RegexNode {
    const bounds = this.#bounds();
    if (!bounds) return node;
    if (node.kind !== 'symbol') throw this.#fault('an anchor of a regular expression cannot be repeated');
    // A reluctant quantifier finds the same events.
    this.#take('?');
    const [least, most] = bounds;
    return { kind: 'repeat', node, least, most };
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.#take('?')) return [0, 1];
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    return this.#text[this.#at] === '{' ? this.#counted() : undefined;
  }

  /** `{3}`, `{3,}`, `{,5}` or `{3,5}`. */
  #counted(): readonly [number, number] {
    const found = /^\{ *(\d*) *(?:(,) *(\d*) *)?\}/.exec(this.#text.slice(this.#at));
    if (!found || (!found[1] && !found[3])) throw this.#fault("'{' begins no repetition");
    const [whole, low = '', comma, high] = found;
    const least = Number(low);
    const most = comma ? Number(high || Infinity) : least;
    const largest = most === Infinity ? least : most;
    if (largest > REPEATS_MAX) throw this.#fault(`a repetition is larger than ${REPEATS_MAX}`);
    if (most < least) throw this.#fault('a repetition ends before it begins');
    this.#at += whole.length;
    return [least, most];
  }

  #class(): SymbolSet {
    const negated = this.#take('^');
    const set = new Uint8Array(SYMBOLS);
    let first = true;
    while (first || this.#text[this.#at] !== ']') {
      if (this.#at >= this.#text.length) throw this.#fault('a character class does not end');
      first = false;
      this.#member(set);
    }
    this.#at += 1;
    return negated ? inverted(set) : set;
  }

  /** One character, one escape or one range. */
  #member(set: SymbolSet): void {
    const low = this.#classItem();
    const ranged = this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']';
    if (!ranged) {
      join(set, low);
      return;
    }
    this.#at += 1;
    const high = this.#classItem();
    const from = low.indexOf(1);
    const to = high.indexOf(1);
    if (size(low) !== 1 || size(high) !== 1 || to < from)
      throw this.#fault('a character range is out of order');
    set.fill(1, from, to + 1);
  }

  #classItem(): SymbolSet {
    const char = this.#text.charAt(this.#at);
    if (!PLAIN.test(char) && !'^$?[]{}|\\*+.'.includes(char)) throw this.#character();
    this.#at += 1;
    return char === '\\' ? this.#escape() : only(char.charCodeAt(0));
  }

  #escape(): SymbolSet {
    const char = this.#text.charAt(this.#at);
    this.#at += 1;
    const known = classes[char];
    if (known) return known;
    if (char === 'x') return only(this.#hex());
    const control = controls[char];
    if (control !== undefined) return only(control);
    if (char !== '' && !/[A-Za-z0-9]/.test(char) && char < '\x7f') return only(char.charCodeAt(0));
    this.#at -= 1;
    throw this.#fault(`'\\${char}' is no escape of a regular expression`);
  }

  #hex(): number {
    const digits = this.#text.slice(this.#at, this.#at + 2);
    if (!/^[0-7][0-9A-Fa-f]$/.test(digits)) throw this.#fault("'\\x' needs two hexadecimal digits of ASCII");
    this.#at += 2;
    return Number.parseInt(digits, 16);
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #fault(reason: string): Error {
    return invalidPattern(reason, this.#offset + this.#at);
  }

  #character(): Error {
    const found = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    return invalidCharacters(found, this.#offset + this.#at);
  }
}

function only(symbol: number): SymbolSet {
  const set = new Uint8Array(SYMBOLS);
  set[symbol] = 1;
  return set;
}

function join(set: SymbolSet, other: SymbolSet): void {
  other.forEach((belongs, symbol) => {
    if (belongs) set[symbol] = 1;
  });
}

function size(set: SymbolSet): number {
  return set.reduce((sum, belongs) => sum + belongs, 0);
}

function inverted(set: SymbolSet): SymbolSet {
  return set.map((belongs) => 1 - belongs);
}

function among(pattern: RegExp): SymbolSet {
  return new Uint8Array(SYMBOLS).map((_, symbol) =>
    symbol !== OTHER && pattern.test(String.fromCharCode(symbol)) ? 1 : 0,
  );
}

const digit = among(/[0-9]/);
const word = among(/[A-Za-z0-9_]/);
const space = among(/[ \t\n\v\f\r]/);
const classes: Readonly<Record<string, SymbolSet>> = {
  d: digit,
  D: inverted(digit),
  w: word,
  W: inverted(word),
  s: space,
  S: inverted(space),
};
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 };
