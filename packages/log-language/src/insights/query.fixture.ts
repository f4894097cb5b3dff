// For tests: events as blocks, and queries run over them.
import type { LogBlock } from '../log-block.ts';
import { compileQuery } from './compile-query.ts';
import type { CompiledQuery, QueryContext, QueryRows, QuerySyntaxError } from './contract.ts';

export interface TestEvent {
  readonly message: string | Uint8Array;
  readonly timestampMs: number;
  readonly stream?: string;
}

/** 2023-11-14 22:13:20.000. */
export const startMs = 1_700_000_000_000;
export const context: QueryContext = { startMs: 0, endMs: 2 * startMs, nowMs: startMs + 3_600_000 };

export function blockOf(events: readonly TestEvent[], firstSequence = 0, group = 'app'): LogBlock {
  const messages = events.map(({ message }) => Buffer.from(message));
  const starts = new Uint32Array(messages.length + 1);
  for (const [index, message] of messages.entries())
    starts[index + 1] = (starts[index] ?? 0) + message.length;
  const streamNames = [...new Set(events.map(({ stream = 'stream' }) => stream))];
  const timestampsMs = Float64Array.from(events, ({ timestampMs }) => timestampMs);
  return {
    account: '123456789012',
    group,
    count: events.length,
    bytes: Buffer.concat(messages),
    starts,
    timestampsMs,
    ingestedMs: timestampsMs.map((ms) => ms + 7),
    streams: Uint32Array.from(events, ({ stream = 'stream' }) => streamNames.indexOf(stream)),
    streamNames,
    firstSequence,
  };
}

/** Events a second apart. */
export function eventsOf(messages: readonly unknown[]): TestEvent[] {
  return messages.map((message, index) => ({
    message: typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message),
    timestampMs: startMs + index * 1000,
  }));
}

export function compiled(text: string, within: QueryContext = context): CompiledQuery {
  const result = compileQuery(text, within);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

export function failureOf(text: string): QuerySyntaxError {
  const result = compileQuery(text, context);
  if (result.ok) throw new Error(`compiles: ${text}`);
  return result.error;
}

export function runQuery(
  text: string,
  events: readonly TestEvent[],
  within: QueryContext = context,
): QueryRows {
  const query = compiled(text, within);
  const run = query.start();
  run.add(blockOf(events), 0, events.length);
  return query.finish([structuredClone(run.partial())]);
}

/** The rows as objects, without @ptr. */
export function rowsOf(
  text: string,
  messages: readonly unknown[],
  within?: QueryContext,
): Record<string, string>[] {
  return tableOf(runQuery(text, eventsOf(messages), within));
}

export function tableOf({ rows }: QueryRows): Record<string, string>[] {
  return rows.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== '@ptr').map(({ field, value }) => [field, value])),
  );
}

/** What an expression is for one event; undefined when it is absent. */
export function valueOf(expression: string, message: unknown = {}): string | undefined {
  return rowsOf(`fields ${expression} as result`, [message])[0]?.['result'];
}
