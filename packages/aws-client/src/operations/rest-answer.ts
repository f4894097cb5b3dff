// Answers of the REST protocol: members in headers, and a body that is a document, a text or bytes.
import {
  decodeUtf8,
  type OperationModel,
  parseXml,
  type ReadScalar,
  type ShapeGraph,
  type Structure,
  textReader,
  type XmlReaders,
} from '@pergola/aws-model';
import type { HttpAnswer } from '../transport.ts';
import type { Values } from './operation-codec.ts';
import { inBody } from './rest-document.ts';

/** Compiles the reader of an operation's answer. */
export function restAnswerReader(
  operation: OperationModel,
  shapes: ShapeGraph,
  readers: XmlReaders,
): (answer: HttpAnswer) => Values {
  if (operation.output === undefined) return () => ({});
  const shape = shapes.structure(operation.output);
  const readBody = bodyReader(shape, readers, operation.unwrapped === 1);
  const headers = shape.members.flatMap(({ name, shape: held, binding }) =>
    binding.header === undefined
      ? []
      : [{ name, wireName: binding.header, read: textReader(held, 'http-date') }],
  );
  const prefixed = shape.members.filter(({ binding }) => binding.headers !== undefined);
  return ({ headers: given, body }) => {
    const out: Record<string, unknown> = {};
    for (const { name, wireName, read } of headers) readHeader(out, name, read, given[wireName]);
    for (const { name, binding } of prefixed) out[name] = withPrefix(given, binding.headers ?? '');
    readBody(out, body);
    return out;
  };
}

function readHeader(
  out: Record<string, unknown>,
  name: string,
  read: ReadScalar,
  given: string | string[] | undefined,
): void {
  const text = Array.isArray(given) ? given.join(',') : given;
  if (text !== undefined && text !== '') out[name] = read(text);
}

function withPrefix(headers: HttpAnswer['headers'], prefix: string): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}

function bodyReader(
  shape: Structure,
  readers: XmlReaders,
  unwrapped: boolean,
): (out: Record<string, unknown>, body: Buffer) => void {
  const payload = shape.members.find(({ binding }) => binding.payload);
  if (payload === undefined) {
    const members = shape.members.filter(inBody);
    const [first] = members;
    if (first === undefined) return () => {};
    const read = readers.reader(unwrapped ? first.shape : { ...shape, members });
    return (out, body) => {
      if (body.length === 0) return;
      const value = read(parseXml(decodeUtf8(body) ?? ''));
      if (!unwrapped) Object.assign(out, value);
      else if (value !== '') out[first.name] = value;
    };
  }
  const { name, shape: held } = payload;
  if (held.kind === 'structure') {
    const read = readers.reader(held);
    return (out, body) => {
      if (body.length > 0) out[name] = read(parseXml(decodeUtf8(body) ?? ''));
    };
  }
  return (out, body) => {
    out[name] = held.kind === 'string' ? body.toString('utf8') : new Uint8Array(body);
  };
}
