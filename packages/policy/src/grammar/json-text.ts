// Reads JSON into nodes that know where they stand in the text, and refuses what JSON.parse lets pass
// in silence: duplicate keys and bottomless nesting. The first stage of `parsePolicy`.
import { fail, ok, type Result } from '@pergola/kernel';
import type { TextPosition } from '../document.ts';

interface Span {
  /** Offset of the first character, and of the one after the last. */
  readonly start: number;
  readonly end: number;
}

export interface JsonMember {
  readonly key: string;
  readonly keyStart: number;
  readonly value: JsonNode;
}

export type JsonNode = Span &
  (
    | { readonly type: 'object'; readonly members: readonly JsonMember[] }
    | { readonly type: 'array'; readonly items: readonly JsonNode[] }
    | { readonly type: 'string'; readonly text: string }
    /** `text` is the literal as written. */
    | { readonly type: 'number' | 'boolean' | 'null'; readonly text: string }
  );

export interface JsonTextFault {
  readonly reason: 'invalid-json' | 'duplicate-key' | 'too-deep';
  readonly offset: number;
  readonly detail: string;
}

const depthMax = 32;
const blank = /[\t\n\r ]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Thrown inside the reader only; `parseJsonText` turns it into a Result. */
class Stop extends Error {
  readonly fault: JsonTextFault;
  constructor(fault: JsonTextFault) {
    super(fault.detail);
    this.fault = fault;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const node = this.#value(0);
    this.#skipBlank();
    if (this.#at < this.#text.length) throw this.#invalid('text after the end of the document');
    return node;
  }

  #value(depth: number): JsonNode {
    if (depth > depthMax) throw this.#stop('too-deep', `nested deeper than ${depthMax} levels`);
    this.#skipBlank();
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    const start = this.#at;
    if (first === '"') {
      const text = this.#string();
      return { type: 'string', text, start, end: this.#at };
    }
    const text = this.#take(scalar);
    if (text === undefined) throw this.#invalid('a value is expected');
    const type = text === 'null' ? 'null' : text === 'true' || text === 'false' ? 'boolean' : 'number';
    return { type, text, start, end: this.#at };
  }

  #object(depth: number): JsonNode {
    const start = this.#at++;
    const members: JsonMember[] = [];
    const seen = new Set<string>();
    if (this.#accept('}')) return { type: 'object', members, start, end: this.#at };
    do {
      this.#skipBlank();
      const keyStart = this.#at;
      const key = this.#string();
      if (seen.has(key))
        throw new Stop(faultAt('duplicate-key', keyStart, `the key "${key}" is given twice`));
      seen.add(key);
      this.#expect(':');
      members.push({ key, keyStart, value: this.#value(depth + 1) });
    } while (this.#accept(','));
    this.#expect('}');
    return { type: 'object', members, start, end: this.#at };
  }

  #array(depth: number): JsonNode {
    const start = this.#at++;
    const items: JsonNode[] = [];
    if (this.#accept(']')) return { type: 'array', items, start, end: this.#at };
    do items.push(this.#value(depth + 1));
    while (this.#accept(','));
    this.#expect(']');
    return { type: 'array', items, start, end: this.#at };
  }

  #string(): string {
    const start = this.#at;
    const end = this.#text[start] === '"' ? closingQuote(this.#text, start) : -1;
    if (end < 0) throw this.#invalid('a string is expected');
    this.#at = end + 1;
    try {
      return String(JSON.parse(this.#text.slice(start, end + 1)));
    } catch {
      // Control characters and unknown escapes: JSON.parse knows them all.
      throw new Stop(faultAt('invalid-json', start, 'the string holds what a JSON string may not'));
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skipBlank(): void {
    this.#take(blank);
  }

  #accept(mark: string): boolean {
    this.#skipBlank();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#accept(mark)) throw this.#invalid(`"${mark}" is expected`);
  }

  #invalid(detail: string): Stop {
    return this.#stop('invalid-json', detail);
  }

  #stop(reason: JsonTextFault['reason'], detail: string): Stop {
    return new Stop(faultAt(reason, this.#at, detail));
  }
}

/** Where the string that opens at `start` ends, or -1. A loop, since a regular expression runs out of stack. */
function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = at;
  while (text[slashes - 1] === '\\') slashes--;
  return (at - slashes) % 2 === 1;
}

function faultAt(reason: JsonTextFault['reason'], offset: number, detail: string): JsonTextFault {
  return { reason, offset, detail };
}

/** The document as nodes, or the first thing wrong with it. Never throws. */
export function parseJsonText(text: string): Result<JsonNode, JsonTextFault> {
  try {
    return ok(new Reader(text).document());
  } catch (error) {
    if (error instanceof Stop) return fail(error.fault);
    throw error;
  }
}

/** Line and column of an offset, both from 1. */
export function positionOf(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line++;
  return { line, column: offset - lineStart + 1, offset };
}
