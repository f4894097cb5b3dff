// Deleting a resource: what hangs on it first, then itself. What is gone already is no error.
import { AwsError } from '@pergola/aws-client';
import type { Raw } from '../description.ts';
import type { AwsCall, Wanted } from '../kind.ts';
import type { KindModel } from '../model/kind-model.ts';
import { deal, fill, type Found } from './dealings.ts';
import { observe } from './observe.ts';
import { makeChanges } from './update.ts';

export async function removeResource(
  model: KindModel,
  call: AwsCall,
  wanted: Wanted,
  resource: Raw,
): Promise<void> {
  const { gone = [], progress, read } = model.description;
  if (progress?.removing?.includes(String(resource[progress.path]))) return;
  try {
    await unprotect(model, call, wanted, resource);
    await makeRemovals(deal(model, call, wanted, resource));
  } catch (error) {
    const absent = [...gone, ...(read[0]?.absent ?? [])];
    if (!(error instanceof AwsError && absent.includes(error.code))) throw error;
  }
}

async function makeRemovals(dealings: Found): Promise<void> {
  const { remove, ways } = dealings.model.description;
  await ways?.beforeRemove?.(dealings);
  for (const step of remove) {
    await dealings.call(step.operation, { ...fill(step.input, dealings), ...ways?.removeInput?.(dealings) });
  }
}

async function unprotect(model: KindModel, call: AwsCall, wanted: Wanted, resource: Raw): Promise<void> {
  const field = model.specByKey.get(model.description.protection ?? '');
  if (!field || wanted.spec[field.name] !== false) return;
  const observed = observe(model, resource);
  if (observed.spec[field.name] !== true) return;
  const difference = { path: field.name, wanted: false, observed: true, effect: 'update' } as const;
  await makeChanges(model, call, { wanted, observed, resource, differences: [difference] });
}
