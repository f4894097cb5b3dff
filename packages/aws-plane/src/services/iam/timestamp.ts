// Instants as IAM keeps them: whole seconds.

/** ISO 8601, without the milliseconds that IAM does not keep. */
export function timestampOf(nowMs: number): string {
  return new Date(Math.floor(nowMs / 1_000) * 1_000).toISOString();
}
