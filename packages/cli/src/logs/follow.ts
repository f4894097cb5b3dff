// Events of groups as they come: first what is there, then what arrives, each once.
import { AwsError, type AwsTarget, type EventStream, isTransient } from '@pergola/aws-client';
import type { Clock } from '@pergola/kernel';
import { filterEvents, type LiveTailQuery, liveEventsOf, type LogEvent, openLiveTail } from './logs-api.ts';

export interface Follow extends LiveTailQuery {
  readonly target: AwsTarget;
  /** Where history begins. */
  readonly sinceMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onEvent: (event: LogEvent) => void;
  /** Something that a person should know: a sample instead of everything, a new connection. */
  readonly onNotice: (text: string) => void;
}

const reconnectsMax = 5;
/** Live events that wait while history is read. Beyond it they are dropped, with a notice. */
const waitingMax = 100_000;
/** Events of history that are remembered, to know them again when the live tail brings them too. */
const rememberedMax = 200_000;

/** Runs until the signal aborts. Throws AwsError when the tail cannot be had any more. */
export async function followGroups(follow: Follow): Promise<void> {
  let { sinceMs } = follow;
  let failures = 0;
  for (;;) {
    try {
      await followOnce({ ...follow, sinceMs }, (event) => {
        failures = 0;
        sinceMs = Math.max(sinceMs, event.timestampMs);
        follow.onEvent(event);
      });
    } catch (error) {
      if (follow.signal.aborted) return;
      failures += 1;
      if (!mayReconnect(error) || failures > reconnectsMax) throw error;
      follow.onNotice(`the live tail ended (${(error as AwsError).code}); connecting again`);
      await follow.clock.sleep(200 * 2 ** failures, follow.signal).catch(() => {});
    }
    if (follow.signal.aborted) return;
  }
}

function mayReconnect(error: unknown): boolean {
  return error instanceof AwsError && (error.code === 'SessionTimeoutException' || isTransient(error));
}

/** One session of the live tail, with the history before it. Returns when the service ends it. */
async function followOnce(follow: Follow, onEvent: (event: LogEvent) => void): Promise<void> {
  // The tail is opened first, so that nothing falls between it and the history.
  const stream = await openLiveTail(follow.target, follow, follow.signal);
  const live = liveEvents(stream, follow);
  try {
    const seen = await readHistory(follow, onEvent);
    await live.drain((event) => {
      if (!seen.take(event)) onEvent(event);
    });
  } finally {
    live.stop();
  }
}

/** Reads the stream from now on, and holds what comes until `drain` is called. */
function liveEvents(stream: EventStream, { onNotice }: Follow) {
  let waiting: LogEvent[] = [];
  let stopped = false;
  let sampledBefore = false;
  let take = (event: LogEvent): void => {
    if (waiting.length < waitingMax) waiting.push(event);
    else if (waiting.length === waitingMax)
      onNotice('events come faster than they can be shown; some are left out');
  };
  const ended = (async () => {
    for await (const { type, body } of stream) {
      if (stopped) return;
      if (type !== 'sessionUpdate') continue;
      const { events, sampled } = liveEventsOf(body);
      if (sampled && !sampledBefore) onNotice('more than 500 events a second: this is a sample of them');
      sampledBefore = sampled;
      for (const event of events) take(event);
    }
  })();
  // It is awaited by `drain`; until then a failure must not count as unhandled.
  ended.catch(() => {});
  return {
    async drain(onEvent: (event: LogEvent) => void): Promise<void> {
      for (const event of waiting) onEvent(event);
      waiting = [];
      take = onEvent;
      await ended;
    },
    stop: () => {
      stopped = true;
    },
  };
}

/** Hands over the events since the start, by group, and remembers them. */
async function readHistory(follow: Follow, onEvent: (event: LogEvent) => void): Promise<SeenEvents> {
  const { target, groups, pattern, streamPrefix, sinceMs: startMs, signal } = follow;
  const seen = new SeenEvents();
  const take = (event: LogEvent) => {
    seen.add(event);
    onEvent(event);
  };
  for (const { name: group } of groups) {
    const pages = filterEvents(target, { group, startMs, pattern, streamPrefix }, signal);
    for await (const page of pages) page.forEach(take);
  }
  return seen;
}

/** What history has shown, to know it again. Equal events count apart, so that equal lines are not lost. */
class SeenEvents {
  readonly #counts = new Map<string, number>();

  add(event: LogEvent): void {
    if (this.#counts.size >= rememberedMax) return;
    const key = keyOf(event);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** True when history had this event and it had not been met again. */
  take(event: LogEvent): boolean {
    const key = keyOf(event);
    const count = this.#counts.get(key);
    if (count === undefined) return false;
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
    return true;
  }
}

function keyOf({ group, stream, timestampMs, ingestedMs, message }: LogEvent): string {
  return [group, stream, timestampMs, ingestedMs, message].join('\0');
}
