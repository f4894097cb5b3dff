// What a compiled query can do. Whoever scans events (inline or in worker threads) needs nothing else.
import type { LogBlock } from '../log-block.ts';

/** What the query is told besides its text. Instants are milliseconds since the epoch. */
export interface QueryContext {
  /** Inclusive. */
  readonly startMs: number;
  /** Inclusive. */
  readonly endMs: number;
  readonly nowMs: number;
  /** Of StartQuery: the most rows to return. Default 10,000; a `limit` command in the text wins. */
  readonly limit?: number | undefined;
}

/** Why a text is not a query, and where. `line` and `column` count from 1, `offset` from 0, in UTF-16 units. */
export interface QuerySyntaxError {
  readonly message: string;
  readonly offset: number;
  /** End of the offending text, exclusive. */
  readonly endOffset: number;
  readonly line: number;
  readonly column: number;
}

/** A compiled query. Compile the same text with the same context anywhere and the partial states fit together. */
export interface CompiledQuery {
  /** Groups that the text itself names with SOURCE; undefined when the caller chooses. */
  readonly sources: QuerySources | undefined;
  /** What of time must be scanned: the context's range, and the earlier one for `diff`. Both ends inclusive. */
  readonly ranges: readonly { readonly startMs: number; readonly endMs: number }[];
  /** Commands that Infrequent Access groups do not offer, e.g. `pattern`; empty for most queries. */
  readonly standardClassOnly: readonly string[];
  /** True when the query shows masked data (`unmask`), which needs `logs:Unmask`. */
  readonly unmasks: boolean;
  /** A new, empty run. One for each worker. */
  start(): QueryRun;
  /** Puts the partial states of all runs together. Call it with the partials so far for intermediate results. */
  finish(partials: readonly QueryPartial[]): QueryRows;
}

export interface QuerySources {
  readonly prefixes: readonly string[];
  readonly names: readonly string[];
}

/** One pass over some of the events. */
export interface QueryRun {
  /** Looks at the events `[from, to)` of `block`; those outside the query's ranges are passed over. */
  add(block: LogBlock, from: number, to: number): void;
  /** True once no further event can change the result (`limit any`). */
  enough(): boolean;
  readonly matched: number;
  /** The state so far, fit for structured clone. The run may go on afterwards. */
  partial(): QueryPartial;
}

/** Opaque state of a run; only the query that made it reads it. */
export type QueryPartial = object;

/** Rows as GetQueryResults returns them: fields in the order they are displayed; absent fields are left out. */
export interface QueryRows {
  readonly rows: readonly (readonly QueryField[])[];
  /** Events that passed every filter. */
  readonly recordsMatched: number;
}

export interface QueryField {
  readonly field: string;
  readonly value: string;
}
