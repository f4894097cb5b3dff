// What a pipeline ends in. One implementation today, CloudWatch; a further one is a folder beside it.
import type { OutputReport } from '../../config/delivery-report.ts';
import type { LogNames } from '../names/log-names.ts';
import type { Lane, Sequence } from '../tail/progress.ts';
import type { RecordTemplate } from '../records/record-template.ts';
import type { Line } from '../tail/line.ts';

export interface Output extends AsyncDisposable {
  readonly name: string;
  /**
   * `busy`: its memory is full, which delivery or its disk will change soon: wait. `full`: its disk is full too; by
   * its delivery mode logs wait (then it says `busy`), or what is added is dropped and counted.
   */
  readonly state: 'open' | 'busy' | 'full';
  /** The way into one stream; made when it is first asked for. The caller releases it. */
  stream(names: LogNames): OutputStream;
  /** Counts events that a source could not hand over. */
  reject(reason: string, events: number): void;
  /** `idle` before the first delivery, `delivers`, or by what it fails: a change of it is reported at once. */
  readonly health: string;
  /** The numbers of now. */
  report(): OutputReport;
  gauges(): OutputGauges;
  /**
   * Sends what is there without waiting for more. Resolves when all of it is accepted, when what remains goes on
   * failing, or when the signal aborts; what remains is read again by the next run.
   */
  drain(signal: AbortSignal): Promise<void>;
}

export interface OutputGauges {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly streams: number;
  readonly requests: number;
  readonly errors: Readonly<Record<string, number>>;
}

/** A line with what was found out about it. Reused for each. */
export interface Entry {
  readonly line: Line;
  level: string;
  readonly sequence: Sequence;
  /** The sequence of the record before. */
  readonly previous: Sequence;
}

export interface OutputStream {
  /** The caller will add nothing more. */
  release(): void;
  /** Writes the record of `entry` by a template. Bytes of the record; 0 when it was dropped. */
  addLine(lane: Lane, template: RecordTemplate, entry: Entry): number;
  /** Writes a record that was made as JSON. Bytes of the record; 0 when it was dropped. */
  addRecord(lane: Lane, json: string, entry: Entry): number;
}
