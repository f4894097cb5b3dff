// Reads the input of a REST operation: labels, query, headers, prefixed headers, and the body by its payload.
import type { Readable } from 'node:stream';
import { AwsFault } from '../fault.ts';
import {
  decodeUtf8,
  type MemberSlot,
  parseXml,
  type ReadScalar,
  ScalarError,
  textReader,
  type Structure,
  XmlError,
  type XmlReaders,
} from '@pergola/aws-model';
import type { WireRequest } from './codec.ts';
import { parseQuery } from './query.ts';
import { parseS3Address } from './s3-address.ts';

type Input = Record<string, unknown>;

interface TextMember {
  readonly name: string;
  readonly wireName: string;
  readonly read: ReadScalar;
  /** An unreadable date in a header is ignored, as HTTP wants it for conditions. */
  readonly lenient: boolean;
}

type ReadBody = (out: Input, body: Buffer | Readable) => void;

/** The compiled input of one operation. */
export class RestInput {
  readonly streaming: boolean;
  readonly #labels: ReadonlySet<string>;
  readonly #queries: readonly TextMember[];
  readonly #headers: readonly TextMember[];
  readonly #prefixed: readonly { readonly name: string; readonly prefix: string }[];
  readonly #readBody: ReadBody | undefined;

  constructor(shape: Structure, readers: XmlReaders) {
    const { members } = shape;
    this.#labels = new Set(members.filter(({ binding }) => binding.label).map(({ name }) => name));
    this.#queries = members.flatMap((member) => textMember(member, member.binding.query, 'date-time'));
    this.#headers = members.flatMap((member) => textMember(member, member.binding.header, 'http-date'));
    this.#prefixed = members.flatMap(({ name, binding }) =>
      binding.headers === undefined ? [] : [{ name, prefix: binding.headers }],
    );
    const payload = members.find((member) => member.binding.payload);
    this.streaming = payload?.shape.kind === 'stream';
    this.#readBody = payload ? payloadReader(payload, readers) : documentReader(shape, readers);
  }

  read(request: WireRequest): Input {
    const out: Input = {};
    const { bucket, key } = parseS3Address(request.host, request.path);
    if (bucket !== undefined && this.#labels.has('Bucket')) out['Bucket'] = bucket;
    if (key !== undefined && this.#labels.has('Key')) out['Key'] = key;
    const query = parseQuery(request.query);
    for (const member of this.#queries) readText(out, member, query.get(member.wireName));
    const headers = withoutChunking(request.headers);
    for (const member of this.#headers) readText(out, member, headers[member.wireName]);
    for (const { name, prefix } of this.#prefixed) out[name] = prefixedHeaders(headers, prefix);
    this.#readBody?.(out, request.body);
    return out;
  }
}

function textMember(
  member: MemberSlot,
  wireName: string | undefined,
  place: 'date-time' | 'http-date',
): TextMember[] {
  if (wireName === undefined) return [];
  const lenient = place === 'http-date' && member.shape.kind === 'timestamp';
  return [{ name: member.name, wireName, read: textReader(member.shape, place), lenient }];
}

function readText(out: Input, member: TextMember, text: string | undefined): void {
  if (text === undefined) return;
  try {
    out[member.name] = member.read(text);
  } catch (error) {
    if (!(error instanceof ScalarError)) throw error;
    if (member.lenient) return;
    const message = `Provided ${member.wireName} not an integer or within integer range`;
    const other = `Invalid value for ${member.wireName}`;
    throw new AwsFault('InvalidArgument', 400, error.expected === 'Integer' ? message : other, {
      ArgumentName: member.wireName,
      ArgumentValue: text,
    });
  }
}

/** The headers as they were before `aws-chunked` was laid over the body, which the pipeline takes off again. */
function withoutChunking(headers: WireRequest['headers']): WireRequest['headers'] {
  const length = headers['x-amz-decoded-content-length'];
  const encoding = headers['content-encoding'];
  if (length === undefined && !encoding?.includes('aws-chunked')) return headers;
  const rest = encoding
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== 'aws-chunked')
    .join(',');
  return {
    ...headers,
    'content-encoding': rest || undefined,
    'content-length': length ?? headers['content-length'],
  };
}

function prefixedHeaders(headers: WireRequest['headers'], prefix: string): Record<string, string> {
  const found = Object.entries(headers).flatMap(([name, value]) =>
    value !== undefined && name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
  );
  return Object.fromEntries(found);
}

function payloadReader(payload: MemberSlot, readers: XmlReaders): ReadBody {
  const { name, shape } = payload;
  switch (shape.kind) {
    case 'stream':
      return (out, body) => {
        out[name] = body;
      };
    case 'string':
      return (out, body) => {
        const text = decodeUtf8(body as Buffer);
        if (text === undefined) throw malformedXml();
        if (text !== '') out[name] = text;
      };
    case 'structure': {
      const root = payload.binding.xmlName ?? shape.xmlName ?? shape.name;
      const read = readers.reader(shape);
      return (out, body) => {
        if ((body as Buffer).length > 0) out[name] = readDocument(body as Buffer, root, read);
      };
    }
    default:
      return (out, body) => {
        if ((body as Buffer).length > 0) out[name] = new Uint8Array(body as Buffer);
      };
  }
}

/** For an input that has no payload: the members without another place make up the document. */
function documentReader(shape: Structure, readers: XmlReaders): ReadBody | undefined {
  const members = shape.members.filter(({ binding: { label, query, header, headers } }) => {
    return (label ?? query ?? header ?? headers) === undefined;
  });
  if (members.length === 0) return undefined;
  const read = readers.reader({ ...shape, members });
  const root = shape.xmlName ?? shape.name;
  return (out, body) => {
    if ((body as Buffer).length > 0) Object.assign(out, readDocument(body as Buffer, root, read));
  };
}

function readDocument(body: Buffer, root: string, read: ReturnType<XmlReaders['reader']>): unknown {
  const text = decodeUtf8(body);
  if (text === undefined) throw malformedXml();
  try {
    const element = parseXml(text);
    if (element.name !== root) throw malformedXml();
    return read(element);
  } catch (error) {
    if (error instanceof XmlError || error instanceof ScalarError) throw malformedXml();
    throw error;
  }
}

/** S3's one answer to any document that it does not understand. */
export function malformedXml(): AwsFault {
  return new AwsFault(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
