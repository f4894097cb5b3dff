// Values from XML elements, compiled once per shape. Elements that the model does not know are passed over.
import {
  type Dictionary,
  elementName,
  type List,
  type MemberSlot,
  type Shape,
  type Structure,
} from '../shape.ts';
import { setOwn } from './record.ts';
import { scalarReader } from './scalar.ts';
import type { XmlElement } from './xml-parse.ts';

export type ReadXml = (element: XmlElement) => unknown;

/** Compiles readers for the shapes of one service. They throw ScalarError. */
export class XmlReaders {
  readonly #readers = new Map<Shape, ReadXml>();

  /** Reads what an element holds. */
  reader(shape: Shape): ReadXml {
    let read = this.#readers.get(shape);
    if (!read) {
      read = this.#compile(shape);
      this.#readers.set(shape, read);
    }
    return read;
  }

  #compile(shape: Shape): ReadXml {
    switch (shape.kind) {
      case 'list':
        return this.#list(shape);
      case 'map':
        return this.#map(shape);
      case 'structure':
        return this.#structure(shape);
      default: {
        const read = scalarReader(shape, 'date-time');
        return (element) => read(element.text);
      }
    }
  }

  #structure(shape: Structure): ReadXml {
    // Compiled at first use, because a structure may contain itself.
    let parts: ReadonlyMap<string, ReadMember> | undefined;
    const attributes = shape.members.filter((member) => member.binding.attribute);
    return (element) => {
      parts ??= new Map(
        shape.members
          .filter((member) => !member.binding.attribute)
          .map((member) => [elementName(member), this.#member(member)]),
      );
      const out: Record<string, unknown> = {};
      for (const member of attributes) {
        const text = element.attributes.get(localPart(elementName(member)));
        if (text !== undefined) out[member.name] = text;
      }
      for (const child of element.children) parts.get(child.name)?.(out, child);
      return out;
    };
  }

  #member(member: MemberSlot): ReadMember {
    const { name, shape, binding } = member;
    if (shape.kind === 'list' && binding.flat) {
      const read = this.reader(shape.element.shape);
      return (out, child) => {
        const items = (out[name] ??= []) as unknown[];
        items.push(read(child));
      };
    }
    if (shape.kind === 'map' && binding.flat) {
      const add = this.#entry(shape);
      return (out, child) => add((out[name] ??= {}) as Record<string, unknown>, child);
    }
    const read = this.reader(shape);
    return (out, child) => {
      out[name] = read(child);
    };
  }

  #list(shape: List): ReadXml {
    const tag = shape.element.binding.xmlName ?? 'member';
    let read: ReadXml | undefined;
    return (element) => {
      read ??= this.reader(shape.element.shape);
      const items: unknown[] = [];
      for (const child of element.children) if (child.name === tag) items.push(read(child));
      return items;
    };
  }

  #map(shape: Dictionary): ReadXml {
    let add: ReadMember | undefined;
    return (element) => {
      add ??= this.#entry(shape);
      const out: Record<string, unknown> = {};
      for (const child of element.children) if (child.name === 'entry') add(out, child);
      return out;
    };
  }

  #entry(shape: Dictionary): ReadMember {
    const keyTag = shape.key.binding.xmlName ?? 'key';
    const valueTag = shape.value.binding.xmlName ?? 'value';
    const read = this.reader(shape.value.shape);
    return (out, entry) => {
      const key = entry.children.find((child) => child.name === keyTag);
      const value = entry.children.find((child) => child.name === valueTag);
      if (key && value) setOwn(out, key.text, read(value));
    };
  }
}

type ReadMember = (out: Record<string, unknown>, child: XmlElement) => void;

function localPart(qualified: string): string {
  return qualified.slice(qualified.indexOf(':') + 1);
}
