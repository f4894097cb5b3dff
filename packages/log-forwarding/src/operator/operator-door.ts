// The operator's door: its controllers are loaded when one starts. Who only offers it in a catalog never reads them.
import type { LoggingOperatorOptions } from './start-logging-operator.ts';

/** Starts the operator, and resolves when it leads and has seen the cluster. Ends with its disposal. */
export async function startLoggingOperator(options: LoggingOperatorOptions): Promise<AsyncDisposable> {
  const loaded = await import('./start-logging-operator.ts');
  return loaded.startLoggingOperator(options);
}
