// The differences between what the user's own fields ask for and what AWS has.
import type { Comparison } from '../description.ts';
import type { Difference, Json, JsonObject, Observed, Wanted } from '../kind.ts';
import type { KindModel, TopField } from '../model/kind-model.ts';
import { tagDifference } from '../tags.ts';
import { isChangeable, isObservable } from '../model/abilities.ts';
import { isObject } from '../values/to-aws.ts';
import { isNothing, isSatisfied } from './sameness.ts';

export function differencesOf(model: KindModel, wanted: Wanted, observed: Observed): readonly Difference[] {
  const found = model.spec.flatMap((field) => fieldDifferences(model, field, wanted, observed));
  const tags = tagDifference(model, wanted, observed);
  const all = tags ? [...found, tags] : found;
  return model.description.ways?.compare?.(wanted, observed, all) ?? all;
}

function fieldDifferences(
  model: KindModel,
  field: TopField,
  wanted: Wanted,
  observed: Observed,
): readonly Difference[] {
  if (field.key === model.description.tags?.field) return [];
  const effect = isChangeable(model, field) ? 'update' : 'replace';
  if (field.rule.secret) {
    const changed = wanted.changedSecrets.filter((path) => isBelow(path, field.name));
    return changed.map((path) => ({ path, wanted: undefined, observed: undefined, effect }));
  }
  const value = wanted.spec[field.name];
  if (value === undefined || value === null || !isObservable(model, field)) return [];
  return valueDifferences({ path: field.name, field }, value, observed.spec[field.name]).map(
    (difference) => ({
      ...difference,
      effect,
    }),
  );
}

interface Place {
  readonly path: string;
  readonly field: TopField;
}

function valueDifferences(
  { path, field }: Place,
  wanted: Json,
  observed: Json | undefined,
): readonly Omit<Difference, 'effect'>[] {
  const comparison: Comparison | undefined = field.rule.compare;
  if (comparison === 'never') return [];
  if (isEmptied(field, wanted, observed)) return [{ path, wanted, observed }];
  if (field.type.kind === 'map' && isObject(wanted)) {
    return mapDifferences(path, wanted, observed, comparison);
  }
  if (isObject(wanted) && isObject(observed)) {
    return Object.entries(wanted).flatMap(([name, value]) =>
      value === undefined
        ? []
        : valueDifferences({ path: `${path}.${name}`, field: inner(field) }, value, observed[name] as Json),
    );
  }
  return isSatisfied(wanted, observed, comparison) ? [] : [{ path, wanted, observed }];
}

/** Nothing is asked for where AWS has something that can be taken away. */
function isEmptied({ rule }: TopField, wanted: Json, observed: Json | undefined): boolean {
  if (!rule.part?.remove && !rule.entries) return false;
  return (typeof wanted === 'object' || wanted === '') && isNothing(wanted) && !isNothing(observed);
}

/** A field within a field is compared alike, but has no calls of its own. */
function inner(field: TopField): TopField {
  const { part: _part, entries: _entries, ...rule } = field.rule;
  return { ...field, rule, type: { kind: 'string' } };
}

function mapDifferences(
  path: string,
  wanted: JsonObject,
  observed: Json | undefined,
  comparison: Comparison | undefined,
): readonly Omit<Difference, 'effect'>[] {
  const had = isObject(observed) ? observed : {};
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(had)])].sort();
  return keys.flatMap((key) => {
    const [asked, has] = [wanted[key], had[key]];
    const same = asked === undefined || asked === null ? isNothing(has) : isSatisfied(asked, has, comparison);
    return same ? [] : [{ path: `${path}.${key}`, wanted: asked ?? undefined, observed: has ?? undefined }];
  });
}

function isBelow(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`);
}

/** The first field of a difference's path. */
export function topOf(difference: Difference): string {
  return /^[^.[]+/.exec(difference.path)?.[0] ?? difference.path;
}
