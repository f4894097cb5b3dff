// Bodies of REST requests: a document of the payload or of the members without another place, or bare bytes.
import type { MemberSlot, Structure, XmlWriters } from '@pergola/aws-model';
import type { Values } from './operation-codec.ts';

export interface WrittenBody {
  readonly body: string | Uint8Array;
  readonly contentType: string;
}

export class RestDocuments {
  readonly #writers: XmlWriters;
  readonly #namespace: string;

  constructor(writers: XmlWriters, namespace: string) {
    this.#writers = writers;
    this.#namespace = namespace;
  }

  bodyWriter(shape: Structure): (input: Values) => WrittenBody | undefined {
    const payload = shape.members.find(({ binding }) => binding.payload);
    if (payload === undefined) {
      const members = shape.members.filter(inBody);
      if (members.length === 0) return () => undefined;
      const write = this.#document(shape.xmlName ?? shape.name, { ...shape, members });
      return write;
    }
    const { name, shape: held, binding } = payload;
    if (held.kind === 'structure') {
      const write = this.#document(binding.xmlName ?? held.xmlName ?? held.name, held);
      return (input) => (isSet(input[name]) ? write(input[name] as Values) : undefined);
    }
    const contentType = held.kind === 'string' ? 'application/json' : 'application/octet-stream';
    return (input) =>
      isSet(input[name]) ? { body: input[name] as WrittenBody['body'], contentType } : undefined;
  }

  #document(root: string, shape: Structure): (value: Values) => WrittenBody {
    const write = this.#writers.content(shape);
    return (value) => ({
      body: `<${root} xmlns="${this.#namespace}">${write(value)}</${root}>`,
      contentType: 'application/xml',
    });
  }
}

/** True for a member that has no other place than the body. */
export function inBody({ binding: { label, query, header, headers } }: MemberSlot): boolean {
  return (label ?? query ?? header ?? headers) === undefined;
}

/** True for a member that was given. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
