// One log as the collector reads it: whose it is, and what becomes of its lines.
import type { Clock } from '@pergola/kernel';
import type { LogOrigin } from '../names/log-names.ts';
import type { Entry } from '../outputs/output.ts';
import type { RecordContext } from '../records/container-record.ts';
import { levelOf } from '../records/level.ts';
import { numberEntry, Route, type RouteSource } from '../routing/route.ts';
import { type Pipeline, pipelinesOf } from '../routing/pipelines.ts';
import { Targets } from '../routing/targets.ts';
import type { Volume, Volumes } from '../routing/volumes.ts';
import type { Line } from '../tail/line.ts';
import { emptyLine } from '../tail/line.ts';
import type { LogProgress, Sequence } from '../tail/progress.ts';

/** What all logs of a collector share. */
export interface SourceContext {
  readonly pipelines: readonly Pipeline[];
  readonly records: RecordContext;
  readonly volumes: Volumes;
  readonly clock: Clock;
  /** Counts a line that is no event of its kind. */
  readonly malformed: (kind: string) => void;
}

/** What a kind of log knows of its lines. */
export interface LogKind {
  readonly origin: LogOrigin;
  /** Namespace, `_node` or `_audit`. */
  readonly volume: string;
  readonly findsLevel: boolean;
  /** Bytes of each record that pruning annotations and labels would save. */
  readonly prunableBytes: number;
  readonly routeSource: (pipeline: Pipeline) => RouteSource;
  /** Reads what the line itself says, before it gets its number; false when it is no event. */
  readonly prepare?: ((line: Line) => boolean) | undefined;
}

export class LogSource {
  readonly #context: SourceContext;
  readonly #targets: Targets;
  readonly #progress: LogProgress;
  #kind: LogKind | undefined;
  #routes: readonly Route[] = [];
  #volume: Volume | undefined;
  readonly #entry: { line: Line; level: string; readonly sequence: Sequence; readonly previous: Sequence };

  constructor(context: SourceContext, progress: LogProgress) {
    this.#context = context;
    this.#progress = progress;
    this.#targets = new Targets(progress);
    this.#entry = {
      line: emptyLine(),
      level: 'default',
      sequence: progress.read.sequence,
      previous: { ...progress.read.sequence },
    };
  }

  /** Whether any pipeline takes the log. */
  get isTaken(): boolean {
    return this.#routes.length > 0;
  }

  /** Sets or changes what is known of the log. Lines that are held back are let go first. */
  become(kind: LogKind): void {
    this.flush(Number.POSITIVE_INFINITY);
    this.#kind = kind;
    this.#volume = this.#context.volumes.of(kind.volume);
    const { pipelines, clock } = this.#context;
    this.#routes = pipelinesOf(pipelines, kind.origin).map(
      (takenBy) =>
        new Route({
          takenBy,
          source: kind.routeSource(takenBy.pipeline),
          targets: this.#targets,
          clock,
          sent: (recordBytes) => this.#sent(recordBytes),
        }),
    );
  }

  /** `wait`: an output that takes the log has no room. */
  get mayRead(): 'yes' | 'wait' {
    for (const { outputs } of this.#routes) {
      if (outputs.some(({ output }) => output.state === 'busy')) return 'wait';
    }
    return 'yes';
  }

  take(line: Line): void {
    const kind = this.#kind;
    if (!kind) return;
    const entry = this.#entry;
    entry.line = line;
    if (kind.prepare && !kind.prepare(line)) return;
    numberEntry(entry);
    if (this.#volume) {
      this.#volume.rawBytes += line.rawBytes;
      this.#volume.events += 1;
    }
    if (this.#routes.length === 0) return;
    if (kind.findsLevel) entry.level = levelOf(line.bytes, line.start, line.end);
    for (const route of this.#routes) route.take(entry);
  }

  flush(nowMs: number): void {
    for (const route of this.#routes) route.flush(nowMs);
  }

  release(): void {
    this.flush(Number.POSITIVE_INFINITY);
    this.#targets.release();
  }

  get progress(): LogProgress {
    return this.#progress;
  }

  #sent(recordBytes: number): void {
    if (recordBytes === 0 || !this.#volume) return;
    this.#volume.sentBytes += recordBytes;
    this.#volume.prunableBytes += this.#kind?.prunableBytes ?? 0;
  }
}

/** An entry's time as records write it. */
export function timeOf({ line }: Entry): string {
  return line.time.toString('latin1');
}
