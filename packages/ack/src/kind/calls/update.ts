// Changing a resource: only the calls that the differences need.
import { AwsError, isTransient } from '@pergola/aws-client';
import { topOf } from '../compare/differences.ts';
import type { EntriesRule, PartRule, Raw, UpdateCall, Ways } from '../description.ts';
import type { AwsCall, Difference, Observed, Wanted } from '../kind.ts';
import { fieldsOf } from '../model/abilities.ts';
import type { KindModel, TopField } from '../model/kind-model.ts';
import { isNothing, isSatisfied } from '../compare/sameness.ts';
import { finalTags, tagChanges, tagsForAws } from '../tags.ts';
import { isObject, toAws } from '../values/to-aws.ts';
import { deal, fill, type Found, specValue } from './dealings.ts';

export interface Changes {
  readonly wanted: Wanted;
  readonly observed: Observed;
  readonly resource: Raw;
  readonly differences: readonly Difference[];
}

/** Stops quietly when AWS is still at one change and takes no other yet: what is left differs at the next reading. */
export async function makeChanges(model: KindModel, call: AwsCall, changes: Changes): Promise<void> {
  let made = 0;
  const counted: AwsCall = async (operation, input) => {
    const output = await call(operation, input);
    if (!isReading(operation)) made++;
    return output;
  };
  try {
    await makeAllChanges(model, counted, changes);
  } catch (error) {
    const isBusy = error instanceof AwsError && model.description.busy?.includes(error.code);
    if (!isBusy || made === 0) throw error;
  }
}

function isReading(operation: string): boolean {
  return /^(?:Describe|Get|List|Head)/.test(operation);
}

async function makeAllChanges(model: KindModel, call: AwsCall, changes: Changes): Promise<void> {
  const dealings = deal(model, call, changes.wanted, changes.resource);
  const changed = changedFields(model, changes.differences);
  const plain = withoutOwnWays(model, changed);
  const calls = (model.description.update ?? []).flatMap((step) => callsOf(step, dealings, plain));
  const ways = ownWays(dealings, changed);
  const own = [...changed.keys()].map((key) => () => changeByOwnCalls(key, dealings, changes.observed));
  await inTurn([...calls, ...ways, ...own], model.description.busy ?? []);
}

type Work = () => Promise<void>;

/** One refusal keeps nothing else from being set; the first is told in the end. */
async function inTurn(works: readonly Work[], busy: readonly string[]): Promise<void> {
  let refusal: AwsError | undefined;
  for (const work of works) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AwsError) || isTransient(error) || busy.includes(error.code)) throw error;
      refusal ??= error;
    }
  }
  if (refusal) throw refusal;
}

function withoutOwnWays(
  { description }: KindModel,
  changed: ReadonlyMap<string, readonly Difference[]>,
): ReadonlyMap<string, readonly Difference[]> {
  return new Map([...changed].filter(([key]) => description.ways?.update?.[key] === undefined));
}

/** A function that stands for several fields is called once. Their keys are taken from `changed`. */
function ownWays(dealings: Found, changed: Map<string, readonly Difference[]>): readonly Work[] {
  const taken = new Map<OwnWay, Difference[]>();
  for (const [key, way] of Object.entries(dealings.model.description.ways?.update ?? {})) {
    const differences = changed.get(key);
    if (!differences) continue;
    taken.set(way, [...(taken.get(way) ?? []), ...differences]);
    changed.delete(key);
  }
  return [...taken].map(
    ([way, differences]) =>
      () =>
        way(dealings, differences),
  );
}

type OwnWay = NonNullable<Ways['update']>[string];

async function changeByOwnCalls(key: string, dealings: Found, observed: Observed): Promise<void> {
  const field = dealings.model.specByKey.get(key);
  if (field?.rule.part) await changePart(field, field.rule.part, dealings);
  if (field?.rule.entries) await changeEntries(field, field.rule.entries, dealings, observed);
  if (key === dealings.model.description.tags?.field) await changeTags(dealings, observed);
}

/** By the key of the field. */
function changedFields(
  model: KindModel,
  differences: readonly Difference[],
): Map<string, readonly Difference[]> {
  const changed = new Map<string, readonly Difference[]>();
  for (const difference of differences) {
    const key = model.specByName.get(topOf(difference))?.key;
    if (key !== undefined && difference.effect === 'update') {
      changed.set(key, [...(changed.get(key) ?? []), difference]);
    }
  }
  return changed;
}

