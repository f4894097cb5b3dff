// Validates a resource against its schema, with the sentences of Kubernetes. CEL rules are not evaluated here:
// see `usesCel`.
import { isRecord } from '@pergola/kernel';
import { childSchema, openSchema, resourceSchema } from './child-schema.ts';
import { type FieldError, fieldErrors } from './field-error.ts';
import { fitsInteger, hasFormat } from './formats.ts';
import { validateList } from './validate-list.ts';
import type { KubeSchema, SchemaSource } from './schema.ts';

/** Every failure of `value`, in the order of the schema. An empty list means valid. */
export function validate(value: unknown, schema: KubeSchema, source: SchemaSource): FieldError[] {
  return check(value, resourceSchema(schema, source), { path: '', source });
}

interface At {
  readonly path: string;
  readonly source: SchemaSource;
}

function check(value: unknown, schema: KubeSchema, at: At): FieldError[] {
  if (value === null && (schema.nullable || isAny(schema))) return [];
  const wrong = typeError(value, schema, at.path);
  if (wrong) return [wrong];
  const errors: FieldError[] = [];
  if (schema.enum && !schema.enum.some((item) => JSON.stringify(item) === JSON.stringify(value))) {
    errors.push(fieldErrors.unsupported(at.path, value, schema.enum));
  }
  if (typeof value === 'string') errors.push(...stringErrors(value, schema, at.path));
  else if (typeof value === 'number') errors.push(...numberErrors(value, schema, at.path));
  else if (Array.isArray(value)) errors.push(...arrayErrors(value, schema, at));
  else if (isRecord(value)) errors.push(...objectErrors(value, schema, at));
  errors.push(...compositeErrors(value, schema, at));
  return errors;
}

function isAny(schema: KubeSchema): boolean {
  return schema.type === undefined && !schema['x-kubernetes-int-or-string'] && !schema.anyOf;
}

/** The JSON schema name of a value's type. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'boolean' || typeof value === 'string' ? typeof value : 'object';
}

function typeError(value: unknown, schema: KubeSchema, path: string): FieldError | undefined {
  const found = typeName(value);
  if (schema['x-kubernetes-int-or-string']) {
    return found === 'integer' || found === 'string'
      ? undefined
      : fieldErrors.wrongType(path, found, 'integer,string');
  }
  if (schema.type === undefined || schema.type === found) return undefined;
  if (schema.type === 'number' && found === 'integer') return undefined;
  return fieldErrors.wrongType(path, found, schema.type);
}

function stringErrors(value: string, schema: KubeSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    errors.push(fieldErrors.tooLong(path, schema.maxLength));
  }
  if (schema.minLength !== undefined && length < schema.minLength) {
    errors.push(fieldErrors.broken(path, value, `should be at least ${schema.minLength} chars long`));
  }
  if (schema.pattern !== undefined && !compilePattern(schema.pattern).test(value)) {
    errors.push(fieldErrors.broken(path, value, `should match '${schema.pattern}'`));
  }
  if (schema.format !== undefined && !hasFormat(value, schema.format)) {
    errors.push(
      fieldErrors.broken(path, value, `must be of type ${schema.format}: ${JSON.stringify(value)}`),
    );
  }
  return errors;
}

/** A Go pattern as a RegExp. The common inline flag is carried over; Go's `\z` and `\A` are anchors. */
export function compilePattern(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = (flags ? pattern.slice(flags[0].length) : pattern)
    .replaceAll('\\z', '$')
    .replaceAll('\\A', '^');
  return new RegExp(body, `u${flags?.[1] ?? ''}`);
}

function numberErrors(value: number, schema: KubeSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { format, multipleOf } = schema;
  if (schema.type === 'integer' && !fitsInteger(value, format)) {
    errors.push(fieldErrors.broken(path, value, `must be of type ${format ?? 'integer'}: ${value}`));
  }
  for (const rule of rangeRules(value, schema)) errors.push(fieldErrors.broken(path, value, rule));
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
    errors.push(fieldErrors.broken(path, value, `should be a multiple of ${multipleOf}`));
  }
  return errors;
}

function rangeRules(value: number, schema: KubeSchema): string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const rules: string[] = [];
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    rules.push(`should be greater than${exclusiveMinimum ? '' : ' or equal to'} ${minimum}`);
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    rules.push(`should be less than${exclusiveMaximum ? '' : ' or equal to'} ${maximum}`);
  }
  return rules;
}

function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

function arrayErrors(value: readonly unknown[], schema: KubeSchema, at: At): FieldError[] {
  const errors = validateList(value, schema, at.path);
  if (!schema.items) return errors;
  const items = openSchema(schema.items, at.source);
  value.forEach((item, index) => {
    errors.push(...check(item, items, { ...at, path: `${at.path}[${index}]` }));
  });
  return errors;
}

function objectErrors(value: Record<string, unknown>, schema: KubeSchema, at: At): FieldError[] {
  const errors: FieldError[] = [];
  const join = (key: string) => (at.path === '' ? key : `${at.path}.${key}`);
  const count = Object.keys(value).length;
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    errors.push(fieldErrors.tooMany(at.path, count, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    errors.push(
      fieldErrors.broken(at.path, value, `should have at least ${schema.minProperties} properties`),
    );
  }
  for (const key of schema.required ?? []) {
    if (value[key] === undefined) errors.push(fieldErrors.required(join(key)));
  }
  for (const [key, field] of Object.entries(value)) {
    const child = childSchema(schema, key);
    if (field === undefined || child === undefined || child === 'open') continue;
    errors.push(...check(field, openSchema(child, at.source), { ...at, path: join(key) }));
  }
  return errors;
}

function compositeErrors(value: unknown, schema: KubeSchema, at: At): FieldError[] {
  const errors: FieldError[] = [];
  const holds = (part: KubeSchema) => check(value, openSchema(part, at.source), at).length === 0;
  for (const part of schema.allOf ?? []) errors.push(...check(value, openSchema(part, at.source), at));
  if (schema.anyOf && !schema.anyOf.some(holds)) {
    errors.push(fieldErrors.composite(at.path, 'must validate at least one schema (anyOf)'));
  }
  if (schema.oneOf) {
    const valid = schema.oneOf.filter(holds).length;
    if (valid !== 1) {
      const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
      errors.push(fieldErrors.composite(at.path, `must validate one and only one schema (oneOf). ${found}`));
    }
  }
  if (schema.not && holds(schema.not)) {
    errors.push(fieldErrors.composite(at.path, 'must not validate the schema (not)'));
  }
  return errors;
}
