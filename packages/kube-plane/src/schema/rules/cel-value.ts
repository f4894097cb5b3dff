// Values of a resource as CEL sees them: whole numbers apart from others, dates and durations as such, properties under
// names that CEL can say.
import { isRecord } from '@pergola/kernel';
import type { KubeSchema } from '../schema.ts';

/** Only what the schema specifies can be seen; a null counts as absent where the schema does not allow it. */
export function celValue(value: unknown, schema: KubeSchema): unknown {
  if (value === null) return null;
  if (typeof value === 'number') return isWhole(value, schema) ? BigInt(value) : value;
  if (typeof value === 'string') return textValue(value, schema);
  if (Array.isArray(value)) {
    const items = schema.items;
    return items === undefined ? value : value.map((item) => celValue(item, items));
  }
  return isRecord(value) ? objectValue(value, schema) : value;
}

function isWhole(value: number, schema: KubeSchema): boolean {
  return Number.isSafeInteger(value) && schema.type !== 'number';
}

function textValue(value: string, { format }: KubeSchema): unknown {
  if (format === 'date-time' || format === 'date') {
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? value : date;
  }
  return format === 'byte' ? new Uint8Array(Buffer.from(value, 'base64')) : value;
}

function objectValue(value: Record<string, unknown>, schema: KubeSchema): unknown {
  const { properties, additionalProperties } = schema;
  if (typeof additionalProperties === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, celValue(item, additionalProperties)]),
    );
  }
  const out: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(properties ?? {})) {
    const item = value[name];
    if (item === undefined || (item === null && !child.nullable)) continue;
    out[celName(name)] = celValue(item, child);
  }
  return out;
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return void while var'.split(
    ' ',
  ),
);

const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** A property's name as rules say it. */
export function celName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (part) => escapes[part] ?? part);
}
