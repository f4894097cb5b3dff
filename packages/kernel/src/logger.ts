// Structured logs to standard error, one JSON object a line. Never logs secrets: callers pass ids.
import { pino, stdSerializers } from 'pino';

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

/** A logger that writes to `path`, for its owner's eyes, or to standard error when none is given. */
export function createLogger(level: LogLevel, path?: string): Logger {
  // Without it an Error in the fields would be written as an empty object.
  const serializers = { error: stdSerializers.err };
  const destination = path ? { dest: path, mkdir: true, sync: false, mode: 0o600 } : 2;
  return pino({ level, base: null, serializers }, pino.destination(destination));
}

export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};
