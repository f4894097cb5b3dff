// From failures on the wire to KubeApiError.
import { isRecord } from '@pergola/kernel';
import { KubeApiError } from './client.ts';

/** The error of an answer with status >= 400: its Status object, or its text where a proxy answered. */
export function statusError(code: number, body: Buffer): KubeApiError {
  const text = body.toString('utf8');
  const status = parseObject(text);
  if (status?.['kind'] !== 'Status') {
    return new KubeApiError(code, '', text.trim().slice(0, 500) || `the server answered with status ${code}`);
  }
  return errorOfStatus(status, code);
}

/** The error that a Status object names; `fallbackCode` where it has no code. */
export function errorOfStatus(status: Record<string, unknown>, fallbackCode: number): KubeApiError {
  const { code, reason, message, details } = status;
  return new KubeApiError(
    typeof code === 'number' ? code : fallbackCode,
    typeof reason === 'string' ? reason : '',
    typeof message === 'string' ? message : 'unknown error',
    isRecord(details) ? details : undefined,
  );
}

/** A failure below HTTP (no connection, broken TLS, an answer cut short): code 0. */
export function transportError(error: unknown): KubeApiError {
  if (error instanceof KubeApiError) return error;
  const wrapped = new KubeApiError(0, 'TransportFailure', messageOf(error));
  wrapped.cause = error;
  return wrapped;
}

// Node gathers the failures of several addresses in an AggregateError with an empty message.
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // Not JSON: the text itself becomes the message.
    return undefined;
  }
}

/** True for an API error with this HTTP status. */
export function hasCode(error: unknown, code: number): error is KubeApiError {
  return error instanceof KubeApiError && error.code === code;
}
