// What can be done with a field: whether AWS tells it, and whether a call changes it.
import type { UpdateCall } from '../description.ts';
import type { KindModel, TopField } from './kind-model.ts';

/** False when no answer of AWS has the field: then there is nothing to compare. */
export function isObservable(model: KindModel, field: TopField): boolean {
  const { rule, key } = field;
  const { tags } = model.description;
  if (rule.observe !== undefined || rule.part?.read || rule.entries?.read || tags?.field === key) return true;
  return field.sources.some((source) => answered(model).has(source));
}

/** True when reading tells the field; some are told only once, by the call that creates. */
export function isRead(model: KindModel, field: TopField): boolean {
  const { ways } = model.description;
  if (field.rule.observe !== undefined || ways?.find) return true;
  return field.sources.some((source) => readable(model).has(source));
}

const answers = new WeakMap<KindModel, ReadonlySet<string>>();
const readings = new WeakMap<KindModel, ReadonlySet<string>>();

/** Members of the resource in the answers that tell it. */
function answered(model: KindModel): ReadonlySet<string> {
  const { read, create } = model.description;
  return remembered(answers, model, [...read, ...create.slice(0, 1)]);
}

function readable(model: KindModel): ReadonlySet<string> {
  return remembered(readings, model, model.description.read);
}

interface Told {
  readonly operation: string;
  readonly at?: string;
}

function remembered(
  cache: WeakMap<KindModel, ReadonlySet<string>>,
  model: KindModel,
  calls: readonly Told[],
): ReadonlySet<string> {
  const known = cache.get(model);
  if (known) return known;
  const members = new Set<string>();
  for (const call of calls) {
    const output = model.catalogue.output(call.operation);
    let fields = output ? model.catalogue.fieldsOf(output) : [];
    for (const step of (call.at ?? '').split('.').filter((part) => part !== '')) {
      const type = fields.find(({ member }) => member === step.replace(/\[\d*\]$/, ''))?.type;
      const inner = type?.kind === 'list' ? type.item : type;
      fields = inner?.kind === 'object' ? inner.fields : [];
    }
    for (const { member } of fields) members.add(member);
  }
  cache.set(model, members);
  return members;
}

/** False when AWS has to make the resource anew to change the field. */
export function isChangeable(model: KindModel, field: TopField): boolean {
  const { rule, key } = field;
  if (rule.replace || rule.immutable) return false;
  const { tags, ways, update = [] } = model.description;
  if (rule.part || rule.entries || tags?.field === key || ways?.update?.[key]) return true;
  return update.some((call) => fieldsOf(model, call).has(key));
}

/** Fields that a call changes, with the members of its input. */
export function fieldsOf(model: KindModel, call: UpdateCall): ReadonlyMap<string, string> {
  const members = membersFor(model, call.operation, call.names);
  if (!call.fields) {
    const given = new Set(Object.keys(call.input));
    return new Map([...members].filter(([, member]) => !given.has(member)));
  }
  return new Map(call.fields.map((key) => [key, members.get(key) ?? key]));
}

/** By the key of the field: the member of the operation's input that takes it. */
export function membersFor(
  { catalogue, description, specByKey }: KindModel,
  operation: string,
  names: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const input = catalogue.input(operation);
  const pairs = (input?.members ?? []).map(
    ({ name }) => [names[name] ?? description.renames?.[name] ?? name, name] as const,
  );
  return new Map(pairs.filter(([key]) => specByKey.has(key)));
}
