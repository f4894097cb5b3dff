// Decodes the protobuf bodies of Kubernetes clients (client-go sends them by default) to the objects that their
// JSON would give: Go's omitempty, base64 for bytes, RFC 3339 for times.
import { faults } from '../faults.ts';
import { parseApiVersion } from '../object.ts';
import { definitionName, metaPackage } from '../schema/definition-name.ts';
import { choiceMessages } from './apiextensions-messages.ts';
import { type FieldSpec, messageSpec, type Scalar } from './messages.ts';
import { flatText, readFlat, type Tag, WireError, WireReader, wireType } from './wire-reader.ts';
import { wrappedDecoders } from './wrapped-values.ts';

/** A decoded body. `object` carries apiVersion and kind too. */
export interface DecodedProtobuf {
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: Record<string, unknown>;
}

/** First bytes of every body: `k8s` and a zero. */
const prefix = [0x6b, 0x38, 0x73, 0x00];
/** Deeper than any built-in kind but a hostile JSON schema. */
const depthMax = 100;

/** True for bodies that carry the envelope of Kubernetes. */
export function isProtobuf(bytes: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

/**
 * Decodes one enveloped object of a built-in kind. Fields that the table does not know are passed over, as
 * protobuf wants it.
 * @throws KubeStatus 400 for malformed bytes and for kinds without a protobuf form.
 */
export function decodeProtobuf(bytes: Uint8Array): DecodedProtobuf {
  if (!isProtobuf(bytes)) {
    throw faults.badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  const envelope = attempt('the object provided is unrecognized', () => openEnvelope(bytes.subarray(4)));
  const { apiVersion, kind, raw } = envelope;
  const gv = parseApiVersion(apiVersion);
  const named = definitionName({ ...gv, kind });
  const message = messageSpec(named) ? named : `${metaPackage}.${kind}`;
  if (!messageSpec(message)) {
    throw faults.badRequest(`no kind "${kind}" is registered for version "${apiVersion}" in protobuf`);
  }
  const context = `${kind} in version "${gv.version}" cannot be handled as a ${kind}`;
  const fields = attempt(context, () => decodeMessage(raw, message, 0));
  return { apiVersion, kind, object: { apiVersion, kind, ...fields } };
}

function attempt<T>(context: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) throw faults.badRequest(`${context}: ${error.message}`);
    throw error;
  }
}

/** runtime.Unknown: 1 type (1 apiVersion, 2 kind), 2 raw, 3 contentEncoding, 4 contentType. */
function openEnvelope(bytes: Uint8Array): { apiVersion: string; kind: string; raw: Uint8Array } {
  const { blobs } = readFlat(bytes);
  if ((blobs.get(3)?.length ?? 0) > 0) throw new WireError('a content encoding is not supported');
  const apiVersion = flatText(blobs.get(1), 1);
  const kind = flatText(blobs.get(1), 2);
  if (kind === '') throw new WireError("Object 'Kind' is missing");
  if (apiVersion === '') throw new WireError("Object 'apiVersion' is missing");
  return { apiVersion, kind, raw: blobs.get(2) ?? new Uint8Array() };
}

function decodeMessage(bytes: Uint8Array, name: string, depth: number): Record<string, unknown> {
  const spec = messageSpec(name);
  if (!spec || depth > depthMax) throw new WireError(`proto: cannot decode ${name}`);
  const reader = new WireReader(bytes);
  const result: Record<string, unknown> = {};
  while (!reader.atEnd) {
    const tag = reader.tag();
    const field = spec.get(tag.field);
    if (!field) {
      reader.skip(tag.wire);
      continue;
    }
    if (field.form === 'list') appendItem(result, field, { reader, tag, depth });
    else if (field.form === 'map') putEntry(result, field, { reader, tag, depth });
    else putValue(result, field, { reader, tag, depth });
  }
  return result;
}

