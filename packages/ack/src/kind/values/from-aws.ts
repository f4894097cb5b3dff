// From AWS's shapes to values of a custom resource. Members that the type has no field for are left out.
import type { Json } from '../kind.ts';
import type { FieldType, ObjectType, Scalar } from '../model/field-type.ts';
import { isObject } from './to-aws.ts';

export function fromAws(type: FieldType, value: unknown): Json | undefined {
  if (value === undefined || value === null) return undefined;
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? value.flatMap((element) => fromAws(type.item, element) ?? []) : undefined;
    case 'map':
      return isObject(value) ? mapFromAws(type.value, value) : undefined;
    case 'object':
      return isObject(value) ? objectFromAws(type, value) : undefined;
    default:
      return scalar(type.kind, value);
  }
}

function mapFromAws(type: FieldType, value: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fromAws(type, entry)]));
}

function objectFromAws(type: ObjectType, value: Readonly<Record<string, unknown>>): Json {
  const entries = type.fields.flatMap((field) => {
    const converted = fromAws(field.type, value[field.member]);
    return converted === undefined ? [] : [[field.name, converted] as const];
  });
  return Object.fromEntries(entries);
}

function scalar(kind: Scalar, value: unknown): Json | undefined {
  switch (kind) {
    case 'timestamp':
      return value instanceof Date ? timestamp(value) : text(value);
    case 'blob':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : text(value);
    case 'boolean':
      return typeof value === 'boolean' ? value : value === 'true' || value === 'True';
    case 'string':
      return text(value);
    // AWS never tells a secret; where it seems to, it must not be shown.
    case 'secret':
      return undefined;
    default: {
      const number = Number(value);
      return Number.isFinite(number) ? number : undefined;
    }
  }
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** As Kubernetes writes it: without fractions of a second. */
function timestamp(value: Date): string | undefined {
  return Number.isNaN(value.getTime()) ? undefined : `${value.toISOString().slice(0, 19)}Z`;
}
