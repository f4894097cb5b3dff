// Validates a resource against its schema, with the sentences of Kubernetes. Rules in CEL are a matter of `rules/`.
import { isRecord, jsonEqual } from '@pergola/kernel';
import { childSchema, openSchema, resourceSchema } from './child-schema.ts';
import { type FieldError, fieldErrors } from './field-error.ts';
import { fitsInteger, hasFormat } from './formats.ts';
import { matchesPattern } from './pattern.ts';
import { validateList } from './validate-list.ts';
import type { KubeSchema, SchemaSource } from './schema.ts';

/** Every failure of `value`, in the order of the document. An empty list means valid. */
export function validate(value: unknown, schema: KubeSchema, source: SchemaSource): FieldError[] {
  const errors: FieldError[] = [];
  check(value, resourceSchema(schema, source), '', { source, errors });
  return errors;
}

interface Walk {
  readonly source: SchemaSource;
  /** Collects the failures. */
  readonly errors: FieldError[];
}

function check(value: unknown, schema: KubeSchema, path: string, walk: Walk): void {
  const { errors } = walk;
  if (value === null && (schema.nullable || isAny(schema))) return;
  const wrong = typeError(value, schema, path);
  if (wrong) {
    errors.push(wrong);
    return;
  }
  if (schema.enum && !schema.enum.some((item) => jsonEqual(item, value))) {
    errors.push(fieldErrors.unsupported(path, value, schema.enum));
  }
  checkKind(value, schema, path, walk);
  if (schema.allOf || schema.anyOf || schema.oneOf || schema.not) {
    checkCompositions(value, schema, path, walk);
  }
}

function checkKind(value: unknown, schema: KubeSchema, path: string, walk: Walk): void {
  if (typeof value === 'string') checkString(value, schema, path, walk);
  else if (typeof value === 'number') checkNumber(value, schema, path, walk);
  else if (Array.isArray(value)) checkArray(value, schema, path, walk);
  else if (isRecord(value)) checkObject(value, schema, path, walk);
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

function checkString(value: string, schema: KubeSchema, path: string, { errors }: Walk): void {
  const { minLength, maxLength, pattern, format } = schema;
  const length = minLength === undefined && maxLength === undefined ? 0 : Array.from(value).length;
  if (maxLength !== undefined && length > maxLength) errors.push(fieldErrors.tooLong(path, maxLength));
  if (minLength !== undefined && length < minLength) {
    errors.push(fieldErrors.broken(path, value, `should be at least ${minLength} chars long`));
  }
  if (pattern !== undefined && !matchesPattern(value, pattern)) {
    errors.push(fieldErrors.broken(path, value, `should match '${pattern}'`));
  }
  if (format !== undefined && !hasFormat(value, format)) {
    errors.push(fieldErrors.broken(path, value, `must be of type ${format}: ${JSON.stringify(value)}`));
  }
}

function checkNumber(value: number, schema: KubeSchema, path: string, { errors }: Walk): void {
  const { format, multipleOf } = schema;
  if (schema.type === 'integer' && !fitsInteger(value, format)) {
    errors.push(fieldErrors.broken(path, value, `must be of type ${format ?? 'integer'}: ${value}`));
  }
  for (const rule of rangeRules(value, schema)) errors.push(fieldErrors.broken(path, value, rule));
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
    errors.push(fieldErrors.broken(path, value, `should be a multiple of ${multipleOf}`));
  }
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

function checkArray(value: readonly unknown[], schema: KubeSchema, path: string, walk: Walk): void {
  walk.errors.push(...validateList(value, schema, path));
  if (!schema.items) return;
  const items = openSchema(schema.items, walk.source);
  value.forEach((item, index) => check(item, items, `${path}[${index}]`, walk));
}

function checkObject(value: Record<string, unknown>, schema: KubeSchema, path: string, walk: Walk): void {
  const { errors } = walk;
  const prefix = path === '' ? '' : `${path}.`;
  checkSize(value, schema, path, walk);
  for (const key of schema.required ?? []) {
    if (value[key] === undefined) errors.push(fieldErrors.required(prefix + key));
  }
  for (const key of Object.keys(value)) {
    const child = childSchema(schema, key);
    if (value[key] === undefined || child === undefined || child === 'open') continue;
    check(value[key], openSchema(child, walk.source), prefix + key, walk);
  }
}

function checkSize(
  value: object,
  { minProperties, maxProperties }: KubeSchema,
  path: string,
  { errors }: Walk,
): void {
  if (minProperties === undefined && maxProperties === undefined) return;
  const count = Object.keys(value).length;
  if (maxProperties !== undefined && count > maxProperties) {
    errors.push(fieldErrors.tooMany(path, count, maxProperties));
  }
  if (minProperties !== undefined && count < minProperties) {
    errors.push(fieldErrors.broken(path, value, `should have at least ${minProperties} properties`));
  }
}

function checkCompositions(value: unknown, schema: KubeSchema, path: string, walk: Walk): void {
  const { source, errors } = walk;
  const holds = (part: KubeSchema) => {
    const found: FieldError[] = [];
    check(value, openSchema(part, source), path, { source, errors: found });
    return found.length === 0;
  };
  for (const part of schema.allOf ?? []) check(value, openSchema(part, source), path, walk);
  if (schema.anyOf && !schema.anyOf.some(holds)) {
    errors.push(fieldErrors.composite(path, 'must validate at least one schema (anyOf)'));
  }
  const valid = schema.oneOf?.filter(holds).length ?? 1;
  if (valid !== 1) {
    const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
    errors.push(fieldErrors.composite(path, `must validate one and only one schema (oneOf). ${found}`));
  }
  if (schema.not && holds(schema.not)) {
    errors.push(fieldErrors.composite(path, 'must not validate the schema (not)'));
  }
}
