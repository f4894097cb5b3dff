// The sentence with which Go refuses a JSON value of the wrong type in a built-in kind.
import { isRecord } from '@pergola/kernel';
import { definitionName } from './definition-name.ts';
import { hasFormat } from './formats.ts';
import { type KubeSchema, resolveSchema, type SchemaSource } from './schema.ts';

interface At {
  /** The struct that holds the field: `ObjectMeta`. */
  readonly struct: string;
  /** Field names from the root; list indexes and map keys do not count. */
  readonly path: string;
  readonly source: SchemaSource;
}

/**
 * The first value of `object` that Go could not decode, e.g. `json: cannot unmarshal number into Go struct field
 * ConfigMap.data of type string`; undefined when all fit. Nulls fit everywhere.
 */
export function goDecodeError(
  object: unknown,
  gvk: Parameters<typeof definitionName>[0],
  source: SchemaSource,
): string | undefined {
  const schema = source.definition(definitionName(gvk));
  return schema && check(object, schema, { struct: gvk.kind, path: '', source });
}

function check(value: unknown, schema: KubeSchema, at: At): string | undefined {
  if (value === null || value === undefined) return undefined;
  const resolved = resolveSchema(schema, at.source);
  const wrong = textError(value, schema, resolved) ?? typeError(value, { schema, resolved, at });
  if (wrong !== undefined) return wrong;
  if (Array.isArray(value)) return first(value, (item) => resolved.items && check(item, resolved.items, at));
  if (!isRecord(value)) return undefined;
  const struct = shortName(schema.$ref) ?? at.struct;
  return first(Object.entries(value), ([name, field]) => {
    const own = resolved.properties?.[name];
    if (own) return check(field, own, { ...at, struct, path: at.path === '' ? name : `${at.path}.${name}` });
    const { additionalProperties } = resolved;
    return typeof additionalProperties === 'object' ? check(field, additionalProperties, at) : undefined;
  });
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Values that are texts with a form: quantities, times, bytes. */
function textError(value: unknown, schema: KubeSchema, resolved: KubeSchema): string | undefined {
  if (resolved.format === 'quantity') {
    const fits = typeof value === 'number' || (typeof value === 'string' && hasFormat(value, 'quantity'));
    return fits
      ? undefined
      : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  if (typeof value !== 'string') return undefined;
  if (resolved.format === 'date-time' && schema.$ref && !hasFormat(value, 'date-time')) {
    const layout = schema.$ref.endsWith('MicroTime')
      ? '2006-01-02T15:04:05.000000Z07:00'
      : '2006-01-02T15:04:05Z07:00';
    return `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(value)} as "2006"`;
  }
  if (resolved.format === 'byte' && !hasFormat(value, 'byte')) {
    return `illegal base64 data at input byte ${base64Error(value)}`;
  }
  return undefined;
}

/** Where Go's decoder stops: at the first foreign character, else at the end of the last whole group. */
function base64Error(text: string): number {
  const foreign = text.search(/[^A-Za-z0-9+/=]/);
  if (foreign >= 0) return foreign;
  return text.length - (text.length % 4);
}

function typeError(
  value: unknown,
  ctx: { schema: KubeSchema; resolved: KubeSchema; at: At },
): string | undefined {
  const { schema, resolved, at } = ctx;
  if (fits(value, resolved)) return undefined;
  const where = at.path === '' ? '' : `struct field ${at.struct}.${at.path} `;
  const target = at.path === '' ? 'value ' : where;
  const detail = typeof value === 'number' && isInteger(resolved) ? `number ${value}` : jsonKind(value);
  return `json: cannot unmarshal ${detail} into Go ${target}of type ${goType(schema, at.source)}`;
}

function isInteger(schema: KubeSchema): boolean {
  return schema.type === 'integer';
}

function fits(value: unknown, schema: KubeSchema): boolean {
  if (schema['x-kubernetes-int-or-string']) return typeof value === 'string' || Number.isInteger(value);
  switch (schema.type) {
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    default:
      return schema.type === undefined || typeof value === schema.type;
  }
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function shortName(ref: string | undefined): string | undefined {
  return ref?.slice(ref.lastIndexOf('.') + 1);
}

/** `string`, `int32`, `[]v1.Container`, `map[string]string`, `v1.PodSpec`. */
function goType(schema: KubeSchema, source: SchemaSource): string {
  if (schema.$ref) return schema.$ref.split('.').slice(-2).join('.');
  switch (schema.type) {
    case 'array':
      return `[]${schema.items ? goType(schema.items, source) : 'interface {}'}`;
    case 'object':
      return `map[string]${typeof schema.additionalProperties === 'object' ? goType(schema.additionalProperties, source) : 'interface {}'}`;
    case 'integer':
      return schema.format ?? 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return schema.format === 'byte' ? '[]uint8' : 'string';
  }
}
