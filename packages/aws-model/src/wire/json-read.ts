// Values from parsed JSON, compiled once per shape: dates and blobs are converted, types checked, unknown members
// dropped. null counts as absent.
import type { Dictionary, List, Shape, Structure } from '../shape.ts';
import { setOwn } from './record.ts';
import { decodeBase64 } from './text.ts';
import { parseTimestamp } from './timestamp.ts';

/** The JSON does not fit the shape; the message is in AWS's words. */
export class JsonShapeError extends Error {
  override readonly name = 'JsonShapeError';
}

/** `depth` counts the structures around the value. */
export type ReadJson = (value: unknown, depth: number) => unknown;

/** DynamoDB, whose values alone nest at will, allows 32 levels of two structures each. */
const depthMax = 100;

/** Compiles readers for the shapes of one service. They throw JsonShapeError. */
export class JsonReaders {
  readonly #readers = new Map<Shape, ReadJson>();
  readonly #readNumber: ReadJson;

  /** `finite`: the service has no use for NaN and the infinities, so they are not read. */
  constructor(options: { readonly finite: boolean }) {
    this.#readNumber = options.finite ? readFinite : readNumber;
  }

  reader(shape: Shape): ReadJson {
    let read = this.#readers.get(shape);
    if (!read) this.#readers.set(shape, (read = this.#compile(shape)));
    return read;
  }

  #compile(shape: Shape): ReadJson {
    switch (shape.kind) {
      case 'string':
        return readString;
      case 'number':
        return this.#readNumber;
      case 'boolean':
        return readBoolean;
      case 'blob':
      case 'stream':
        return readBlob;
      case 'timestamp':
        return readTimestamp;
      case 'list':
        return this.#list(shape);
      case 'map':
        return this.#map(shape);
      case 'structure':
        return this.#structure(shape);
    }
  }

  #structure(shape: Structure): ReadJson {
    // Compiled at first use, because a structure may contain itself.
    let parts: readonly (readonly [string, ReadJson])[] | undefined;
    return (value, depth) => {
      if (depth > depthMax) throw new JsonShapeError('Nesting levels have exceeded supported limits');
      parts ??= shape.members.map((member) => [member.name, this.reader(member.shape)]);
      const fields = asObject(value);
      const out: Record<string, unknown> = {};
      for (const [name, read] of parts) {
        const field = fields[name];
        if (field !== undefined && field !== null) out[name] = read(field, depth + 1);
      }
      return out;
    };
  }

  #list(shape: List): ReadJson {
    let read: ReadJson | undefined;
    return (value, depth) => {
      read ??= this.reader(shape.element.shape);
      if (!Array.isArray(value)) throw unexpected(value, 'List');
      const out: unknown[] = [];
      for (const item of value) if (item !== null) out.push(read(item, depth));
      return out;
    };
  }

  #map(shape: Dictionary): ReadJson {
    let read: ReadJson | undefined;
    return (value, depth) => {
      read ??= this.reader(shape.value.shape);
      const out: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(asObject(value))) {
        if (item !== null) setOwn(out, key, read(item, depth));
      }
      return out;
    };
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(value, 'Map');
  return value as Readonly<Record<string, unknown>>;
}

function readString(value: unknown): string {
  if (typeof value !== 'string') throw unexpected(value, 'String');
  return value;
}

function readNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw unexpected(value, 'Integer');
}

function readFinite(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw unexpected(value, 'Long');
}

function readBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw unexpected(value, 'Boolean');
  return value;
}

function readBlob(value: unknown): Uint8Array {
  const bytes = decodeBase64(readString(value));
  if (!bytes) throw new JsonShapeError('STRING_VALUE cannot be converted to Blob');
  return bytes;
}

function readTimestamp(value: unknown): Date {
  const text = typeof value === 'number' ? String(value) : value;
  const date = typeof text === 'string' ? parseTimestamp(text, 'date-time') : undefined;
  if (!date) throw unexpected(value, 'Timestamp');
  return date;
}

function unexpected(value: unknown, expected: string): JsonShapeError {
  if (Array.isArray(value)) return new JsonShapeError('Start of list found where not expected');
  if (typeof value === 'object')
    return new JsonShapeError('Start of structure or map found where not expected');
  return new JsonShapeError(`${tokenOf(value)} cannot be converted to ${expected}`);
}

function tokenOf(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
    case 'number':
      return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
    default:
      return 'STRING_VALUE';
  }
}
