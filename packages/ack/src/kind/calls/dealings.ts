// What the calls of a kind are made from: the wanted fields, what AWS has, and the texts of templates.
import type { Dealings, Raw, Template } from '../description.ts';
import type { AwsCall, Json, JsonObject, Wanted } from '../kind.ts';
import type { KindModel, TopField } from '../model/kind-model.ts';
import { select } from '../values/select.ts';
import { isObject, toAws } from '../values/to-aws.ts';

export interface Found extends Dealings {
  readonly model: KindModel;
}

export function deal(model: KindModel, call: AwsCall, wanted: Wanted, resource: Raw): Found {
  const dealings: Found = {
    model,
    call,
    wanted,
    resource,
    field: (key) => {
      const field = model.specByKey.get(key);
      return field && specValue(field, wanted.spec);
    },
    find: (text) => findText(dealings, text),
    isAsked: (key) => isAsked(model, wanted, key),
  };
  return dealings;
}

function isAsked({ description, specByKey }: KindModel, wanted: Wanted, key: string): boolean {
  const identity = specByKey.get(description.identity)?.name;
  const names = Object.keys(wanted.spec).filter((name) => wanted.spec[name] !== undefined);
  if (wanted.everything ?? names.every((name) => name === identity)) return true;
  if (key === description.tags?.field && Object.keys(wanted.defaultTags).length > 0) return true;
  const field = specByKey.get(key);
  return field !== undefined && names.includes(field.name);
}

/** A field of the spec in AWS's shapes. */
export function specValue(field: TopField, spec: JsonObject): unknown {
  return toAws(field.type, spec[field.name]);
}

/** The input of a call; `own` are names that the step adds. Undefined members are left out. */
export function fill(template: Template, dealings: Found, own: Raw = {}): Record<string, unknown> {
  const entries = Object.entries(template).flatMap(
    ([member, value]): readonly (readonly [string, unknown])[] => {
      const filled = fillValue(value, dealings, own);
      if (filled === undefined) return [];
      return member === '$' && isObject(filled) ? Object.entries(filled) : [[member, filled] as const];
    },
  );
  return Object.fromEntries(entries);
}

/** True when every text that the template names is known. */
export function isFillable(template: Template, dealings: Found): boolean {
  return Object.values(template).every(
    (value) =>
      typeof value !== 'string' || !value.includes('$') || fillValue(value, dealings, {}) !== undefined,
  );
}

function fillValue(value: unknown, dealings: Found, own: Raw): unknown {
  if (typeof value === 'string') return value.includes('$') ? fillText(value, dealings, own) : value;
  if (Array.isArray(value)) return value.map((element: unknown) => fillValue(element, dealings, own));
  return isObject(value) ? fill(value, dealings, own) : value;
}

/** A text that is one name gives that value; names within a text give a text, or nothing when one is not known. */
function fillText(text: string, dealings: Found, own: Raw): unknown {
  if (/^\$[\w.]+$/.test(text)) return lookUp(text, dealings, own);
  let complete = true;
  const filled = text.replace(/\$(\w+)/g, (name) => {
    const value = lookUp(name, dealings, own);
    complete &&= value !== undefined;
    return String(value);
  });
  return complete ? filled : undefined;
}

function lookUp(text: string, dealings: Found, own: Raw): unknown {
  const name = text.slice(1);
  const [first = ''] = name.split('.');
  return first in own ? select(own, name) : dealings.find(text);
}

function findText({ model, wanted, resource, field }: Found, text: string): unknown {
  const name = text.replace(/^\$/, '');
  switch (name) {
    case 'arn':
      return arnOf(model, resource) ?? wanted.arn;
    case 'account':
    case 'region':
    case 'partition':
      return wanted[name];
    default:
      return field(name) ?? select(resource, name) ?? statusValue(model, wanted.status, name);
  }
}

function statusValue(model: KindModel, status: JsonObject, key: string): Json | undefined {
  const field = model.status.find((candidate) => candidate.key === key);
  return field && status[field.name];
}

/** The ARN as AWS told it. */
export function arnOf(model: KindModel, resource: Raw): string | undefined {
  for (const member of model.arnMembers) {
    const value = resource[member];
    if (typeof value === 'string' && value.startsWith('arn:')) return value;
  }
  return undefined;
}
