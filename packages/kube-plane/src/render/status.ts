// Status answers: every failure, and the successes that have no object to show.
import { BugError, type Logger } from '@pergola/kernel';
import type { WholeAnswer } from '../contract.ts';
import { faults } from '../faults.ts';
import { KubeStatus, type StatusDetails } from '../kube-status.ts';

/** The Status object of a failure. */
export function statusObject(status: KubeStatus): Record<string, unknown> {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: status.metadata ?? {},
    status: 'Failure',
    message: status.message,
    reason: status.reason,
    ...(status.details ? { details: status.details } : {}),
    code: status.code,
  };
}

/** The Status object of a success. */
export function successObject(details?: StatusDetails): Record<string, unknown> {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    ...(details ? { details } : {}),
  };
}

export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): WholeAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: `${JSON.stringify(value)}\n`,
  };
}

export function statusAnswer(status: KubeStatus): WholeAnswer {
  const retry = status.details?.retryAfterSeconds;
  return jsonAnswer(
    status.code,
    statusObject(status),
    retry === undefined ? {} : { 'Retry-After': String(retry) },
  );
}

/** Any thrown value as a Status. What is not one is a bug of ours: 500, and the stack to the log. */
export function toKubeStatus(error: unknown, logger: Logger, path: string): KubeStatus {
  if (error instanceof KubeStatus) return error;
  if (error instanceof URIError) return faults.badRequest('malformed escape in the path of the request');
  const stack = error instanceof Error ? error.stack : String(error);
  logger.error({ path, stack, bug: error instanceof BugError }, 'request failed');
  return faults.internal('the server could not process the request; the log of the server has the reason');
}
