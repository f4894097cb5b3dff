// Values from the tree of an awsQuery form, compiled once per shape. Parameters that the model does not know are
// passed over, as AWS does.
import { AwsFault } from '../fault.ts';
import {
  type Dictionary,
  elementName,
  type List,
  type MemberSlot,
  type ReadScalar,
  ScalarError,
  scalarReader,
  setOwn,
  type Shape,
  type Structure,
} from '@pergola/aws-model';
import type { FormNode } from './form.ts';

export type ReadForm = (node: FormNode) => unknown;

/** Whose names and lists: those of awsQuery, or of ec2Query, where names are capitalised and every list is flat. */
export type FormStyle = 'aws' | 'ec2';

/** Compiles readers for the shapes of one service. They throw MalformedInput. */
export class FormReaders {
  readonly #style: FormStyle;
  readonly #readers = new Map<string, Map<Shape, ReadForm>>();

  constructor(style: FormStyle) {
    this.#style = style;
  }

  reader(shape: Shape, flat: boolean): ReadForm {
    const key = flat ? 'flat' : 'wrapped';
    let known = this.#readers.get(key);
    if (!known) this.#readers.set(key, (known = new Map()));
    let read = known.get(shape);
    if (!read) known.set(shape, (read = this.#compile(shape, flat)));
    return read;
  }

  #compile(shape: Shape, flat: boolean): ReadForm {
    switch (shape.kind) {
      case 'list':
        return this.#list(shape, flat);
      case 'map':
        return this.#map(shape, flat);
      case 'structure':
        return this.#structure(shape);
      default:
        return readText(scalarReader(shape, 'date-time'));
    }
  }

  #structure(shape: Structure): ReadForm {
    // Compiled at first use, because a structure may contain itself.
    let parts: readonly (readonly [tag: string, name: string, read: ReadForm])[] | undefined;
    return (node) => {
      parts ??= shape.members.map((member) => [this.#tag(member), member.name, this.#member(member)]);
      const out: Record<string, unknown> = {};
      if (!node.children) {
        if (node.value) throw malformedInput('Unexpected complex element termination');
        return out;
      }
      for (const [tag, name, read] of parts) {
        const child = node.children.get(tag);
        if (child) out[name] = read(child);
      }
      return out;
    };
  }

  #tag(member: MemberSlot): string {
    const name = elementName(member);
    return this.#style === 'ec2' ? name.charAt(0).toUpperCase() + name.slice(1) : name;
  }

  #member(member: MemberSlot): ReadForm {
    return this.reader(member.shape, this.#style === 'ec2' || member.binding.flat === 1);
  }

  #list(shape: List, flat: boolean): ReadForm {
    const tag = shape.element.binding.xmlName ?? 'member';
    let read: ReadForm | undefined;
    return (node) => {
      read ??= this.reader(shape.element.shape, false);
      const parent = flat ? node : node.children?.get(tag);
      if (!parent && node.children) throw malformedInput('Unexpected list element termination');
      return numbered(parent).map(read);
    };
  }

  #map(shape: Dictionary, flat: boolean): ReadForm {
    const keyTag = shape.key.binding.xmlName ?? 'key';
    const valueTag = shape.value.binding.xmlName ?? 'value';
    let read: ReadForm | undefined;
    return (node) => {
      read ??= this.reader(shape.value.shape, false);
      const out: Record<string, unknown> = {};
      for (const entry of numbered(flat ? node : node.children?.get('entry'))) {
        const key = entry.children?.get(keyTag)?.value;
        const value = entry.children?.get(valueTag);
        if (key !== undefined && value) setOwn(out, key, read(value));
      }
      return out;
    };
  }
}

/** Children `1`, `2`, … in the order of their numbers; gaps close. */
function numbered(node: FormNode | undefined): FormNode[] {
  if (!node?.children) return [];
  return [...node.children]
    .filter(([index]) => /^\d{1,9}$/.test(index))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function readText(read: ReadScalar): ReadForm {
  return (node) => {
    if (node.children) throw malformedInput('Start of structure or map found where not expected');
    const text = node.value ?? '';
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof ScalarError)) throw error;
      if (error.expected === 'Timestamp') throw malformedInput('timestamp must follow ISO8601');
      throw malformedInput(`STRING_VALUE cannot be converted to ${error.expected}`);
    }
  };
}

function malformedInput(message: string): AwsFault {
  return new AwsFault('MalformedInput', 400, message);
}