interface Cursor {
  readonly reader: WireReader;
  readonly tag: Tag;
  readonly depth: number;
}

function putValue(result: Record<string, unknown>, field: FieldSpec, cursor: Cursor): void {
  const value = decodeValue(field, cursor);
  if (field.name === undefined) Object.assign(result, value);
  else if (value === undefined || (isZero(value) && !field.pointer && !field.always))
    delete result[field.name];
  else result[field.name] = value;
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function appendItem(result: Record<string, unknown>, field: FieldSpec, cursor: Cursor): void {
  const list = (result[field.name ?? ''] ??= []) as unknown[];
  const isNumber = field.scalar === 'i' || field.scalar === 'l' || field.scalar === 'b';
  if (isNumber && cursor.tag.wire === wireType.bytes) {
    const packed = new WireReader(cursor.reader.bytes());
    const tag = { ...cursor.tag, wire: wireType.varint };
    while (!packed.atEnd) list.push(decodeValue(field, { ...cursor, reader: packed, tag }));
    return;
  }
  list.push(decodeValue(field, cursor) ?? null);
}

/** A map entry is a message of key 1 and value 2. */
function putEntry(result: Record<string, unknown>, field: FieldSpec, cursor: Cursor): void {
  const entry = new WireReader(expectBytes(cursor));
  let key = '';
  let value: unknown = field.scalar === 's' || field.scalar === 'y' ? '' : undefined;
  while (!entry.atEnd) {
    const tag = entry.tag();
    if (tag.field === 1 && tag.wire === wireType.bytes) key = entry.text();
    else if (tag.field === 2) value = decodeValue(field, { reader: entry, tag, depth: cursor.depth });
    else entry.skip(tag.wire);
  }
  const map = (result[field.name ?? ''] ??= {}) as Record<string, unknown>;
  // defineProperty, so that a key such as __proto__ stays data.
  Object.defineProperty(map, key, {
    value: value ?? null,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function expectBytes({ reader, tag }: Cursor): Uint8Array {
  if (tag.wire !== wireType.bytes) {
    throw new WireError(`proto: wrong wireType = ${tag.wire} for field number ${tag.field}`);
  }
  return reader.bytes();
}

function decodeValue(field: FieldSpec, cursor: Cursor): unknown {
  if (field.scalar) return decodeScalar(field.scalar, cursor);
  const bytes = expectBytes(cursor);
  const wrapped = wrappedDecoders[field.message];
  if (wrapped) return wrapped(bytes);
  const fields = decodeMessage(bytes, field.message, cursor.depth + 1);
  const choices = choiceMessages[field.message];
  if (!choices) return fields;
  const chosen = choices.find((name) => fields[name] !== undefined);
  return chosen === undefined ? undefined : fields[chosen];
}

function decodeScalar(scalar: Scalar, cursor: Cursor): unknown {
  const { reader, tag } = cursor;
  if (scalar === 's') return Buffer.from(expectBytes(cursor)).toString('utf8');
  if (scalar === 'y') return Buffer.from(expectBytes(cursor)).toString('base64');
  if (scalar === '@s') return decodeStrings(expectBytes(cursor));
  if (scalar === 'd') {
    if (tag.wire !== wireType.fixed64)
      throw new WireError(`proto: wrong wireType = ${tag.wire} for a double`);
    return reader.double();
  }
  if (tag.wire !== wireType.varint) throw new WireError(`proto: wrong wireType = ${tag.wire} for an integer`);
  return scalar === 'b' ? reader.varint() !== 0n : reader.integer();
}

/** A message whose only field is a list of strings; its JSON is the list. */
function decodeStrings(bytes: Uint8Array): string[] {
  const reader = new WireReader(bytes);
  const items: string[] = [];
  while (!reader.atEnd) {
    const { field, wire } = reader.tag();
    if (field === 1 && wire === wireType.bytes) items.push(reader.text());
    else reader.skip(wire);
  }
  return items;
}
