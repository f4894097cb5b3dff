// Which events a Live Tail session shows: of these groups, of these streams, that match this pattern.
import type { StartLiveTailRequest } from '@aws-sdk/client-cloudwatch-logs';
import { assert } from '@pergola/kernel';
import { type FilterPattern, parseFilterPattern } from '@pergola/log-language';
import type { AppendedBatch, NewEvent } from '@pergola/log-store';
import type { LogGroup } from '../state.ts';

/** An event as a session shows it. */
export interface TailedEvent {
  readonly logGroupIdentifier: string;
  readonly logStreamName: string;
  readonly message: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
}

export class LiveTailSelection {
  /** How groups are shown, by their keys. */
  readonly #groups: ReadonlyMap<string, string>;
  readonly #streams: ReadonlySet<string> | undefined;
  readonly #prefixes: readonly string[] | undefined;
  readonly #pattern: FilterPattern | undefined;

  /** The pattern of `input` is already known to be valid. */
  constructor(groups: readonly LogGroup[], input: StartLiveTailRequest) {
    this.#groups = new Map(groups.map(({ key, account, name }) => [key, `${account}:${name}`]));
    this.#streams = input.logStreamNames && new Set(input.logStreamNames);
    this.#prefixes = input.logStreamNamePrefixes;
    this.#pattern = patternOf(input.logEventFilterPattern ?? '');
  }

  /** Gives the events of a batch to `take`, until it says that it wants no more. */
  show(batch: AppendedBatch, take: (event: TailedEvent) => boolean): void {
    const logGroupIdentifier = this.#groups.get(batch.group.key);
    if (logGroupIdentifier === undefined || !this.#wantsStream(batch.stream)) return;
    const { stream: logStreamName, ingestedMs: ingestionTime } = batch;
    for (const event of batch.events) {
      const message = textOf(event);
      if (this.#pattern && !this.#pattern.matches(message)) continue;
      const { timestampMs: timestamp } = event;
      if (!take({ logGroupIdentifier, logStreamName, message, timestamp, ingestionTime })) return;
    }
  }

  #wantsStream(stream: string): boolean {
    if (this.#streams) return this.#streams.has(stream);
    return this.#prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true;
  }
}

/** Undefined for the pattern that every event matches. */
function patternOf(text: string): FilterPattern | undefined {
  if (text.trim() === '') return undefined;
  const parsed = parseFilterPattern(text);
  assert(parsed.ok, 'a filter pattern is checked before the session begins');
  return parsed.value;
}

function textOf({ message }: NewEvent): string {
  if (typeof message === 'string') return message;
  return Buffer.from(message.buffer, message.byteOffset, message.length).toString();
}
