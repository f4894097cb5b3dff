// A call that changes nothing: what only reads is made, what would change something is noted and answered with nothing.
import type { AwsCall } from '../kind/kind.ts';
import { isRead } from '../runtime/aws/operation-type.ts';

export interface PlannedCalls {
  readonly call: AwsCall;
  /** Operations in the order in which they would be made. */
  readonly operations: readonly string[];
}

export function planCalls(real: AwsCall): PlannedCalls {
  const operations: string[] = [];
  return {
    operations,
    call: async (operation, input) => {
      if (isRead(operation)) return real(operation, input);
      operations.push(operation);
      return {};
    },
  };
}

/**
 * The operations that `work` would make. Work that goes on with what a call answered may fail where the call was only
 * noted: it has told what it could by then. What fails before the first call is rejected with its own error.
 */
export async function operationsOf(
  real: AwsCall,
  work: (call: AwsCall) => Promise<unknown>,
): Promise<readonly string[]> {
  const { call, operations } = planCalls(real);
  try {
    await work(call);
  } catch (error) {
    if (operations.length === 0) throw error;
  }
  return operations;
}
