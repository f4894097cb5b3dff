// The row that goes through the commands: an event of a block with what has been made of it, or after an
// aggregation only that. One row object serves all events, so what is to be kept must be copied out of it.
import { type LogBlock, messageOf } from '../../log-block.ts';
import { encodePointer } from '../pointer.ts';
import type { FieldScanner } from '../fields/field-scanner.ts';
import type { Value } from '../values/value.ts';

/** Decides which of two events comes first where nothing else does. */
export interface RowPlace {
  readonly timestampMs: number;
  readonly sequence: number;
  readonly log: string;
  /** Of the rows that one event has become. */
  readonly ordinal: number;
}

export class Row {
  /** Values by slot: aliases, and fields of the message once they have been read. */
  values: Value[] = [];
  /** Which rows of the event are meant when it has become several. */
  ordinal = 0;
  /** Whether the event lies in the query's range, and in the earlier one of `diff`. */
  current = true;
  previous = false;
  #scanner: FieldScanner | undefined;
  #block: LogBlock | undefined;
  #index = 0;
  #read = false;
  #message: string | undefined;
  #log = '';

  constructor(scanner?: FieldScanner) {
    this.#scanner = scanner;
  }

  enter(block: LogBlock): void {
    this.#block = block;
    this.#log = `${block.account}:${block.group}`;
    this.#scanner?.begin();
  }

  /** Goes to an event of the block. */
  move(index: number): void {
    this.#index = index;
    this.#read = false;
    this.#message = undefined;
    this.ordinal = 0;
  }

  get block(): LogBlock {
    if (!this.#block) throw new Error('the row is not at an event');
    return this.#block;
  }

  get index(): number {
    return this.#index;
  }

  get timestampMs(): number {
    return this.block.timestampsMs[this.#index] ?? 0;
  }

  get ingestedMs(): number {
    return this.block.ingestedMs[this.#index] ?? 0;
  }

  get stream(): string {
    const { streams, streamNames } = this.block;
    return streamNames[streams[this.#index] ?? 0] ?? '';
  }

  get log(): string {
    return this.#log;
  }

  get sequence(): number {
    return this.block.firstSequence + this.#index;
  }

  get pointer(): string {
    const { account, group } = this.block;
    return encodePointer({ account, group, sequence: this.sequence });
  }

  message(): string {
    this.#message ??= messageOf(this.block, this.#index);
    return this.#message;
  }

  /** The field of the message that belongs into `slot`. */
  field(slot: number): Value {
    if (!this.#read) {
      this.#read = true;
      const { bytes, starts } = this.block;
      this.#scanner?.read(bytes, starts[this.#index] ?? 0, starts[this.#index + 1] ?? 0, this.values);
    }
    return this.values[slot];
  }

  place(): RowPlace {
    const { timestampMs, sequence, log, ordinal } = this;
    return { timestampMs, sequence, log, ordinal };
  }
}
