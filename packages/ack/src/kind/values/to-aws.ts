// From values of a custom resource to AWS's shapes: Date for timestamps, bytes for blobs, AWS's names for members.
import type { FieldType, ObjectType, Scalar } from '../model/field-type.ts';

/** Members of no field are passed on by their own name. */
export function toAws(type: FieldType, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? value.map((element) => toAws(type.item, element)) : value;
    case 'map':
      return isObject(value) ? mapValues(value, (entry) => toAws(type.value, entry)) : value;
    case 'object':
      return isObject(value) ? objectToAws(type, value) : value;
    default:
      return typeof value === 'string' ? textToAws(type.kind, value) : value;
  }
}

function textToAws(kind: Scalar, value: string): unknown {
  if (kind === 'timestamp') return new Date(value);
  return kind === 'blob' ? Buffer.from(value, 'base64') : value;
}

function objectToAws(type: ObjectType, value: Readonly<Record<string, unknown>>): unknown {
  const fields = new Map(type.fields.map((field) => [field.name, field]));
  const entries = Object.entries(value).flatMap(([name, entry]) => {
    const field = fields.get(name);
    const converted = field ? toAws(field.type, entry) : entry;
    return converted === undefined ? [] : [[field?.member ?? name, converted] as const];
  });
  return Object.fromEntries(entries);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapValues(
  value: Readonly<Record<string, unknown>>,
  convert: (entry: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, convert(entry)]));
}
