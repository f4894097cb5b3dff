// The store itself: hands appends to the journal, reads and queries to those who know how, and starts upkeep.
import type { Clock, Logger } from '@pergola/kernel';
import { parseFilterPattern } from '@pergola/log-language';
import type { BlockLoader } from './files/block-loader.ts';
import type {
  AppendedBatch,
  GroupRef,
  LogStore,
  NewEvents,
  QueryProgress,
  ReadPage,
  ReadRequest,
  StoredEvent,
  StoreQuery,
  StreamFacts,
} from './contract.ts';
import { type Control, encodeControl } from './journal/control-frame.ts';
import { EventColumns } from './event-columns.ts';
import { encodeBatch, sealBatch } from './journal/event-frame.ts';
import { type GroupDirectory, isGroupKey } from './groups/group-directory.ts';
import { GroupLog } from './groups/group-log.ts';
import { type Journal, type JournalFile } from './journal/journal.ts';
import type { Leases } from './groups/leases.ts';
import { eventAt, stretchesOf } from './files/loaded-block.ts';
import { withDeletedStream, withExpiry } from './groups/mask.ts';
import { readPage } from './page-read.ts';
import type { QueryScan } from './scan/query-scan.ts';
import type { StreamSpan } from './files/stored-block.ts';
import { ReadBuffer } from './files/read-buffer.ts';
import type { StoredBlock } from './files/stored-block.ts';
import { StreamFactsReader } from './groups/stream-facts.ts';
import type { Upkeep } from './groups/upkeep.ts';

