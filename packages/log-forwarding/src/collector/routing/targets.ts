// The streams that a log's records go to by one pipeline, each with the log's lane into it. Where a group's name hangs
// on what a record says, there may be many.
import type { LogNames } from '../names/log-names.ts';
import type { Output, OutputStream } from '../outputs/output.ts';
import { Lane, type LogProgress } from '../tail/progress.ts';

const targetsMax = 1000;

export interface Target {
  readonly output: Output;
  readonly stream: OutputStream;
  readonly lane: Lane;
}

export class Targets {
  readonly progress: LogProgress;
  readonly #targets = new Map<string, Target>();

  constructor(progress: LogProgress) {
    this.progress = progress;
  }

  /** The way to `names` at `output`. */
  of(output: Output, names: LogNames): Target {
    const key = `${output.name}\n${names.group}\n${names.stream}`;
    const known = this.#targets.get(key);
    if (known) return known;
    if (this.#targets.size >= targetsMax) this.#forgetIdle();
    const target = { output, stream: output.stream(names), lane: new Lane(this.progress) };
    this.#targets.set(key, target);
    return target;
  }

  release(): void {
    for (const { stream } of this.#targets.values()) stream.release();
    this.#targets.clear();
  }

  #forgetIdle(): void {
    for (const [key, { lane, stream }] of this.#targets) {
      if (lane.isBehind) continue;
      stream.release();
      this.#targets.delete(key);
    }
  }
}
