// Tags: those of the user and those of the controller, and what AWS has beside them.
import type { Difference, Json, JsonObject, Observed, Wanted } from './kind.ts';
import type { Field } from './model/field-type.ts';
import type { KindModel } from './model/kind-model.ts';
import { isObject } from './values/to-aws.ts';

type Tags = Readonly<Record<string, string>>;

/** Of the spec and of the controller; those of the user win. */
export function wantedTags(model: KindModel, wanted: Wanted): Tags {
  return { ...wanted.defaultTags, ...tagsOf(model, wanted.spec) };
}

/** The tags as AWS's calls take them: a list or a map. */
export function tagsForAws(model: KindModel, tags: Tags): unknown {
  const names = listNames(model);
  if (!names) return tags;
  return Object.entries(tags).map(([key, value]) => ({
    [names.key.member]: key,
    [names.value.member]: value,
  }));
}

/** All tags that the resource should have; what the user does not list is kept when there is no list at all. */
export function finalTags(model: KindModel, wanted: Wanted, observed: Observed): Tags {
  const has = Object.entries(tagsOf(model, observed.spec)).filter(([key]) => !key.startsWith('aws:'));
  const kept = tagsAt(model, wanted.spec) === undefined ? Object.fromEntries(has) : {};
  return { ...kept, ...wantedTags(model, wanted) };
}

/** What has to be set and what to be taken away. Without tags in the spec, nothing is taken away. */
export function tagChanges(
  model: KindModel,
  wanted: Wanted,
  observed: Observed,
): { readonly set: Tags; readonly drop: readonly string[] } {
  const asked = wantedTags(model, wanted);
  const has = tagsOf(model, observed.spec);
  const isListed = tagsAt(model, wanted.spec) !== undefined;
  return {
    set: Object.fromEntries(Object.entries(asked).filter(([key, value]) => has[key] !== value)),
    drop: isListed ? Object.keys(has).filter((key) => !(key in asked) && !key.startsWith('aws:')) : [],
  };
}

export function tagDifference(model: KindModel, wanted: Wanted, observed: Observed): Difference | undefined {
  const rule = model.description.tags;
  const field = rule && model.specByKey.get(rule.field);
  if (!rule || !field) return undefined;
  const { set, drop } = tagChanges(model, wanted, observed);
  if (Object.keys(set).length === 0 && drop.length === 0) return undefined;
  return {
    path: tagsPath(model) ?? field.name,
    wanted: asField(model, wantedTags(model, wanted)),
    observed: tagsAt(model, observed.spec),
    effect: 'update',
  };
}

/** In the spec, dotted. */
export function tagsPath(model: KindModel): string | undefined {
  const rule = model.description.tags;
  const field = rule && model.specByKey.get(rule.field);
  if (!field) return undefined;
  const below = belowField(model);
  return below ? `${field.name}.${below.name}` : field.name;
}

function asField(model: KindModel, tags: Tags): Json {
  const names = listNames(model);
  if (!names) return tags;
  return Object.entries(tags).map(([key, value]) => ({ [names.key.name]: key, [names.value.name]: value }));
}

function tagsOf(model: KindModel, spec: JsonObject): Tags {
  const value = tagsAt(model, spec);
  const names = listNames(model);
  if (Array.isArray(value) && names) {
    return Object.fromEntries(
      (value as readonly JsonObject[]).map((tag) => [
        textOf(tag[names.key.name]),
        textOf(tag[names.value.name]),
      ]),
    );
  }
  return isObject(value) && !names ? (value as Tags) : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function tagsAt(model: KindModel, spec: JsonObject): Json | undefined {
  const path = tagsPath(model)?.split('.') ?? [];
  let value: Json | undefined = spec;
  for (const step of path) value = isObject(value) ? value[step] : undefined;
  return path.length === 0 ? undefined : value;
}

function belowField(model: KindModel): Field | undefined {
  const rule = model.description.tags;
  const type = rule && model.specByKey.get(rule.field)?.type;
  return type?.kind === 'object' ? type.fields.find(({ member }) => member === rule?.below) : undefined;
}

/** The two members of a tag, where tags are a list. */
function listNames(model: KindModel): { readonly key: Field; readonly value: Field } | undefined {
  const rule = model.description.tags;
  const type = belowField(model)?.type ?? (rule && model.specByKey.get(rule.field)?.type);
  if (type?.kind !== 'list' || type.item.kind !== 'object') return undefined;
  const key = type.item.fields.find(({ member }) => /^(?:Tag)?key$/i.test(member));
  const value = type.item.fields.find(({ member }) => /^(?:Tag)?value$/i.test(member));
  return key && value ? { key, value } : undefined;
}
