// One Live Tail session: the events that are appended while it lasts, in updates of at most one a second.
//
// An update goes out a second after the one before it. Events that come after a silence do not wait for that: they
// leave as soon as those that came with them are there too. A second without events has an update without events, by
// which a connection shows that it lives.
import type { SessionTimeoutException, StartLiveTailResponseStream } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock, Timer } from '@pergola/kernel';
import type { AppendedBatch, LogStore } from '@pergola/log-store';
import type { LiveTailSelection, TailedEvent } from './live-tail-selection.ts';

type Message = StartLiveTailResponseStream;

const PERIOD_MS = 1_000;
/** For what is appended at the same time. */
const GATHER_MS = 20;
/** AWS ends a session after three hours. */
const SESSION_MS = 3 * 3_600_000;
const UPDATE_EVENTS_MAX = 500;
/** Of messages; AWS publishes no such limit, but 500 events of a megabyte are no update. */
const UPDATE_CHARS_MAX = 1_048_576;
/** What waits for a client that is slower than the log; more is dropped, the oldest first. 10 times 500 events. */
const UPDATES_MAX = 10;

export interface LiveTailSources {
  readonly events: LogStore;
  readonly clock: Clock;
  /** Called once, when the session has ended. */
  readonly onEnd: () => void;
}

export class LiveTailSession implements AsyncIterableIterator<Message> {
  readonly #selection: LiveTailSelection;
  readonly #sources: LiveTailSources;
  readonly #stop: () => void;
  readonly #timeout: Timer;
  #waiting: Message[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #tick: Timer;
  #lastUpdateMs: number;
  /** Whether the timer already runs for events. */
  #due = false;
  #gathered: TailedEvent[] = [];
  #chars = 0;
  #sampled = false;

  /** `start` is the first message. */
  constructor(start: Message, selection: LiveTailSelection, sources: LiveTailSources) {
    const { clock, events } = sources;
    this.#selection = selection;
    this.#sources = sources;
    this.#waiting.push(start);
    this.#lastUpdateMs = -Infinity;
    this.#tick = clock.after(PERIOD_MS, () => this.#update());
    this.#timeout = clock.after(SESSION_MS, () => this.#timedOut());
    const unsubscribe = events.onAppend((batch) => this.#gather(batch));
    this.#stop = () => {
      unsubscribe();
      this.#tick.cancel();
      this.#timeout.cancel();
    };
  }

  async next(): Promise<IteratorResult<Message>> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const value = this.#waiting.shift();
    return value ? { done: false, value } : { done: true, value: undefined };
  }

  /** Ends the session at once, also while `next` waits. */
  async return(): Promise<IteratorResult<Message>> {
    this.#waiting = [];
    this.#end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #gather(batch: AppendedBatch): void {
    this.#selection.show(batch, (event) => this.#take(event));
    if (this.#gathered.length === 0 || this.#due) return;
    this.#due = true;
    const { clock } = this.#sources;
    const afterLast = this.#lastUpdateMs + PERIOD_MS - clock.monotonicMs();
    this.#tick.cancel();
    this.#tick = clock.after(Math.max(GATHER_MS, afterLast), () => this.#update());
  }

  /** False when the update is full: then the rest of this second is left out. */
  #take(event: TailedEvent): boolean {
    const full = this.#gathered.length === UPDATE_EVENTS_MAX || this.#chars >= UPDATE_CHARS_MAX;
    if (full) {
      this.#sampled = true;
      return false;
    }
    this.#gathered.push(event);
    this.#chars += event.message.length;
    return true;
  }

  #update(): void {
    const { clock } = this.#sources;
    if (this.#gathered.length > 0) this.#lastUpdateMs = clock.monotonicMs();
    if (this.#waiting.length === UPDATES_MAX) this.#waiting.shift();
    this.#push({
      sessionUpdate: { sessionMetadata: { sampled: this.#sampled }, sessionResults: this.#gathered },
    });
    this.#gathered = [];
    this.#chars = 0;
    this.#sampled = false;
    this.#due = false;
    this.#tick = clock.after(PERIOD_MS, () => this.#update());
  }

  #timedOut(): void {
    const message = 'The Live Tail session has timed out after three hours.';
    this.#push({ SessionTimeoutException: { message } as SessionTimeoutException });
    this.#end();
  }

  #push(message: Message): void {
    this.#waiting.push(message);
    this.#wake?.();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stop();
    this.#wake?.();
    this.#sources.onEnd();
  }
}
