// Deleting a resource: what hangs on it first, then itself. What is gone already is no error.
import { AwsError } from '@pergola/aws-client';
import type { Raw } from '../description.ts';
import type { AwsCall, Wanted } from '../kind.ts';
import type { KindModel } from '../model/kind-model.ts';
import { deal, fill } from './dealings.ts';

export async function removeResource(
  model: KindModel,
  call: AwsCall,
  wanted: Wanted,
  resource: Raw,
): Promise<void> {
  const dealings = deal(model, call, wanted, resource);
  const { read, gone = [], remove, ways } = model.description;
  const absent = new Set([...gone, ...(read[0]?.absent ?? [])]);
  try {
    await ways?.beforeRemove?.(dealings);
    for (const step of remove) {
      await call(step.operation, { ...fill(step.input, dealings), ...ways?.removeInput?.(dealings) });
    }
  } catch (error) {
    if (!(error instanceof AwsError && absent.has(error.code))) throw error;
  }
}
