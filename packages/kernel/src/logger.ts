// Structured logs to standard error, one JSON object a line. Never logs secrets: callers pass ids.
import { pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** The four calls that the house uses. `fields` come first, the sentence second. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds `fields` to every line. */
  child(fields: object): Logger;
}

/** A logger that writes to `path`, or to standard error when none is given. */
export function createLogger(level: LogLevel, path?: string): Logger {
  return pino({ level, base: null }, pino.destination(path ? { dest: path, mkdir: true, sync: false } : 2));
}

export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};
