// The request's body: read once, bounded, and decoded from JSON, YAML or protobuf to a plain object.
import type { IncomingMessage } from 'node:http';
import type { Call } from '../contract.ts';
import { faults } from '../faults.ts';
import { goSyntaxError } from './go-syntax-error.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';

/** As the API server: etcd's 1.5 MiB with room for a patch. */
export const BODY_BYTES_MAX = 3 * 1024 * 1024;

export const MEDIA_TYPES = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
} as const;

/** A function that reads the body at its first call and remembers it. */
export function bodyReader(request: IncomingMessage): () => Promise<Buffer> {
  let body: Promise<Buffer> | undefined;
  return () => {
    body ??= readBody(request);
    return body;
  };
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) {
      reject(faults.entityTooLarge(BODY_BYTES_MAX));
      return;
    }
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= BODY_BYTES_MAX) {
        chunks.push(chunk);
        return;
      }
      // What still comes is read and dropped, so that the client gets to read the answer.
      chunks.length = 0;
      reject(faults.entityTooLarge(BODY_BYTES_MAX));
    });
    request.on('end', () => resolve(Buffer.concat(chunks, sizeBytes)));
    // A connection that breaks off is the client's doing, not a failure of ours.
    const brokeOff = (why: string) => reject(faults.badRequest(`the body of the request broke off: ${why}`));
    request.on('error', (error) => brokeOff(error.message));
    request.on('close', () => {
      if (!request.complete) brokeOff('connection closed');
    });
  });
}

export interface DecodedBody {
  readonly value: unknown;
  /** The JSON text, for the search of duplicate keys; undefined for other encodings. */
  readonly text: string | undefined;
}

/** The media type of the body, without parameters; JSON when the client does not say. */
export function contentTypeOf(call: Call): string {
  const header = call.headers['content-type'] ?? MEDIA_TYPES.json;
  return (header.split(';')[0] ?? '').trim().toLowerCase();
}

/** Decodes the body by its Content-Type; throws the 400 and 415 Statuses. */
export async function decodeBody(call: Call): Promise<DecodedBody> {
  const type = contentTypeOf(call);
  const bytes = await call.body();
  switch (type) {
    case MEDIA_TYPES.json:
      return decodeJson(bytes);
    case MEDIA_TYPES.yaml:
      return decodeYaml(bytes);
    case MEDIA_TYPES.protobuf:
      return { value: decodeProtobuf(bytes).object, text: undefined };
    default:
      throw faults.unsupportedMediaType(Object.values(MEDIA_TYPES));
  }
}

const UNRECOGNIZED =
  "the object provided is unrecognized (must be of type json, yaml or protobuf): couldn't get version/kind; json parse error: ";

/** `words` stand before the sentence of a refusal. */
export function decodeJson(bytes: Buffer, words = UNRECOGNIZED): DecodedBody {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw faults.badRequest(words + goSyntaxError(text));
  }
  assertDepth(value, words);
  return { value, text };
}

/** Upstream stops at 10,000 levels; V8 cannot copy that many, so we stop before. */
export const DEPTH_MAX = 1000;

/** Throws 400 for a value that is nested deeper than `DEPTH_MAX`; everything after it may recurse. */
export function assertDepth(value: unknown, words = UNRECOGNIZED): void {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) throw faults.badRequest(`${words}exceeded max depth`);
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
}

/** JSON is YAML too, and is what most clients send under the YAML types. */
export async function decodeYaml(bytes: Buffer): Promise<DecodedBody> {
  if (bytes[0] === 0x7b) return decodeJson(bytes);
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(bytes.toString('utf8'), { maxAliasCount: 100, logLevel: 'error' });
  } catch (error) {
    throw faults.badRequest(`error converting YAML to JSON: yaml: ${(error as Error).message}`);
  }
  assertDepth(value);
  return { value, text: undefined };
}
