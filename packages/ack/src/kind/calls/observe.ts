// From what AWS answered to the spec and status of the custom resource.
import type { Raw } from '../description.ts';
import type { Json, JsonObject, Observed } from '../kind.ts';
import { isRead } from '../model/abilities.ts';
import type { KindModel, TopField } from '../model/kind-model.ts';
import { decodeDocument } from '../values/document.ts';
import { fromAws } from '../values/from-aws.ts';
import { select } from '../values/select.ts';
import { isObject } from '../values/to-aws.ts';
import { arnOf } from './dealings.ts';

/** `before` is the status as last reported: what AWS told once, at the creation, is kept. */
export function observe(model: KindModel, resource: Raw, before: JsonObject = {}): Observed {
  return {
    spec: fieldsFrom(model.spec, resource),
    status: { ...toldOnce(model, before), ...fieldsFrom(model.status, resource) },
    arn: arnOf(model, resource),
  };
}

function toldOnce(model: KindModel, before: JsonObject): JsonObject {
  const kept = model.status.filter((field) => before[field.name] !== undefined && !isRead(model, field));
  return Object.fromEntries(kept.map(({ name }) => [name, before[name]]));
}

function fieldsFrom(fields: readonly TopField[], resource: Raw): JsonObject {
  const values: Record<string, Json> = {};
  for (const field of fields) {
    const value = fieldFrom(field, resource);
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}

function fieldFrom(field: TopField, resource: Raw): Json | undefined {
  for (const source of field.sources) {
    const value = select(resource, source);
    if (value === undefined || value === null) continue;
    const converted = fromAws(field.type, field.rule.compare === 'policy' ? decodeDocument(value) : value);
    if (converted !== undefined && !isEmpty(converted)) return converted;
  }
  return undefined;
}

/** AWS tells lists without elements where nothing was given. */
function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
