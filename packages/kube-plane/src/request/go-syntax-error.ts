// The sentence with which Go's encoding/json refuses a text that is no JSON. Pure; only for texts that JSON.parse
// refused, so it may be slow and need not build anything.

type Mode = 'value' | 'value or ]' | 'key' | 'key or }' | 'after';

const ended = 'unexpected end of JSON input';

/** E.g. `invalid character 'b' looking for beginning of object key string`; the end of the input when all is well. */
export function goSyntaxError(text: string): string {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;
  #mode: Mode = 'value';

  constructor(text: string) {
    this.#text = text;
  }

  scan(): string {
    for (;;) {
      this.#skip(/[ \t\r\n]*/y);
      const wrong = this.#step();
      if (wrong !== undefined) return wrong;
    }
  }

  #step(): string | undefined {
    const char = this.#text[this.#at];
    if (char === undefined) return ended;
    if (this.#mode === 'after') return this.#after(char);
    const closing = this.#mode === 'value or ]' ? ']' : this.#mode === 'key or }' ? '}' : undefined;
    if (char === closing) return this.#close();
    return this.#mode === 'key' || this.#mode === 'key or }' ? this.#key(char) : this.#value(char);
  }

  #key(char: string): string | undefined {
    if (char !== '"') return this.#invalid('looking for beginning of object key string');
    const wrong = this.#string();
    if (wrong !== undefined) return wrong;
    this.#skip(/[ \t\r\n]*/y);
    if (this.#text[this.#at] !== ':') return this.#invalid('after object key');
    this.#at++;
    this.#mode = 'value';
    return undefined;
  }

  #value(char: string): string | undefined {
    if (char === '{' || char === '[') {
      this.#open.push(char);
      this.#at++;
      this.#mode = char === '{' ? 'key or }' : 'value or ]';
      return undefined;
    }
    this.#mode = 'after';
    if (char === '"') return this.#string();
    if (char === '-' || (char >= '0' && char <= '9')) return this.#number();
    const literal = ['true', 'false', 'null'].find((word) => word[0] === char);
    return literal ? this.#literal(literal) : this.#invalid('looking for beginning of value');
  }

  #after(char: string): string | undefined {
    const open = this.#open.at(-1);
    if (open === undefined) return this.#invalid('after top-level value');
    if (char === (open === '{' ? '}' : ']')) return this.#close();
    if (char !== ',')
      return this.#invalid(open === '{' ? 'after object key:value pair' : 'after array element');
    this.#at++;
    this.#mode = open === '{' ? 'key' : 'value';
    return undefined;
  }

  #close(): undefined {
    this.#open.pop();
    this.#at++;
    this.#mode = 'after';
  }

  #string(): string | undefined {
    this.#at++;
    for (;;) {
      // oxlint-disable-next-line no-control-regex -- control characters are what strings may not hold.
      this.#skip(/[^"\\\u0000-\u001f]*/y);
      const char = this.#text[this.#at];
      if (char !== '"' && char !== '\\') return this.#invalid('in string literal');
      this.#at++;
      if (char === '"') return undefined;
      const escaped = this.#text[this.#at] ?? '';
      if (!/^["\\/bfnrtu]$/.test(escaped)) return this.#invalid('in string escape code');
      this.#at++;
      const hex = escaped === 'u' ? 4 : 0;
      if (this.#skip(/[0-9a-fA-F]{0,4}/y, hex) < hex)
        return this.#invalid('in \\u hexadecimal character escape');
    }
  }

  #number(): string | undefined {
    this.#skip(/-/y);
    if (this.#text[this.#at] === '0') this.#at++;
    else if (this.#skip(/\d+/y) === 0) return this.#invalid('in numeric literal');
    if (this.#skip(/\./y) > 0 && this.#skip(/\d+/y) === 0)
      return this.#invalid('after decimal point in numeric literal');
    if (this.#skip(/[eE][+-]?/y) > 0 && this.#skip(/\d+/y) === 0)
      return this.#invalid('in exponent of numeric literal');
    return undefined;
  }

  #literal(word: string): string | undefined {
    for (const expected of word) {
      if (this.#text[this.#at] !== expected)
        return this.#invalid(`in literal ${word} (expecting '${expected}')`);
      this.#at++;
    }
    return undefined;
  }

  /** Skips what the sticky pattern finds here, `limit` characters at most; returns how many. */
  #skip(pattern: RegExp, limit = Number.POSITIVE_INFINITY): number {
    pattern.lastIndex = this.#at;
    const length = Math.min(pattern.exec(this.#text)?.[0].length ?? 0, limit);
    this.#at += length;
    return length;
  }

  #invalid(where: string): string {
    const char = this.#text[this.#at];
    if (char === undefined) return ended;
    const shown = char === "'" ? "\\'" : char === '"' ? '"' : JSON.stringify(char).slice(1, -1);
    return `invalid character '${shown}' ${where}`;
  }
}
