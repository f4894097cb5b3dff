// The Range header as S3 reads it: one range; what it cannot read it ignores.
import type { ByteRange } from './bodies.ts';
import { faults } from './faults.ts';

/**
 * The bytes that `header` asks of `sizeBytes`; undefined for all of them. Throws InvalidRange when none can be given.
 */
export function parseRange(header: string, sizeBytes: number): ByteRange | undefined {
  const last = sizeBytes - 1;
  const suffix = /^bytes=-(\d+)$/.exec(header.trim());
  if (suffix)
    return satisfiable(header, sizeBytes, { start: Math.max(0, sizeBytes - Number(suffix[1])), end: last });
  const match = /^bytes=(\d+)-(\d*)$/.exec(header.trim());
  if (!match) return undefined;
  const start = Number(match[1]);
  const end = match[2] === '' ? Infinity : Number(match[2]);
  if (end < start) return undefined;
  return satisfiable(header, sizeBytes, { start, end: Math.min(end, last) });
}

function satisfiable(header: string, sizeBytes: number, range: ByteRange): ByteRange {
  if (range.start > range.end) throw faults.invalidRange(header, sizeBytes);
  return range;
}
