// The Status objects on the error channel of exec and attach, as the kubelet writes them.
import type { Exit } from '../isolation/isolation.ts';

export interface StreamStatus {
  readonly metadata: Record<string, never>;
  readonly status: 'Success' | 'Failure';
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: { readonly causes: readonly { readonly reason?: string; readonly message: string }[] };
}

export const successStatus: StreamStatus = { metadata: {}, status: 'Success' };

/** `kubectl exec` takes its exit code from the cause. */
export function exitStatus(exit: Exit): StreamStatus {
  if (exit.code === 0) return successStatus;
  return {
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${exit.code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(exit.code) }] },
  };
}

/** As k8s.io/apimachinery NewInternalError words it. */
export function failureStatus(why: string): StreamStatus {
  const message = `Internal error occurred: ${why}`;
  const details = { causes: [{ message: why }] };
  return { metadata: {}, status: 'Failure', reason: 'InternalError', message, details, code: 500 };
}
