// A batch to append as columns: one buffer with all messages instead of an object and a string for each event.
import type { NewEvent, NewEvents } from './contract.ts';

/** What columns are made of. */
export interface ColumnsOfEvents {
  readonly timestampsMs: Float64Array;
  /** One more than there are events: message i is `[starts[i], starts[i + 1])` of `bytes`. */
  readonly starts: Uint32Array;
  /** UTF-8. Nobody writes to it any more. */
  readonly bytes: Buffer;
}

/** Events side by side. Iterating makes an object for each, with its message as bytes. */
export class EventColumns implements NewEvents, ColumnsOfEvents {
  readonly timestampsMs: Float64Array;
  readonly starts: Uint32Array;
  readonly bytes: Buffer;

  constructor({ timestampsMs, starts, bytes }: ColumnsOfEvents) {
    this.timestampsMs = timestampsMs;
    this.starts = starts;
    this.bytes = bytes;
  }

  /** Copies of `events`. */
  static from(events: readonly NewEvent[]): EventColumns {
    const messages = events.map(({ message }) =>
      typeof message === 'string' ? Buffer.from(message) : message,
    );
    const starts = new Uint32Array(events.length + 1);
    for (const [index, message] of messages.entries()) {
      starts[index + 1] = (starts[index] ?? 0) + message.length;
    }
    const timestampsMs = Float64Array.from(events, ({ timestampMs }) => timestampMs);
    return new EventColumns({ timestampsMs, starts, bytes: Buffer.concat(messages) });
  }

  get length(): number {
    return this.timestampsMs.length;
  }

  /** Of all messages. */
  get messageBytes(): number {
    return (this.starts[this.length] ?? 0) - (this.starts[0] ?? 0);
  }

  /** Bytes of the message of event `index`. */
  sizeAt(index: number): number {
    return (this.starts[index + 1] ?? 0) - (this.starts[index] ?? 0);
  }

  /** The events `[from, to)`, in the same memory. */
  slice(from: number, to: number): EventColumns {
    return new EventColumns({
      timestampsMs: this.timestampsMs.subarray(from, to),
      starts: this.starts.subarray(from, to + 1),
      bytes: this.bytes,
    });
  }

  *[Symbol.iterator](): Generator<NewEvent> {
    for (let index = 0; index < this.length; index++) {
      const message = this.bytes.subarray(this.starts[index], this.starts[index + 1]);
      yield { timestampMs: this.timestampsMs[index] ?? 0, message };
    }
  }
}
