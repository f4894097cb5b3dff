// Logs of the node itself: its journal and its audit logs. Each line is an event of its own that tells its time.
import type { Clock } from '@pergola/kernel';
import { isVaryingTemplate, type LogOrigin, namesOf } from '../names/log-names.ts';
import { auditRecord } from '../records/audit-record.ts';
import type { RecordContext } from '../records/container-record.ts';
import { nodeRecord, type TimedRecord } from '../records/node-record.ts';
import { placeholders } from '../records/record-template.ts';
import { setTime } from '../tail/cri-time.ts';
import type { Line } from '../tail/line.ts';
import type { AuditSource } from './audit-source.ts';
import { type LogKind, timeOf } from './log-source.ts';

export interface EventLogOptions {
  readonly records: RecordContext;
  readonly clock: Clock;
  /** Counts a line that is no event. */
  readonly malformed: () => void;
}

/** The node's journal, exported as JSON lines. */
export function journalLog(options: EventLogOptions): LogKind {
  const read = (line: Buffer) => nodeRecord(parsed(line), options.records);
  return eventLog({ kind: 'node' }, { ...options, volume: '_node', read });
}

export function auditLog(source: AuditSource, options: EventLogOptions): LogKind {
  const read = (line: Buffer) =>
    auditRecord(source, line, { context: options.records, nowMs: options.clock.nowMs() });
  return eventLog({ kind: 'audit', source }, { ...options, volume: '_audit', read });
}

function eventLog(
  origin: LogOrigin,
  options: EventLogOptions & {
    readonly volume: string;
    readonly read: (line: Buffer) => TimedRecord | undefined;
  },
): LogKind {
  const { records, malformed, volume, read } = options;
  let current: TimedRecord | undefined;
  return {
    origin,
    volume,
    findsLevel: false,
    prunableBytes: 0,
    prepare: (line: Line) => {
      current = read(line.bytes.subarray(line.start, line.end));
      if (!current) malformed();
      else setTime(line, current.seconds, current.nanos);
      return current !== undefined;
    },
    routeSource: ({ outputs, chain }) => ({
      canJoin: false,
      hasVaryingNames: outputs.some(({ config }) => isVaryingTemplate(config.names, chain.isStatic, false)),
      names: ({ config }, record) =>
        namesOf(config.names, origin, {
          hostname: records.hostname,
          record: record ?? { log_type: logTypeOf(origin), hostname: records.hostname },
        }),
      record: (entry) => {
        if (!current) return undefined;
        // Filters change the record, and every route begins with its own.
        const record = structuredClone(current.record);
        record['@timestamp'] = timeOf(entry);
        record['timestamp'] = timeOf(entry);
        record['openshift'] = { cluster_id: records.clusterId, sequence: placeholders.sequence };
        return record;
      },
    }),
  };
}

function logTypeOf(origin: LogOrigin): string {
  return origin.kind === 'audit' ? 'audit' : 'infrastructure';
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    // Not an entry: the caller counts it.
    return undefined;
  }
}
