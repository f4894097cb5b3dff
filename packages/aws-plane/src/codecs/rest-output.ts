// Writes the output of a REST operation: headers, prefixed headers, and the body by its payload.
import type { Readable } from 'node:stream';
import {
  type MemberSlot,
  type RenderText,
  type Structure,
  textWriter,
  type WriteXml,
  type XmlWriters,
} from '@pergola/aws-model';
import { assertHeaderValue } from './header.ts';

type Output = Readonly<Record<string, unknown>>;

export interface RestBody {
  readonly body: string | Buffer | Readable | undefined;
  /** Content type of a body that has none of its own. */
  readonly contentType: string | undefined;
}

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

const nothing: RestBody = { body: undefined, contentType: undefined };

/** The compiled output of one operation. */
export class RestOutput {
  readonly #headers: readonly {
    readonly name: string;
    readonly wireName: string;
    readonly render: RenderText;
  }[];
  readonly #prefixed: readonly { readonly name: string; readonly prefix: string }[];
  readonly #writeBody: (output: Output) => RestBody;

  /** `unwrapped`: the one member in the body is the text of the root element. */
  constructor(shape: Structure, writers: XmlWriters, options: { xmlNamespace: string; unwrapped: boolean }) {
    this.#headers = shape.members.flatMap(({ name, shape: held, binding }) =>
      binding.header === undefined
        ? []
        : [{ name, wireName: binding.header, render: textWriter(held, 'http-date') }],
    );
    this.#prefixed = shape.members.flatMap(({ name, binding }) =>
      binding.headers === undefined ? [] : [{ name, prefix: binding.headers }],
    );
    const payload = shape.members.find((member) => member.binding.payload);
    if (payload) this.#writeBody = payloadWriter(payload, writers, options.xmlNamespace);
    else this.#writeBody = documentWriter(shape, writers, options);
  }

  writeHeaders(output: Output, headers: Record<string, string>): void {
    for (const { name, wireName, render } of this.#headers) {
      const value = output[name];
      if (value === undefined || value === null) continue;
      const text = render(value);
      assertHeaderValue(wireName, text);
      headers[wireName] = text;
    }
    for (const { name, prefix } of this.#prefixed) {
      for (const [key, value] of Object.entries((output[name] ?? {}) as Record<string, string>)) {
        assertHeaderValue(prefix + key, value);
        headers[prefix + key.toLowerCase()] = value;
      }
    }
  }

  writeBody(output: Output): RestBody {
    return this.#writeBody(output);
  }
}

function payloadWriter(
  payload: MemberSlot,
  writers: XmlWriters,
  xmlNamespace: string,
): RestOutput['writeBody'] {
  const { name, shape, binding } = payload;
  if (shape.kind === 'structure') {
    const write = rootWriter(
      binding.xmlName ?? shape.xmlName ?? shape.name,
      writers.content(shape),
      xmlNamespace,
    );
    return (output) => {
      const value = output[name];
      return value === undefined || value === null
        ? nothing
        : { body: write(value), contentType: 'application/xml' };
    };
  }
  // The one text that S3 answers with is a bucket policy.
  const contentType = shape.kind === 'string' ? 'application/json' : 'binary/octet-stream';
  return (output) => {
    const value = output[name];
    if (value === undefined || value === null) return nothing;
    const bytes = value instanceof Uint8Array && !Buffer.isBuffer(value);
    const body = bytes ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
    return { body: body as string | Buffer | Readable, contentType };
  };
}

function documentWriter(
  shape: Structure,
  writers: XmlWriters,
  options: { xmlNamespace: string; unwrapped: boolean },
): RestOutput['writeBody'] {
  const members = shape.members.filter(
    ({ binding }) => binding.header === undefined && binding.headers === undefined,
  );
  const [first] = members;
  if (!first) return () => nothing;
  const root = shape.xmlName ?? shape.name;
  if (options.unwrapped) {
    const content = writers.content(first.shape);
    const write = rootWriter(root, content, options.xmlNamespace);
    return (output) => ({ body: write(output[first.name] ?? ''), contentType: 'application/xml' });
  }
  const body: Structure = { ...shape, members };
  const write = rootWriter(root, writers.content(body), options.xmlNamespace);
  return (output) => ({ body: write(output), contentType: 'application/xml' });
}

function rootWriter(root: string, content: WriteXml, xmlNamespace: string): (value: unknown) => string {
  const start = `${xmlDeclaration}<${root} xmlns="${xmlNamespace}">`;
  const end = `</${root}>`;
  return (value) => `${start}${content(value)}${end}`;
}
