// The node's journal: what Pergola's own components log, one entry of systemd's JSON export format a line.
// https://systemd.io/JOURNAL_EXPORT_FORMATS/
import { isRecord, type Clock, type Logger, type Random } from '@pergola/kernel';
import type { LineFile } from './line-file.ts';

export interface Journal {
  /** The logger of one component, as the unit `<name>.service`. */
  loggerOf(name: string): Logger;
}

export interface JournalOptions {
  readonly file: Pick<LineFile, 'write'>;
  readonly hostname: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** syslog(3) */
const priorities = { info: '6', warn: '4', error: '3' } as const;

export function createJournal({ file, hostname, clock, random }: JournalOptions): Journal {
  const bootId = random.bytes(16).toString('hex');
  const sequenceId = random.bytes(16).toString('hex');
  let sequence = 0;
  const write = (unit: string, priority: string, message: string) => {
    const realtime = String(Math.trunc(clock.nowMs() * 1000));
    const monotonic = String(Math.trunc(clock.monotonicMs() * 1000));
    sequence++;
    file.write(
      JSON.stringify({
        __CURSOR: `s=${sequenceId};i=${sequence.toString(16)};b=${bootId};m=${monotonic}`,
        __REALTIME_TIMESTAMP: realtime,
        __MONOTONIC_TIMESTAMP: monotonic,
        _BOOT_ID: bootId,
        _HOSTNAME: hostname,
        _SYSTEMD_UNIT: `${unit}.service`,
        _TRANSPORT: 'stdout',
        _PID: String(process.pid),
        _COMM: unit,
        SYSLOG_IDENTIFIER: unit,
        PRIORITY: priority,
        MESSAGE: message,
      }),
    );
  };
  const loggerOf = (unit: string, base: object): Logger => {
    const say = (priority: string) => (fields: object, message: string) =>
      write(unit, priority, sentence(message, { ...base, ...fields }));
    return {
      debug: () => {},
      info: say(priorities.info),
      warn: say(priorities.warn),
      error: say(priorities.error),
      child: (fields) => loggerOf(unit, { ...base, ...fields }),
    };
  };
  return { loggerOf: (name) => loggerOf(name, {}) };
}

/** As klog writes structured messages: the sentence in quotes, then `name="value"`. */
function sentence(message: string, fields: object): string {
  const told = Object.entries(fields).filter(([, value]) => value !== undefined);
  return [JSON.stringify(message), ...told.map(([name, value]) => `${name}=${valueText(value)}`)].join(' ');
}

function valueText(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(`${value.name}: ${value.message}`);
  if (isRecord(value) || Array.isArray(value)) return JSON.stringify(value);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** A logger that says everything twice. */
export function teeLogger(first: Logger, second: Logger): Logger {
  return {
    debug(fields, message) {
      first.debug(fields, message);
      second.debug(fields, message);
    },
    info(fields, message) {
      first.info(fields, message);
      second.info(fields, message);
    },
    warn(fields, message) {
      first.warn(fields, message);
      second.warn(fields, message);
    },
    error(fields, message) {
      first.error(fields, message);
      second.error(fields, message);
    },
    child: (fields) => teeLogger(first.child(fields), second.child(fields)),
  };
}
