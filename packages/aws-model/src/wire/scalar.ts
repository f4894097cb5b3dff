// Scalars that arrive as text: in forms, XML, headers and queries.
import type { Shape, TimestampFormat } from '../shape.ts';
import { decodeBase64 } from './text.ts';
import { parseTimestamp } from './timestamp.ts';

/** The text cannot be what the shape says. Each protocol has its own words for that. */
export class ScalarError extends Error {
  override readonly name = 'ScalarError';
  readonly expected: string;

  constructor(expected: string) {
    super(`expected ${expected}`);
    this.expected = expected;
  }
}

export type ReadScalar = (text: string) => unknown;

/** Compiles a reader for a scalar shape; `place` is the timestamp format where the shape has none. */
export function scalarReader(shape: Shape, place: TimestampFormat): ReadScalar {
  switch (shape.kind) {
    case 'number':
      return readNumber;
    case 'boolean':
      return readBoolean;
    case 'blob':
    case 'stream':
      return (text) => decodeBase64(text.trim()) ?? fail('Blob');
    case 'timestamp': {
      const format = shape.format ?? place;
      return (text) => parseTimestamp(text.trim(), format) ?? fail('Timestamp');
    }
    default:
      return (text) => text;
  }
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function readNumber(text: string): number {
  const trimmed = text.trim();
  if (decimal.test(trimmed)) return Number(trimmed);
  if (trimmed === 'NaN' || trimmed === 'Infinity' || trimmed === '-Infinity') return Number(trimmed);
  return fail('Integer');
}

function readBoolean(text: string): boolean {
  switch (text.trim().toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      return fail('Boolean');
  }
}

function fail(expected: string): never {
  throw new ScalarError(expected);
}
