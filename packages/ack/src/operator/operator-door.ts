// The operator's door: its controllers are loaded when one starts. Who only offers it in a catalog never reads them.
import type { AckOperator, AckOperatorOptions } from './operator-options.ts';

/** Starts the operator, and resolves when it leads and has seen the cluster. Ends with its disposal. */
export async function startAckOperator(options: AckOperatorOptions): Promise<AckOperator> {
  const loaded = await import('./start-ack-operator.ts');
  return loaded.startAckOperator(options);
}
