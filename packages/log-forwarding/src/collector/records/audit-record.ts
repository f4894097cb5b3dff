// The records of audit logs, in the viaq model: API events stand at the root of the record, with their level repeated
// under a name of its own; lines of auditd and OVN are messages.
import { isRecord } from '@pergola/kernel';
import type { AuditSource } from '../sources/audit-source.ts';
import type { MutableRecord, RecordContext } from './container-record.ts';
import { levelOf } from './level.ts';
import type { TimedRecord } from './node-record.ts';

/** The record of one line of an audit log. Time and sequence are filled in later; without a time it is `nowMs`. */
export function auditRecord(
  source: AuditSource,
  line: Buffer,
  { context, nowMs }: { readonly context: RecordContext; readonly nowMs: number },
): TimedRecord | undefined {
  const base = {
    '@timestamp': '',
    hostname: context.hostname,
    log_source: source,
    log_type: 'audit',
    openshift: { cluster_id: context.clusterId, sequence: 0 },
    timestamp: '',
  };
  if (source === 'auditd') return auditdRecord(base, line.toString('utf8'), nowMs);
  if (source === 'ovn') return ovnRecord(base, line, nowMs);
  return apiRecord(base, { source, line, nowMs });
}

function apiRecord(
  base: MutableRecord,
  { source, line, nowMs }: { readonly source: AuditSource; readonly line: Buffer; readonly nowMs: number },
): TimedRecord | undefined {
  const event = parsed(line.toString('utf8'));
  if (!isRecord(event)) return undefined;
  const levelName = source === 'kubeAPI' ? 'k8s_audit_level' : 'openshift_audit_level';
  const record = {
    ...base,
    ...(event as MutableRecord),
    [levelName]: event['level'] as MutableRecord,
    ...pickOwn(base),
  };
  return timed(
    record,
    Date.parse(String(event['requestReceivedTimestamp'] ?? event['stageTimestamp'])),
    nowMs,
  );
}

/** What the collector says of a record stands, whatever an event calls by the same name. */
function pickOwn({ hostname, log_source, log_type, openshift }: MutableRecord): MutableRecord {
  return { hostname, log_source, log_type, openshift } as MutableRecord;
}

/** `type=SYSCALL msg=audit(1364481363.243:24287): …` */
function auditdRecord(base: MutableRecord, message: string, nowMs: number): TimedRecord {
  const type = /type=(\S+)/.exec(message)?.[1];
  const found = /msg=audit\(([\d.]+):(\d+)\)/.exec(message);
  const linux = {
    ...(found ? { record_id: found[2] as string } : {}),
    ...(type === undefined ? {} : { type }),
  };
  const record = { ...base, 'audit.linux': linux, level: 'default', message };
  return timed(record, Number(found?.[1]) * 1000, nowMs);
}

/** `2021-07-06T08:26:58.687Z|00004|acl_log(ovn_pinctrl0)|INFO|name="…", verdict=drop, …` */
function ovnRecord(base: MutableRecord, line: Buffer, nowMs: number): TimedRecord {
  const message = line.toString('utf8');
  const record = { ...base, level: levelOf(line, 0, line.length), message };
  return timed(record, Date.parse(message.split('|', 1)[0] ?? ''), nowMs);
}

function timed(record: MutableRecord, millis: number, nowMs: number): TimedRecord {
  const known = Number.isFinite(millis) ? millis : nowMs;
  const seconds = Math.floor(known / 1000);
  return { record, seconds, nanos: Math.round(known - seconds * 1000) * 1_000_000 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not an event: the caller counts it.
    return undefined;
  }
}