/** What the store is made of. */
export interface StoreParts {
  readonly directory: GroupDirectory;
  readonly journal: Journal;
  readonly loader: BlockLoader;
  readonly leases: Leases;
  readonly upkeep: Upkeep;
  readonly queries: QueryScan;
  /** Groups that were deleted while the journal still speaks of them. */
  readonly deleted: Map<string, JournalFile | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Per event, in AWS's count of stored bytes. */
const EVENT_OVERHEAD_BYTES = 26;

/** Thrown when something is appended to a group after its deletion. */
export class GroupDeletedError extends Error {
  override readonly name = 'GroupDeletedError';
}

export class SegmentedLogStore implements LogStore {
  readonly #parts: StoreParts;
  #turn: Promise<void> = Promise.resolve();
  readonly #streams = new StreamFactsReader();
  readonly #listeners = new Set<(batch: AppendedBatch) => void>();

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  async append(group: GroupRef, stream: string, events: NewEvents, ingestedMs: number) {
    // Everybody queues here, also when there is room: nobody who waits is overtaken.
    this.#turn = this.#turn.then(() => this.#parts.upkeep.roomInJournal());
    await this.#turn;
    return this.#use(group, async (log) => {
      assertAppendable(events);
      this.#assertNotDeleted(group);
      const firstSequence = log.nextSequence;
      const batch = encodeBatch({ key: group.key, stream, firstSequence, ingestedMs }, events);
      log.nextSequence += events.length;
      await this.#parts.journal.append({
        frame: batch.frame,
        seal: (salt) => sealBatch(batch, salt),
        placed: (file, offset) => {
          log.place(file, { head: batch.head, offset, length: batch.frame.length });
          file.holders.set(group.key, log.changes);
        },
      });
      this.#tell({ group, stream, ingestedMs, firstSequence, events });
      this.#parts.upkeep.afterAppend(log);
      return { firstSequence };
    });
  }

  async read(request: ReadRequest): Promise<ReadPage> {
    const { clock, loader } = this.#parts;
    const pattern = request.pattern === undefined ? undefined : parsePattern(request.pattern);
    // Who searches goes through many blocks once; who pages comes back to the same ones.
    const buffer = new ReadBuffer();
    const load = (block: StoredBlock) =>
      pattern ? loader.glance(request.group, block, buffer) : loader.load(request.group, block);
    return this.#reading(request.group, (log) =>
      readPage(request, { blocks: log.blocks(), mask: log.mask, load, pattern, clock }),
    );
  }

  event(group: GroupRef, sequence: number): Promise<StoredEvent | undefined> {
    return this.#reading(group, async (log) => {
      const stored = log.blockOf(sequence);
      const block = stored && (await this.#parts.loader.load(group, stored));
      if (!block) return undefined;
      const index = sequence - block.firstSequence;
      const seen = stretchesOf(block, log.mask).some(({ from, to }) => index >= from && index < to);
      return seen ? eventAt(block, index) : undefined;
    });
  }

  nextSequence(group: GroupRef): Promise<number> {
    return this.#use(group, async (log) => log.nextSequence);
  }

  query(query: StoreQuery): Promise<QueryProgress> {
    return this.#parts.queries.run(query);
  }

  stream(group: GroupRef, name: string): Promise<StreamFacts | undefined> {
    return this.#reading(group, async (log) => {
      const span = (await this.#facts(group, log)).get(name);
      return span && factsOf(span);
    });
  }

  streams(group: GroupRef): Promise<ReadonlyMap<string, StreamFacts>> {
    return this.#reading(group, async (log) => {
      const spans = await this.#facts(group, log);
      return new Map([...spans].map(([name, span]) => [name, factsOf(span)]));
    });
  }

  storedBytes(group: GroupRef): Promise<number> {
    return this.#reading(group, async (log) => {
      let bytes = 0;
      for (const span of (await this.#facts(group, log)).values()) {
        bytes += span.messageBytes + span.events * EVENT_OVERHEAD_BYTES;
      }
      return bytes;
    });
  }

  deleteStream(group: GroupRef, name: string): Promise<void> {
    return this.#use(group, async (log) => {
      const beforeSequence = log.nextSequence;
      if (beforeSequence === 0) return;
      await this.#control(log, { what: 'delete-stream', key: group.key, stream: name, beforeSequence }, () =>
        log.hide(withDeletedStream(log.mask, name, beforeSequence)),
      );
      this.#parts.upkeep.afterHiding(log);
    });
  }

  expire(group: GroupRef, beforeMs: number): Promise<void> {
    return this.#reading(group, async (log) => {
      const beforeSequence = log.nextSequence;
      if (!log.blocks().some((block) => block.minMs < beforeMs)) return;
      // What is hidden already and not yet removed does not count.
      const spans = await this.#facts(group, log);
      if (![...spans.values()].some((span) => span.firstMs < beforeMs)) return;
      await this.#control(log, { what: 'expire', key: group.key, beforeMs, beforeSequence }, () =>
        log.hide(withExpiry(log.mask, { beforeMs, beforeSequence })),
      );
      this.#parts.upkeep.afterHiding(log);
    });
  }

  async deleteGroup(group: GroupRef): Promise<void> {
    const { deleted, upkeep, logger } = this.#parts;
    if (deleted.has(group.key)) return;
    await this.#use(group, async (log) => {
      deleted.set(group.key, undefined);
      try {
        await this.#control(log, { what: 'delete-group', key: group.key }, (file) =>
          deleted.set(group.key, file),
        );
      } catch (error) {
        // A full disk must not keep anybody from making room. What the journal holds is hidden until the next start.
        logger.warn({ error, group: group.name }, 'the deletion of a log group could not be written down');
      }
    });
    await upkeep.removeGroup(group.key);
  }

  onAppend(listener: (batch: AppendedBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  retainOnly(keys: ReadonlySet<string>): Promise<void> {
    return this.#parts.upkeep.retainOnly(keys);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.queries.close();
    await this.#parts.journal.close();
    await this.#parts.upkeep.close();
  }

  #facts(group: GroupRef, log: GroupLog) {
    return this.#streams.facts(log, (block) => this.#parts.loader.load(group, block));
  }

  #use<T>(group: GroupRef, work: (log: GroupLog) => Promise<T>): Promise<T> {
    assertKey(group.key);
    // Nothing is read of a group whose files are being removed.
    if (this.#parts.deleted.has(group.key)) return work(new GroupLog(group.key));
    return this.#parts.directory.use(group.key, work);
  }

  /** Files that count when `work` begins stay until it ends. */
  #reading<T>(group: GroupRef, work: (log: GroupLog) => Promise<T>): Promise<T> {
    return this.#use(group, async (log) => {
      const end = this.#parts.leases.begin();
      try {
        return await work(log);
      } finally {
        end();
      }
    });
  }

  #control(log: GroupLog, control: Control, placed: (file: JournalFile) => void): Promise<void> {
    return this.#parts.journal.append({
      ...encodeControl(control),
      placed: (file) => {
        placed(file);
        file.holders.set(control.key, log.changes);
      },
    });
  }

  #assertNotDeleted({ key, name }: GroupRef): void {
    if (this.#parts.deleted.has(key)) throw new GroupDeletedError(`log group ${name} was deleted`);
  }

  /** A listener is told by itself, after the one who appended, and cannot stop anybody by throwing. */
  #tell(batch: AppendedBatch): void {
    for (const listener of this.#listeners) {
      queueMicrotask(() => {
        try {
          listener(batch);
        } catch (error) {
          this.#parts.logger.error({ error }, 'a listener of the log store failed');
        }
      });
    }
  }
}

function assertKey(key: string): void {
  if (!isGroupKey(key)) throw new RangeError(`not a key of a log group: ${JSON.stringify(key)}`);
}

function assertAppendable(events: NewEvents): void {
  if (events.length === 0) throw new RangeError('nothing to append');
  if (events instanceof EventColumns) {
    for (let i = 0; i < events.length; i++) assertEvent(events.sizeAt(i), events.timestampsMs[i] ?? 0);
  } else {
    for (const { message, timestampMs } of events) assertEvent(message.length, timestampMs);
  }
}

function assertEvent(messageLength: number, timestampMs: number): void {
  if (messageLength === 0) throw new RangeError('a log event without a message');
  if (!Number.isSafeInteger(timestampMs)) throw new RangeError(`not a time of a log event: ${timestampMs}`);
}

function parsePattern(text: string) {
  const parsed = parseFilterPattern(text);
  if (!parsed.ok) throw new RangeError(`not a filter pattern: ${parsed.error.message}`);
  return parsed.value;
}

function factsOf(span: StreamSpan): StreamFacts {
  return {
    name: span.stream,
    firstEventMs: span.firstMs,
    lastEventMs: span.lastMs,
    lastIngestedMs: span.lastIngestedMs,
    events: span.events,
  };
}
