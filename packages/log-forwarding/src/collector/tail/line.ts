// One line on its way from a file to the outputs. The object is reused for every line of a tail: who keeps anything of
// it copies.

export interface Line {
  /** Valid UTF-8 from `start` to `end`, without the newline. */
  bytes: Buffer;
  start: number;
  end: number;
  /** `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ`, 30 bytes; of the first part when the line came in parts. */
  readonly time: Buffer;
  timestampMs: number;
  /** Seconds since the epoch and the nanoseconds in it: together the instant in `time`. */
  seconds: number;
  nanos: number;
  /** 0 stdout, 1 stderr. */
  stream: 0 | 1;
  /** Position in the tail just after the line's newline. */
  endPosition: number;
  /** Position from which to read again to see this line, and every line that is still incomplete, whole. */
  resumePosition: number;
  /** Bytes as they stand in the file, the CRI header included. */
  rawBytes: number;
}

export const timeLength = 30;

export function emptyLine(): Line {
  return {
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    time: Buffer.alloc(timeLength, '1970-01-01T00:00:00.000000000Z'),
    timestampMs: 0,
    seconds: 0,
    nanos: 0,
    stream: 0,
    endPosition: 0,
    resumePosition: 0,
    rawBytes: 0,
  };
}