function callsOf(
  step: UpdateCall,
  dealings: Found,
  changed: ReadonlyMap<string, readonly Difference[]>,
): readonly Work[] {
  const { model } = dealings;
  const members = fieldsOf(model, step);
  const hit = [...members.keys()].filter(
    (key) => changed.has(key) && key !== model.description.tags?.field && !ownCalls(model, key),
  );
  if (hit.length === 0) return [];
  return (step.single ? hit.map((key) => [key]) : [hit]).map(
    (keys) => () => makeCall(step, dealings, { keys, members }),
  );
}

async function makeCall(
  step: UpdateCall,
  dealings: Found,
  { keys, members }: { readonly keys: readonly string[]; readonly members: ReadonlyMap<string, string> },
): Promise<void> {
  const { model, wanted, call } = dealings;
  const input: Record<string, unknown> = {};
  for (const [key, member] of members) {
    const field = model.specByKey.get(key);
    const value = field && (step.whole || keys.includes(key)) ? specValue(field, wanted.spec) : undefined;
    if (value !== undefined) input[member] = value;
  }
  const own = model.description.ways?.updateInput?.(dealings, keys);
  await call(step.operation, { ...input, ...fill(step.input, dealings), ...own });
}

function ownCalls({ specByKey }: KindModel, key: string): boolean {
  const rule = specByKey.get(key)?.rule;
  return rule?.part !== undefined || rule?.entries !== undefined;
}

async function changePart(field: TopField, part: PartRule, dealings: Found): Promise<void> {
  const json = dealings.wanted.spec[field.name];
  if (part.remove && isNothing(json)) {
    await dealings.call(part.remove.operation, fill(part.remove.input, dealings));
    return;
  }
  const value = specValue(field, dealings.wanted.spec);
  await dealings.call(part.put, fill(part.input, dealings, { value }));
}

async function changeEntries(
  field: TopField,
  rule: EntriesRule,
  dealings: Found,
  observed: Observed,
): Promise<void> {
  const asked = entriesOf(field, rule, dealings.wanted.spec[field.name]);
  const has = entriesOf(field, rule, observed.spec[field.name]);
  const isChanged = (key: string): boolean =>
    !isSatisfied(asked.get(key) as never, has.get(key) as never, field.rule.compare);
  const toDrop = [...has.keys()].filter((key) => !asked.has(key) || (rule.anew && isChanged(key)));
  const toAdd = [...asked.keys()].filter((key) => !has.has(key) || isChanged(key));
  // What is added first makes sure that nothing is missing in between, unless the same name must go before.
  const add = async (): Promise<void> => {
    for (const key of toAdd) {
      const entry = entryForAws(field, asked.get(key));
      await dealings.call(rule.add.operation, fill(rule.add.input, dealings, { entry, key }));
    }
  };
  if (!rule.anew) await add();
  for (const key of toDrop)
    await dealings.call(rule.drop.operation, fill(rule.drop.input, dealings, { key }));
  if (rule.anew) await add();
}

/** Entries by their names. */
function entriesOf(field: TopField, rule: EntriesRule, value: unknown): ReadonlyMap<string, unknown> {
  if (rule.key === '*') return new Map(isObject(value) ? Object.entries(value) : []);
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (rule.key === '') return new Map(list.map((entry) => [String(entry), entry]));
  const item = field.type.kind === 'list' ? field.type.item : undefined;
  const name =
    item?.kind === 'object' ? item.fields.find(({ member }) => member === rule.key)?.name : undefined;
  const named = list.filter(isObject).map((entry) => [String(entry[name ?? '']), entry] as const);
  return new Map(named);
}

function entryForAws({ type }: TopField, entry: unknown): unknown {
  if (type.kind === 'list') return toAws(type.item, entry);
  return type.kind === 'map' ? toAws(type.value, entry) : entry;
}

async function changeTags(dealings: Found, observed: Observed): Promise<void> {
  const { model, wanted, call } = dealings;
  const { tags: rule } = model.description;
  if (!rule) return;
  const { set, drop } = tagChanges(model, wanted, observed);
  if (!rule.drop) {
    const all = tagsForAws(model, finalTags(model, wanted, observed));
    await call(rule.add.operation, fill(rule.add.input, dealings, { tags: all }));
    return;
  }
  if (drop.length > 0) await call(rule.drop.operation, fill(rule.drop.input, dealings, { keys: drop }));
  if (Object.keys(set).length > 0) {
    await call(rule.add.operation, fill(rule.add.input, dealings, { tags: tagsForAws(model, set) }));
  }
}
