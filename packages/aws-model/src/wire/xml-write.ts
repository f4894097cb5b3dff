// XML from values, compiled once per shape: a tree of small functions that only concatenate strings.
import { type Dictionary, elementName, type List, type Shape, type Slot, type Structure } from '../shape.ts';
import { renderTimestamp } from './timestamp.ts';
import { escapeXml } from './xml-text.ts';

export type WriteXml = (value: unknown) => string;

/** How a service writes timestamps without a format of their own. S3 always writes milliseconds. */
export type RenderDate = (date: Date) => string;

/** Compiles writers for the shapes of one service. */
export class XmlWriters {
  readonly #contents = new Map<Shape, WriteXml>();
  readonly #renderDate: RenderDate;

  constructor(renderDate: RenderDate) {
    this.#renderDate = renderDate;
  }

  /** Writes what stands between the tags of an element that holds `shape`. */
  content(shape: Shape): WriteXml {
    let write = this.#contents.get(shape);
    if (!write) {
      write = this.#compile(shape);
      this.#contents.set(shape, write);
    }
    return write;
  }

  /** Writes one element, or as many as a flat list or map has entries. */
  element(name: string, slot: Slot): WriteXml {
    const { shape, binding } = slot;
    if (shape.kind === 'list' && binding.flat) return this.#items(name, shape);
    if (shape.kind === 'map' && binding.flat) return this.#entries(name, shape);
    const content = this.content(shape);
    const attributes = shape.kind === 'structure' ? attributesOf(shape) : undefined;
    const open = binding.xmlns ? `<${name} xmlns:${binding.xmlns[0]}="${binding.xmlns[1]}"` : `<${name}`;
    const close = `</${name}>`;
    if (attributes) return (value) => `${open}${attributes(value)}>${content(value)}${close}`;
    return (value) => `${open}>${content(value)}${close}`;
  }

  #compile(shape: Shape): WriteXml {
    switch (shape.kind) {
      case 'string':
        return (value) => escapeXml(String(value));
      case 'number':
      case 'boolean':
        return String;
      case 'blob':
      case 'stream':
        return (value) => Buffer.from(value as Uint8Array).toString('base64');
      case 'timestamp': {
        const { format } = shape;
        return (value) => (format ? renderTimestamp(value as Date, format) : this.#renderDate(value as Date));
      }
      case 'list':
        return this.#items(shape.element.binding.xmlName ?? 'member', shape);
      case 'map':
        return this.#entries('entry', shape);
      case 'structure':
        return this.#members(shape);
    }
  }

  #members(shape: Structure): WriteXml {
    // Compiled at first use, because a structure may contain itself.
    let parts: readonly (readonly [string, WriteXml])[] | undefined;
    return (value) => {
      parts ??= shape.members
        .filter((member) => !member.binding.attribute)
        .map((member) => [member.name, this.element(elementName(member), member)]);
      const fields = value as Readonly<Record<string, unknown>>;
      let out = '';
      for (const [name, write] of parts) {
        const field = fields[name];
        if (field !== undefined && field !== null) out += write(field);
      }
      return out;
    };
  }

  #items(name: string, shape: List): WriteXml {
    let write: WriteXml | undefined;
    return (value) => {
      write ??= this.element(name, shape.element);
      let out = '';
      for (const item of value as readonly unknown[]) {
        if (item !== undefined && item !== null) out += write(item);
      }
      return out;
    };
  }

  #entries(name: string, shape: Dictionary): WriteXml {
    const keyName = shape.key.binding.xmlName ?? 'key';
    const valueName = shape.value.binding.xmlName ?? 'value';
    let write: WriteXml | undefined;
    return (value) => {
      write ??= this.element(valueName, shape.value);
      let out = '';
      for (const [key, item] of Object.entries(value as object)) {
        if (item === undefined || item === null) continue;
        out += `<${name}><${keyName}>${escapeXml(key)}</${keyName}>${write(item)}</${name}>`;
      }
      return out;
    };
  }
}

function attributesOf(shape: Structure): WriteXml | undefined {
  const members = shape.members.filter((member) => member.binding.attribute);
  if (members.length === 0) return undefined;
  return (value) =>
    members
      .map(
        (member) => [elementName(member), (value as Readonly<Record<string, unknown>>)[member.name]] as const,
      )
      .filter(([, text]) => text !== undefined && text !== null)
      .map(([name, text]) => ` ${name}="${escapeXml(String(text))}"`)
      .join('');
}
