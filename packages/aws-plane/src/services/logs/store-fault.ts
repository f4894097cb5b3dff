// What callers are told when the log store cannot take their events.
import { AppendError, GroupDeletedError } from '@pergola/log-store';
import type { Logger } from '@pergola/kernel';
import { faults } from './faults.ts';

/** The fault for an error of the log store; the error itself when it is no ordinary one. */
export function storeFault(error: unknown, logger: Logger): unknown {
  // The group was there when the call began.
  if (error instanceof GroupDeletedError) return faults.noSuchGroup();
  if (!(error instanceof AppendError)) return error;
  logger.error({ error }, 'log events could not be written');
  return faults.unavailable();
}
