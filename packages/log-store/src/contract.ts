// What the log store does: append-only events in groups and streams, read in order, scanned in parallel.
import type { Clock, Logger, Random } from '@pergola/kernel';
import type { QueryContext, QueryRows } from '@pergola/log-language';

/** A group as the store knows it. `key` is unique for ever: a group that is deleted and made again gets a new one. */
export interface GroupRef {
  /** 12 digits. */
  readonly account: string;
  /** The group's name, as queries show it in `@log`. */
  readonly name: string;
  /** Lower-case letters and digits, at most 64: names the group's folder. */
  readonly key: string;
}

/** One event to append. */
export interface NewEvent {
  readonly timestampMs: number;
  /** UTF-8 when bytes. Not empty. */
  readonly message: string | Uint8Array;
}

/** Events to append: a list of them or, for large batches, EventColumns. */
export interface NewEvents extends Iterable<NewEvent> {
  readonly length: number;
}

/** An event as it is read back. */
export interface StoredEvent {
  readonly timestampMs: number;
  readonly ingestedMs: number;
  readonly stream: string;
  readonly message: string;
  /** Of the group: unique and ascending in the order of acceptance. */
  readonly sequence: number;
}

/** A place in the order of reading: time first, then acceptance. */
export interface Place {
  readonly timestampMs: number;
  readonly sequence: number;
}

export interface ReadRequest {
  readonly group: GroupRef;
  /** Only these streams; all when absent. */
  readonly streams?: readonly string[] | undefined;
  readonly streamPrefix?: string | undefined;
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** `forward`: oldest first. `backward`: newest first. */
  readonly direction: 'forward' | 'backward';
  /** Begin strictly after this place, in the direction of reading. */
  readonly after?: Place | undefined;
  /** A filter pattern, already known to be valid. */
  readonly pattern?: string | undefined;
  readonly limitEvents: number;
  /** Of messages, in bytes; at least one event is returned if there is one. */
  readonly limitBytes: number;
  /** Stop after so much time has been spent and return what there is, with `next`. */
  readonly budgetMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ReadPage {
  /** In the direction of reading. */
  readonly events: readonly StoredEvent[];
  /** Where to go on; undefined when everything up to the other end has been looked at. */
  readonly next: Place | undefined;
}

export interface StreamFacts {
  readonly name: string;
  readonly firstEventMs: number;
  readonly lastEventMs: number;
  readonly lastIngestedMs: number;
  readonly events: number;
}

export interface QueryProgress {
  readonly result: QueryRows;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
}

export interface StoreQuery {
  readonly groups: readonly GroupRef[];
  /** Already known to compile. */
  readonly text: string;
  readonly context: QueryContext;
  readonly signal: AbortSignal;
  /** Called now and then with the result so far. */
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined;
}

/** A batch as a listener sees it, after it is durable. */
export interface AppendedBatch {
  readonly group: GroupRef;
  readonly stream: string;
  readonly ingestedMs: number;
  readonly firstSequence: number;
  readonly events: NewEvents;
}

export interface LogStore extends AsyncDisposable {
  /** Resolves when the events are on the disk: all of them or, after a crash, none. Order of calls is order of sequence. */
  append(
    group: GroupRef,
    stream: string,
    events: NewEvents,
    ingestedMs: number,
  ): Promise<{ readonly firstSequence: number }>;
  read(request: ReadRequest): Promise<ReadPage>;
  /** One event by its number; undefined when it has gone. */
  event(group: GroupRef, sequence: number): Promise<StoredEvent | undefined>;
  /** The number that the next event appended to the group will have. */
  nextSequence(group: GroupRef): Promise<number>;
  /** Runs a query over the groups, in parallel where that pays. Rejects with the signal's reason when it is aborted. */
  query(query: StoreQuery): Promise<QueryProgress>;
  /** Facts of a stream that has events. */
  stream(group: GroupRef, name: string): Promise<StreamFacts | undefined>;
  /** Facts of all streams that have events, by name: one look where many calls of `stream` would be as many. */
  streams(group: GroupRef): Promise<ReadonlyMap<string, StreamFacts>>;
  /** Bytes that the group's events take in the sense of AWS's storedBytes: message bytes plus 26 an event. */
  storedBytes(group: GroupRef): Promise<number>;
  deleteStream(group: GroupRef, name: string): Promise<void>;
  deleteGroup(group: GroupRef): Promise<void>;
  /** Forgets events older than `beforeMs`: never read again from now on, and their space is given back in time. */
  expire(group: GroupRef, beforeMs: number): Promise<void>;
  /** Calls `listener` for each batch appended to any group from now on. Returns how to stop. */
  onAppend(listener: (batch: AppendedBatch) => void): () => void;
  /** Removes folders of groups that are not among `keys`: what a crash between two deletions has left. */
  retainOnly(keys: ReadonlySet<string>): Promise<void>;
}

export interface LogStoreOptions {
  /** Folder of the segments, mode 0700; created when absent. */
  readonly path: string;
  /** `ephemeral` never waits for the disk. */
  readonly durability: 'durable' | 'ephemeral';
  /** For budgets and progress. Default: the system's. */
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** Told of damage and of failed upkeep. Default: nobody. */
  readonly logger?: Logger | undefined;
}
