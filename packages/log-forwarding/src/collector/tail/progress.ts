// How far a log was delivered. A log's lines go to one or more lanes (a lane is the log's way into one stream of one
// output); a lane is behind while lines are held or sent, and the log is delivered as far as its last lane.

/** A point in a log: everything that ends up to `done` is delivered. */
export interface Mark {
  done: number;
  /** From where to read again to see all of what comes after `done`. */
  resume: number;
  /** The sequence of the last record up to here, so that a repeated record gets the number that it had. */
  sequence: Sequence;
}

/** `openshift.sequence`: nanoseconds since the epoch, growing in a log. Two numbers, as one would not be exact. */
export interface Sequence {
  seconds: number;
  nanos: number;
}

export function copyMark(from: Mark): Mark {
  return { done: from.done, resume: from.resume, sequence: { ...from.sequence } };
}

export class Lane {
  readonly progress: LogProgress;
  /** Delivered up to here, while batches are on their way. */
  #safe: Mark | undefined;
  #batches = 0;
  /** By stream: the point before lines that are held back and in no batch yet. */
  readonly #held: [Mark | undefined, Mark | undefined] = [undefined, undefined];

  constructor(progress: LogProgress) {
    this.progress = progress;
  }

  get isBehind(): boolean {
    return this.#batches > 0 || this.#held[0] !== undefined || this.#held[1] !== undefined;
  }

  /** A first line of `stream` is held back. `before`: the log just before it. */
  hold(stream: 0 | 1, before: Mark): void {
    this.#held[stream] = copyMark(before);
    this.progress.lag(this);
  }

  /** What was held is in a batch by now, or dropped. */
  letGo(stream: 0 | 1): void {
    this.#held[stream] = undefined;
    this.#endWhenIdle();
  }

  /** A batch holds a first line of this lane. `before`: the log just before that line. */
  enter(before: Mark): void {
    this.#safe ??= copyMark(before);
    this.#batches += 1;
    this.progress.lag(this);
  }

  /** A batch that ended at `mark` was accepted, is safe on disk, or was refused for good. */
  leave(mark: Mark): void {
    this.#batches -= 1;
    this.#safe = this.#batches === 0 ? undefined : mark;
    this.#endWhenIdle();
  }

  /** The points before what is on its way. */
  *points(): Iterable<Mark> {
    if (this.#safe) yield this.#safe;
    for (const mark of this.#held) if (mark) yield mark;
  }

  #endWhenIdle(): void {
    if (!this.isBehind) this.progress.catchUp(this);
    this.progress.changed();
  }
}

export class LogProgress {
  /** As far as the log was read. */
  readonly read: Mark = { done: 0, resume: 0, sequence: { seconds: 0, nanos: 0 } };
  readonly #behind = new Set<Lane>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get isIdle(): boolean {
    return this.#behind.size === 0;
  }

  lag(lane: Lane): void {
    this.#behind.add(lane);
  }

  catchUp(lane: Lane): void {
    this.#behind.delete(lane);
  }

  changed(): void {
    this.#onChange();
  }

  /** Everything up to here is delivered in every lane. */
  get delivered(): Mark {
    let least: Mark | undefined;
    let resume = this.read.resume;
    for (const lane of this.#behind) {
      for (const point of lane.points()) {
        if (!least || point.done < least.done) least = point;
        if (point.resume < resume) resume = point.resume;
      }
    }
    const { done, sequence } = least ?? this.read;
    return { done, resume, sequence };
  }
}
