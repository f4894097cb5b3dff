// The record of a journal entry, in the viaq model: what systemd vouches for under `t`, what the program said of itself
// under `u`, the kernel's own under `k`.
import { isRecord } from '@pergola/kernel';
import type { MutableRecord, RecordContext } from './container-record.ts';

const kernelFields = ['KERNEL_DEVICE', 'KERNEL_SUBSYSTEM', 'UDEV_DEVLINK', 'UDEV_DEVNODE', 'UDEV_SYSNAME'];
const trustedFields = [
  'AUDIT_LOGINUID',
  'AUDIT_SESSION',
  'BOOT_ID',
  'CAP_EFFECTIVE',
  'CMDLINE',
  'COMM',
  'EXE',
  'GID',
  'HOSTNAME',
  'LINE_BREAK',
  'MACHINE_ID',
  'PID',
  'SELINUX_CONTEXT',
  'SOURCE_REALTIME_TIMESTAMP',
  'STREAM_ID',
  'SYSTEMD_CGROUP',
  'SYSTEMD_INVOCATION_ID',
  'SYSTEMD_OWNER_UID',
  'SYSTEMD_SESSION',
  'SYSTEMD_SLICE',
  'SYSTEMD_UNIT',
  'SYSTEMD_USER_UNIT',
  'TRANSPORT',
  'UID',
];
const userFields = [
  'CODE_FILE',
  'CODE_LINE',
  'ERRNO',
  'MESSAGE_ID',
  'RESULT',
  'SYSLOG_FACILITY',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  'UNIT',
];
const priorities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug', 'trace'];

export interface TimedRecord {
  readonly record: MutableRecord;
  readonly seconds: number;
  readonly nanos: number;
}

/** The record of one entry in journal export JSON; undefined when it is none. Time and sequence are filled in later. */
export function nodeRecord(entry: unknown, context: RecordContext): TimedRecord | undefined {
  if (!isRecord(entry) || entry['MESSAGE'] === undefined) return undefined;
  const micros = Number(entry['__REALTIME_TIMESTAMP'] ?? entry['_SOURCE_REALTIME_TIMESTAMP']);
  if (!Number.isFinite(micros)) return undefined;
  const kernel = pick(entry, kernelFields, '_');
  const user = pick(entry, userFields, '');
  if (entry['CODE_FUNC'] !== undefined) user['CODE_FUNCTION'] = textOf(entry['CODE_FUNC']);
  const record: MutableRecord = {
    '@timestamp': '',
    hostname: context.hostname,
    level: priorities[Number(entry['PRIORITY'])] ?? 'unknown',
    log_source: 'node',
    log_type: 'infrastructure',
    message: textOf(entry['MESSAGE']),
    openshift: { cluster_id: context.clusterId, sequence: 0 },
    systemd: {
      ...(Object.keys(kernel).length > 0 ? { k: kernel } : {}),
      t: pick(entry, trustedFields, '_'),
      u: user,
    },
    tag: '.journal.system',
    timestamp: '',
  };
  return { record, seconds: Math.floor(micros / 1e6), nanos: (micros % 1e6) * 1000 };
}

function pick(
  entry: Readonly<Record<string, unknown>>,
  names: readonly string[],
  prefix: string,
): MutableRecord {
  const picked: MutableRecord = {};
  for (const name of names) {
    const value = entry[prefix + name];
    if (value !== undefined && value !== null) picked[name] = textOf(value);
  }
  return picked;
}

/** A field that is not UTF-8 is exported as a list of bytes, one that is given twice as a list of texts. */
function textOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  if (value.every((item) => typeof item === 'number')) return Buffer.from(value).toString('utf8');
  return value.map(textOf).join('\n');
}
