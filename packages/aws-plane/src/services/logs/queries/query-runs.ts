// The queries of Logs Insights that run, wait or have ended: a bounded number, a few at a time, kept in memory.
import type { Clock } from '@pergola/kernel';
import type { QueryContext, QueryField } from '@pergola/log-language';
import type { GroupRef, LogStore, QueryProgress } from '@pergola/log-store';
import type { Home } from '../arn.ts';

export type RunStatus = 'Scheduled' | 'Running' | 'Complete' | 'Failed' | 'Cancelled' | 'Timeout';

/** What a query is told. */
export interface QueryRequest {
  readonly id: string;
  readonly home: Home;
  /** ARN of the caller. */
  readonly caller: string;
  readonly text: string;
  readonly groups: readonly GroupRef[];
  readonly context: QueryContext;
  readonly createdMs: number;
}

/** A query at this moment. */
export interface QueryRun extends QueryRequest {
  /** In the order of their start. */
  readonly number: number;
  readonly status: RunStatus;
  readonly progress: QueryProgress;
  /** Between start and end, or until now. */
  readonly durationMs: number;
}

interface Entry {
  readonly request: QueryRequest;
  readonly number: number;
  readonly abort: AbortController;
  status: RunStatus;
  progress: QueryProgress;
  startedMs: number | undefined;
  endedMs: number | undefined;
  /** About what the result takes in memory. */
  sizeBytes: number;
  /** Its last page was given after its end. */
  wasRead: boolean;
}

export interface QueryRunsOptions {
  readonly events: LogStore;
  readonly clock: Clock;
  readonly onFailure: (error: unknown, id: string) => void;
}

/** Running or waiting, in one account and region. */
export const CONCURRENT_MAX = 100;
/** Each uses all cores, so more at once would only make all of them later. */
const RUNNING_MAX = 4;
const RUN_MS_MAX = 60 * 60_000;
const ENDED_MAX = 1_000;
/** Half of it where all characters are Latin. */
const RESULT_BYTES_MAX = 256 * 1_048_576;
const NOTHING: QueryProgress = {
  result: { rows: [], recordsMatched: 0 },
  recordsScanned: 0,
  bytesScanned: 0,
};

export class QueryRuns {
  readonly #options: QueryRunsOptions;
  /** In the order of their start. */
  readonly #entries = new Map<string, Entry>();
  readonly #under = new Set<Promise<void>>();
  #running = 0;
  #last = 0;
  #closed = false;

  constructor(options: QueryRunsOptions) {
    this.#options = options;
  }

  /** How many of an account and region run or wait. */
  unfinished(home: Home): number {
    return this.list(home).filter(({ status }) => status === 'Scheduled' || status === 'Running').length;
  }

  /** Takes in a query; it runs as soon as others have left room. */
  start(request: QueryRequest): void {
    this.#entries.set(request.id, {
      request,
      number: ++this.#last,
      abort: new AbortController(),
      status: 'Scheduled',
      progress: NOTHING,
      startedMs: undefined,
      endedMs: undefined,
      sizeBytes: 0,
      wasRead: false,
    });
    this.#runNext();
  }

  find(home: Home, id: string): QueryRun | undefined {
    const entry = this.#entries.get(id);
    return entry && isAt(entry, home) ? this.#view(entry) : undefined;
  }

  /** Those of an account and region, newest first. */
  list(home: Home): QueryRun[] {
    const own = [...this.#entries.values()].filter((entry) => isAt(entry, home));
    return own.toReversed().map((entry) => this.#view(entry));
  }

  /** Ends a query that waits or runs. False when there is no such query, or it has ended. */
  cancel(home: Home, id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry || !isAt(entry, home) || entry.endedMs !== undefined) return false;
    this.#end(entry, 'Cancelled');
    return true;
  }

  /** Tells that somebody has all of a result: it is forgotten before those that nobody has. */
  noteRead(home: Home, id: string): void {
    const entry = this.#entries.get(id);
    if (entry && isAt(entry, home) && entry.endedMs !== undefined) entry.wasRead = true;
  }

  /** Ends all of them; resolves when none reads any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const entry of this.#entries.values())
      if (entry.endedMs === undefined) this.#end(entry, 'Cancelled');
    await Promise.all(this.#under);
  }

  #view({ request, number, status, progress, startedMs, endedMs }: Entry): QueryRun {
    const durationMs =
      startedMs === undefined ? 0 : (endedMs ?? this.#options.clock.monotonicMs()) - startedMs;
    return { ...request, number, status, progress, durationMs: Math.round(durationMs) };
  }

  #runNext(): void {
    for (const entry of this.#entries.values()) {
      if (this.#closed || this.#running >= RUNNING_MAX) return;
      if (entry.status !== 'Scheduled') continue;
      const run = this.#run(entry);
      this.#under.add(run);
      void run.finally(() => this.#under.delete(run));
    }
  }

  async #run(entry: Entry): Promise<void> {
    const { events, clock, onFailure } = this.#options;
    const { id, groups, text, context } = entry.request;
    this.#running++;
    entry.status = 'Running';
    entry.startedMs = clock.monotonicMs();
    const timer = clock.after(RUN_MS_MAX, () => this.#end(entry, 'Timeout'));
    try {
      const onProgress = (progress: QueryProgress) => {
        if (entry.endedMs === undefined) entry.progress = progress;
      };
      const progress = await events.query({ groups, text, context, signal: entry.abort.signal, onProgress });
      onProgress(progress);
      this.#end(entry, 'Complete');
    } catch (error) {
      if (entry.endedMs === undefined) onFailure(error, id);
      this.#end(entry, 'Failed');
    } finally {
      timer.cancel();
      this.#running--;
      this.#runNext();
    }
  }

  /** The first end counts. */
  #end(entry: Entry, status: RunStatus): void {
    if (entry.endedMs !== undefined) return;
    entry.status = status;
    entry.endedMs = this.#options.clock.monotonicMs();
    entry.sizeBytes = sizeOf(entry.progress);
    if (status !== 'Complete') entry.abort.abort(new Error(`the query has ended: ${status}`));
    this.#forgetOldest(entry);
  }

  /** Whoever has started `last`, which ends now, must have the time to ask for it. */
  #forgetOldest(last: Entry): void {
    const ended = [...this.#entries.values()].filter((entry) => entry.endedMs !== undefined);
    let count = ended.length;
    let sizeBytes = ended.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    const others = ended.filter((entry) => entry !== last);
    const unread = others.filter(({ wasRead }) => !wasRead);
    for (const entry of [...others.filter(({ wasRead }) => wasRead), ...unread]) {
      if (count <= ENDED_MAX && sizeBytes <= RESULT_BYTES_MAX) return;
      this.#entries.delete(entry.request.id);
      count--;
      sizeBytes -= entry.sizeBytes;
    }
  }
}

function isAt({ request: { home } }: Entry, { account, region }: Home): boolean {
  return home.account === account && home.region === region;
}

const FIELD_BYTES = 80;

function sizeOf({ result }: QueryProgress): number {
  return result.rows.reduce((sum, row) => sum + sizeOfRow(row), 0);
}

/** About what a row takes in memory. */
export function sizeOfRow(row: readonly QueryField[]): number {
  return row.reduce((sum, { field, value }) => sum + FIELD_BYTES + field.length + 2 * value.length, 0);
}
