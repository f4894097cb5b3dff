// A log's way through one pipeline: the input's limits, lines of an exception put together, filters, and the records
// written to the streams of its outputs.
import type { Clock } from '@pergola/kernel';
import { ExceptionJoiner } from '../filters/exception-joiner.ts';
import { applyFilters } from '../filters/record-filter.ts';
import type { LogNames } from '../names/log-names.ts';
import type { Entry } from '../outputs/output.ts';
import type { MutableRecord } from '../records/container-record.ts';
import { advanceSequence, renderSequence } from '../records/sequence.ts';
import { placeholders, type RecordTemplate } from '../records/record-template.ts';
import type { Line } from '../tail/line.ts';
import { Lane } from '../tail/progress.ts';
import type { PipelineOutput, TakenBy } from './pipelines.ts';
import { RecordLimit } from './record-limit.ts';
import type { Target, Targets } from './targets.ts';

/** What a kind of log brings into its routes. */
export interface RouteSource {
  /** The record of the entry; a new object. Undefined when the line is no event. */
  readonly record: (entry: Entry) => MutableRecord | undefined;
  /** Templates for stdout and stderr where the filters hang on nothing that a line brings; `drop`: nothing passes. */
  readonly templates?: readonly [RecordTemplate | 'drop', RecordTemplate | 'drop'] | undefined;
  /** The names at an output. `record`: absent when they are the same for every record. */
  readonly names: (output: PipelineOutput, record: MutableRecord | undefined) => LogNames;
  /** Whether lines may be parts of an exception; else each is an event of its own. */
  readonly canJoin: boolean;
  /** Whether the names hang on what a record says. */
  readonly hasVaryingNames: boolean;
}

export interface RouteOptions {
  readonly takenBy: TakenBy;
  readonly source: RouteSource;
  readonly targets: Targets;
  readonly clock: Clock;
  /** Counts bytes of records. */
  readonly sent: (recordBytes: number) => void;
}

export class Route {
  readonly #options: RouteOptions;
  readonly #limit: RecordLimit | undefined;
  readonly #messageBytesMax: number;
  readonly #joiners: readonly [ExceptionJoiner, ExceptionJoiner] | undefined;
  readonly #fixedTargets: readonly Target[] | undefined;
  /** Keeps the log from counting as delivered while lines are held back. */
  readonly #heldLane: Lane;
  #entry: Entry | undefined;

  constructor(options: RouteOptions) {
    this.#options = options;
    this.#heldLane = new Lane(options.targets.progress);
    const { takenBy, clock, source } = options;
    const { pipeline, input } = takenBy;
    const perSecond = input.type === 'audit' ? undefined : input.maxRecordsPerSecondPerContainer;
    this.#limit = perSecond === undefined ? undefined : new RecordLimit(perSecond, clock.nowMs());
    this.#messageBytesMax =
      (input.type === 'audit' ? undefined : input.maxMessageBytes) ?? Number.POSITIVE_INFINITY;
    if (pipeline.chain.joinsExceptions && source.canJoin) this.#joiners = [this.#joiner(0), this.#joiner(1)];
    if (!source.hasVaryingNames) this.#fixedTargets = this.#targetsFor(undefined);
  }

  get outputs(): readonly PipelineOutput[] {
    return this.#options.takenBy.pipeline.outputs;
  }

  take(entry: Entry): void {
    const { line } = entry;
    if (line.end - line.start > this.#messageBytesMax) return this.#reject('tooLong');
    if (this.#limit && !this.#limit.take(this.#options.clock.nowMs())) return this.#reject('rateLimited');
    this.#entry = entry;
    if (this.#joiners) this.#joiners[line.stream].push(line, this.#options.clock.nowMs());
    else this.#write(entry);
  }

  /** Lets go what is held back for too long. */
  flush(nowMs: number): void {
    for (const joiner of this.#joiners ?? []) joiner.flush(nowMs);
  }

  #write(entry: Entry): void {
    const { templates } = this.#options.source;
    if (!templates) return this.#writeRecord(entry);
    const template = templates[entry.line.stream];
    if (template === 'drop') return;
    for (const { stream, lane } of this.#fixedTargets ?? []) {
      this.#options.sent(stream.addLine(lane, template, entry));
    }
  }

  #writeRecord(entry: Entry): void {
    const { source, takenBy } = this.#options;
    const record = source.record(entry);
    if (!record || !applyFilters(takenBy.pipeline.chain, record)) return;
    const json = JSON.stringify(record).replace(sequencePlace, renderSequence(entry.sequence));
    for (const { stream, lane } of this.#fixedTargets ?? this.#targetsFor(record)) {
      this.#options.sent(stream.addRecord(lane, json, entry));
    }
  }

  #targetsFor(record: MutableRecord | undefined): Target[] {
    const { source, targets } = this.#options;
    return this.outputs.map((pipelineOutput) =>
      targets.of(pipelineOutput.output, source.names(pipelineOutput, record)),
    );
  }

  #joiner(stream: 0 | 1): ExceptionJoiner {
    return new ExceptionJoiner({
      emit: (line) => {
        if (this.#entry) this.#write({ ...this.#entry, line });
      },
      held: (line) => this.#hold(stream, line),
      released: () => this.#heldLane.letGo(stream),
    });
  }

  #hold(stream: 0 | 1, line: Line): void {
    const sequence = this.#entry?.previous ?? { seconds: 0, nanos: 0 };
    this.#heldLane.hold(stream, { done: line.endPosition - 1, resume: line.resumePosition, sequence });
  }

  #reject(reason: string): void {
    for (const { output } of this.outputs) output.reject(reason, 1);
  }
}

/** A number that JSON cannot write exactly stands in the record as a placeholder. */
const sequencePlace = JSON.stringify(placeholders.sequence);

/** Sets `entry.sequence` for its line. */
export function numberEntry(entry: Entry): void {
  const { line, sequence, previous } = entry;
  previous.seconds = sequence.seconds;
  previous.nanos = sequence.nanos;
  advanceSequence(sequence, line.seconds, line.nanos);
}
