// Looks at AWS.
import type { StepResult } from '@pergola/controller-kit';
import type { Run } from '../run.ts';

export async function observe(run: Run): Promise<StepResult> {
  run.observed = await run.kind.read(run.call, run.wanted);
  return undefined;
}
