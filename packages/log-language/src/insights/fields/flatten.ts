// The fields of a JSON message, as CloudWatch discovers them: the leaves, named by the keys on the way. This is
// the definition; the scanner beside it is only faster.

/** CloudWatch discovers so many fields in one event and passes over the rest. */
export const fieldsMax = 200;
/** A message that is nested deeper has no fields. */
export const depthMax = 64;

/**
 * The fields of `message` in their order. Of two with the same name the later wins; null is absence. Empty when
 * the message is not one JSON object.
 */
export function flatten(message: string): Map<string, string> {
  if (!isObject(message)) return new Map();
  const walk = new Walk(message);
  return walk.fields();
}

function isObject(text: string): boolean {
  if (!/^[ \t\r\n]*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // A message that is not JSON has no fields.
    return false;
  }
}

/** A walk over text that is known to be JSON: numbers stay as they are written. */
class Walk {
  readonly #text: string;
  readonly #fields = new Map<string, string>();
  #position = 0;
  #leaves = 0;
  #tooDeep = false;

  constructor(text: string) {
    this.#text = text;
  }

  fields(): Map<string, string> {
    this.#value(undefined, 0);
    return this.#tooDeep ? new Map() : this.#fields;
  }

  #token(): string {
    token.lastIndex = this.#position;
    const [, text = ''] = token.exec(this.#text) ?? [];
    this.#position = token.lastIndex;
    return text;
  }

  #value(name: string | undefined, depth: number): void {
    const first = this.#token();
    if (first !== '{' && first !== '[') {
      this.#leaf(name ?? '', first);
      return;
    }
    if (depth >= depthMax) this.#tooDeep = true;
    else this.#items(name, first === '{', depth + 1);
  }

  /** Up to the bracket that closes the object or array. */
  #items(name: string | undefined, object: boolean, depth: number): void {
    let index = 0;
    while (!this.#tooDeep) {
      const start = this.#position;
      const next = this.#token();
      if (next === '}' || next === ']') return;
      if (next === ',') continue;
      if (object) this.#token();
      else this.#position = start;
      this.#value(childName(name, object ? (JSON.parse(next) as string) : String(index)), depth);
      index += 1;
    }
  }

  #leaf(name: string, text: string): void {
    this.#leaves += 1;
    if (this.#leaves > fieldsMax) return;
    const value = leafText(text);
    if (value === undefined) this.#fields.delete(name);
    else this.#fields.set(name, value);
  }
}

const token = /[ \t\r\n]*("[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^[\]{},:"\s]+)/y;

/** Names of one's own that begin with @ get a second one. */
function childName(parent: string | undefined, key: string): string {
  if (parent === undefined) return key.startsWith('@') ? `@${key}` : key;
  return `${parent}.${key}`;
}

function leafText(text: string): string | undefined {
  if (text.startsWith('"')) return JSON.parse(text) as string;
  if (text === 'null') return undefined;
  if (text === 'true') return '1';
  return text === 'false' ? '0' : text;
}
