// Which stream is sent next: those that are due in the order in which they became so, the others when their time comes.
import type { StreamQueue } from './stream-queue.ts';

export class StreamSchedule {
  /** A queue that is read from the front: `#front` counts what was taken. */
  #due: StreamQueue[] = [];
  #front = 0;
  readonly #delayed = new Map<StreamQueue, number>();

  /** The stream is sent as soon as there is a free request. */
  makeDue(stream: StreamQueue): void {
    if (stream.state === 'due' || stream.state === 'sending') return;
    this.#delayed.delete(stream);
    stream.state = 'due';
    this.#due.push(stream);
  }

  /** The stream is looked at again at `atMs`. */
  delay(stream: StreamQueue, atMs: number): void {
    if (stream.state === 'due' || stream.state === 'sending') return;
    stream.state = 'delayed';
    this.#delayed.set(stream, atMs);
  }

  /** Makes due what has waited long enough; everything that is not waiting after a failure when `isUrgent`. */
  wake(nowMs: number, isUrgent: boolean): void {
    for (const [stream, atMs] of this.#delayed) {
      if (atMs <= nowMs || (isUrgent && stream.failures === 0)) this.makeDue(stream);
    }
  }

  /** Takes the next stream, which is `sending` from now on; undefined when none is due. */
  take(): StreamQueue | undefined {
    const stream = this.#due[this.#front];
    if (!stream) return undefined;
    this.#front += 1;
    if (this.#front > 1024 && this.#front * 2 > this.#due.length) {
      this.#due = this.#due.slice(this.#front);
      this.#front = 0;
    }
    stream.state = 'sending';
    return stream;
  }

  /** After sending: the stream has no place here until it is scheduled again. */
  finish(stream: StreamQueue): void {
    stream.state = 'idle';
  }
}
