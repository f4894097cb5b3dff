// Creating a resource: one call with all that it takes, then calls for what it does not.
import { AwsError } from '@pergola/aws-client';
import { differencesOf, topOf } from '../compare/differences.ts';
import type { CreateCall, Raw } from '../description.ts';
import type { AwsCall, Observed, Wanted } from '../kind.ts';
import { membersFor } from '../model/abilities.ts';
import type { KindModel, TopField } from '../model/kind-model.ts';
import { progressOf } from '../progress.ts';
import { tagsForAws, wantedTags } from '../tags.ts';
import { select } from '../values/select.ts';
import { isObject } from '../values/to-aws.ts';
import { deal, fill, specValue } from './dealings.ts';
import { observe } from './observe.ts';
import { readResource } from './read.ts';
import { makeChanges } from './update.ts';

export async function createResource(model: KindModel, call: AwsCall, wanted: Wanted): Promise<Observed> {
  const step = chosenCall(model, wanted);
  const { input, keys } = createInput(model, step, wanted);
  const output = select(await call(step.operation, input), step.at ?? '');
  const resource = isObject(output) ? output : {};
  const created = withGivenNames(model, wanted, observe(model, resource));
  const settled: Wanted = {
    ...wanted,
    arn: created.arn ?? wanted.arn,
    status: { ...wanted.status, ...created.status },
  };
  return followUp(model, call, settled, { created, keys });
}

/** What the first call could not take is set at once, where AWS is ready for it; else it is found missing later. */
async function followUp(
  model: KindModel,
  call: AwsCall,
  wanted: Wanted,
  { created, keys }: { readonly created: Observed; readonly keys: ReadonlySet<string> },
): Promise<Observed> {
  try {
    const resource = await readResource(model, call, wanted);
    const observed = resource ? observe(model, resource, wanted.status) : created;
    const left = differencesOf(model, wanted, observed).filter(
      (difference) => difference.effect === 'update' && !keys.has(topOf(difference)),
    );
    if (left.length === 0 || progressOf(model, observed).state !== 'ready') return observed;
    await makeChanges(model, call, { wanted, resource: resource ?? {}, observed, differences: left });
    const changed = await readResource(model, call, wanted);
    return changed ? observe(model, changed, wanted.status) : observed;
  } catch (error) {
    // The resource exists: whoever asked must learn that. The next reading finds what is left, and who refused it.
    if (error instanceof AwsError) return created;
    throw error;
  }
}

function chosenCall({ description, specByKey }: KindModel, { spec }: Wanted): CreateCall {
  const chosen = description.create.find(({ when }) => {
    const field = when === undefined ? undefined : specByKey.get(when);
    return field !== undefined && spec[field.name] !== undefined;
  });
  const call = chosen ?? description.create.find(({ when }) => when === undefined);
  if (!call) throw new Error(`${description.kind} has no call that creates it`);
  return call;
}

/** The input, and the names of the fields that are in it. */
function createInput(
  model: KindModel,
  step: CreateCall,
  wanted: Wanted,
): { readonly input: Raw; readonly keys: ReadonlySet<string> } {
  const dealings = deal(model, () => Promise.resolve({}), wanted, {});
  const input: Record<string, unknown> = {};
  const keys = new Set<string>();
  for (const [key, member] of membersFor(model, step.operation)) {
    const field = model.specByKey.get(key);
    if (!field) continue;
    keys.add(field.name);
    const value = createValue(model, field, wanted);
    if (value !== undefined) input[member] = value;
  }
  const own = model.description.ways?.createInput?.(dealings);
  return { input: { ...input, ...fill(step.input ?? {}, dealings), ...own }, keys };
}

function createValue(model: KindModel, field: TopField, wanted: Wanted): unknown {
  const { tags } = model.description;
  if (field.key !== tags?.field || tags.below !== undefined) return specValue(field, wanted.spec);
  const all = wantedTags(model, wanted);
  return Object.keys(all).length === 0 ? undefined : tagsForAws(model, all);
}

/** Some services answer a creation with nothing: then the ARN is what the name makes it. */
function withGivenNames(model: KindModel, wanted: Wanted, observed: Observed): Observed {
  const { arn } = model.description;
  if (observed.arn !== undefined || arn === undefined) return observed;
  const { Arn } = fill(
    { Arn: arn },
    deal(model, () => Promise.resolve({}), wanted, {}),
  );
  return typeof Arn === 'string' ? { ...observed, arn: Arn } : observed;
}
