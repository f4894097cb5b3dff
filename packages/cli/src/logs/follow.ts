// Events of groups as they come: first what is there, then what arrives, each once.
import { AwsError, type AwsTarget, type EventStream, isTransient } from '@pergola/aws-client';
import { type Clock, LruMap } from '@pergola/kernel';
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
/** Events that are remembered, to know them again when another reading brings them too. */
const rememberedMax = 100_000;

/** Runs until the signal aborts. Throws AwsError when the tail cannot be had any more. */
export async function followGroups(follow: Follow): Promise<void> {
  let { sinceMs } = follow;
  let failures = 0;
  const shown = new ShownEvents();
  for (;;) {
    try {
      await followOnce({ ...follow, sinceMs }, shown, (event) => {
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
async function followOnce(
  follow: Follow,
  shown: ShownEvents,
  onEvent: (event: LogEvent) => void,
): Promise<void> {
  // The tail is opened first, so that nothing falls between it and the history.
  const stream = await openLiveTail(follow.target, follow, follow.signal);
  const live = liveEvents(stream, follow);
  try {
    await readHistory(follow, shown.pass(onEvent));
    await live.drain(shown.pass(onEvent));
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

/** Hands over the events since the start, one group after another. */
async function readHistory(follow: Follow, onEvent: (event: LogEvent) => void): Promise<void> {
  const { target, groups, pattern, streamPrefix, sinceMs: startMs, signal } = follow;
  for (const { name: group } of groups) {
    const pages = filterEvents(target, { group, startMs, pattern, streamPrefix }, signal);
    for await (const page of pages) page.forEach(onEvent);
  }
}

/**
 * Knows which events were shown. History and each live tail are passes that bring an event once, so the second of two
 * equal events within one pass is another event, and the first of a later pass is the one that was shown.
 */
class ShownEvents {
  readonly #shown = new LruMap<string, number>(rememberedMax);

  /** A function that hands on what no earlier pass has brought. */
  pass(onEvent: (event: LogEvent) => void): (event: LogEvent) => void {
    const met = new LruMap<string, number>(rememberedMax);
    return (event) => {
      const key = keyOf(event);
      const count = (met.get(key) ?? 0) + 1;
      met.set(key, count);
      if (count <= (this.#shown.get(key) ?? 0)) return;
      this.#shown.set(key, count);
      onEvent(event);
    };
  }
}

function keyOf({ group, stream, timestampMs, ingestedMs, message }: LogEvent): string {
  return [group, stream, timestampMs, ingestedMs, message].join('\0');
}
