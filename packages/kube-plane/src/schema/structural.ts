// What makes the schema of a custom resource structural, so that it can be pruned, defaulted and merged. Wording and
// rules follow apiextensions-apiserver/pkg/apiserver/schema.
import { isRecord } from '@pergola/kernel';
import { fieldFaults } from '../faults.ts';
import type { FieldError } from './field-error.ts';
import { compilePattern } from './pattern.ts';
import type { KubeSchema, SchemaSource } from './schema.ts';
import { listErrors } from './structural-lists.ts';
import { validate } from './validate.ts';

/** Custom schemas refer to nothing. */
const noDefinitions: SchemaSource = { definition: () => undefined };

/**
 * Every reason why `schema` cannot serve a custom resource; empty when it can. `path` is where it stands in the CRD:
 * `spec.versions[0].schema.openAPIV3Schema`.
 */
export function structuralErrors(schema: KubeSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type === undefined) {
    errors.push(fieldFaults.required(`${path}.type`, 'must not be empty at the root'));
  } else if (schema.type !== 'object') {
    errors.push(fieldFaults.invalid(`${path}.type`, schema.type, 'must be object at the root'));
  }
  return [...errors, ...rootErrors(schema, path), ...nodeErrors(schema, path)];
}

/** Whether the schema has CEL rules anywhere. */
export function usesCel(schema: KubeSchema): boolean {
  if ((schema['x-kubernetes-validations']?.length ?? 0) > 0) return true;
  return childrenOf(schema).some(([, child]) => usesCel(child));
}

type Child = readonly [string, KubeSchema];

/** The schemas beneath, with their paths. */
function childrenOf(schema: KubeSchema): Child[] {
  const { items, additionalProperties, properties } = schema;
  const fields = Object.entries(properties ?? {}).map(
    ([name, child]) => [`.properties[${name}]`, child] as const,
  );
  return [
    ...fields,
    ...(isRecord(items) ? [['.items', items as KubeSchema] as const] : []),
    ...(typeof additionalProperties === 'object'
      ? [['.additionalProperties', additionalProperties] as const]
      : []),
  ];
}

/** `metadata` is the server's: only the form of names may be narrowed. */
function rootErrors(schema: KubeSchema, path: string): FieldError[] {
  const metadata = schema.properties?.['metadata'];
  const extra = Object.keys(metadata?.properties ?? {}).some(
    (name) => name !== 'name' && name !== 'generateName',
  );
  if (!extra) return [];
  return [
    fieldFaults.forbidden(
      `${path}.properties[metadata]`,
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    ),
  ];
}

/** A node may go without a type when it takes an integer or a string, or anything. */
function needsType(schema: KubeSchema): boolean {
  return !schema['x-kubernetes-int-or-string'] && !schema['x-kubernetes-preserve-unknown-fields'];
}

function nodeErrors(schema: KubeSchema, path: string): FieldError[] {
  const errors = [
    ...extensionErrors(schema, path),
    ...keywordErrors(schema, path),
    ...listErrors(schema, path),
  ];
  errors.push(...compositionErrors(schema, path, { schema, path }), ...defaultErrors(schema, path));
  for (const [where, child] of childrenOf(schema)) {
    if (child.type === undefined && needsType(child)) {
      const what = where === '.items' ? 'array items' : 'object fields';
      errors.push(fieldFaults.required(`${path}${where}.type`, `must not be empty for specified ${what}`));
    }
    errors.push(...nodeErrors(child, path + where));
  }
  return errors;
}

function extensionErrors(schema: KubeSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const at = `${path}.x-kubernetes-preserve-unknown-fields`;
    errors.push(fieldFaults.invalid(at, false, 'must be true or undefined'));
  }
  if (schema['x-kubernetes-int-or-string'] && schema.type !== undefined) {
    errors.push(
      fieldFaults.invalid(`${path}.type`, schema.type, 'must be empty if x-kubernetes-int-or-string is true'),
    );
  }
  if (!schema['x-kubernetes-embedded-resource']) return errors;
  if (schema.type !== 'object') {
    const rule = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(fieldFaults.invalid(`${path}.type`, schema.type ?? '', rule));
  }
  if (!schema['x-kubernetes-preserve-unknown-fields'] && Object.keys(schema.properties ?? {}).length === 0) {
    const rule =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(fieldFaults.required(`${path}.properties`, rule));
  }
  return errors;
}

/** Keywords of JSON schema that Kubernetes does not have. */
const unsupported = [
  '$ref',
  'definitions',
  'dependencies',
  'deprecated',
  'discriminator',
  'id',
  'patternProperties',
  'readOnly',
  'writeOnly',
  'xml',
];

function keywordErrors(schema: KubeSchema, path: string): FieldError[] {
  const given = schema as Readonly<Record<string, unknown>>;
  const errors = unsupported
    .filter((keyword) => given[keyword] !== undefined)
    .map((keyword) => fieldFaults.forbidden(`${path}.${keyword}`, `${keyword} is not supported`));
  if (schema.uniqueItems) {
    const rule = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.push(fieldFaults.forbidden(`${path}.uniqueItems`, rule));
  }
  if (schema.properties && typeof schema.additionalProperties === 'object') {
    const rule = 'additionalProperties and properties are mutual exclusive';
    errors.push(fieldFaults.forbidden(`${path}.additionalProperties`, rule));
  }
  const pattern = schema.pattern === undefined ? undefined : compilePattern(schema.pattern);
  if (pattern instanceof SyntaxError) {
    const rule = `must be a valid regular expression, but isn't: ${pattern.message}`;
    errors.push(fieldFaults.invalid(`${path}.pattern`, schema.pattern, rule));
  }
  if (schema.type === 'array' && schema.items === undefined) {
    errors.push(fieldFaults.required(`${path}.items`, 'must be specified'));
  }
  return errors;
}

/** What only the outer schema may say, never one inside allOf, anyOf, oneOf or not. */
const outerOnly = [
  'additionalProperties',
  'default',
  'description',
  'nullable',
  'title',
  'type',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-preserve-unknown-fields',
];

/** `schema` is looked through for compositions; `outer` must specify what they speak of. */
function compositionErrors(schema: KubeSchema, path: string, outer: Outer): FieldError[] {
  const parts: Child[] = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((key) =>
    (schema[key] ?? []).map((part, index) => [`${path}.${key}[${index}]`, part] as const),
  );
  if (schema.not) parts.push([`${path}.not`, schema.not]);
  return parts.flatMap(([at, part]) => innerErrors(part, at, outer));
}

/** The schema outside all compositions that stands for the same value, and its path. */
interface Outer {
  readonly schema: KubeSchema;
  readonly path: string;
}

function innerErrors(part: KubeSchema, at: string, outer: Outer): FieldError[] {
  const given = part as Readonly<Record<string, unknown>>;
  // An int-or-string may be spelt out as a choice of the two types.
  const isIntOrString = outer.schema['x-kubernetes-int-or-string'] === true;
  const errors = outerOnly
    .filter((keyword) => given[keyword] !== undefined && !(keyword === 'type' && isIntOrString))
    .map((keyword) => fieldFaults.forbidden(`${at}.${keyword}`, 'must be empty to be structural'));
  for (const [where, child] of childrenOf(part)) {
    const target = childrenOf(outer.schema).find(([other]) => other === where)?.[1];
    const path = outer.path + where;
    if (target) errors.push(...innerErrors(child, at + where, { schema: target, path }));
    else errors.push(fieldFaults.required(path, `because it is defined in ${at}${where}`));
  }
  return [...errors, ...compositionErrors(part, at, outer)];
}

function defaultErrors(schema: KubeSchema, path: string): FieldError[] {
  if (schema.default === undefined) return [];
  const { default: value, ...rest } = schema;
  // Wrapped, so that a default is not taken for a whole resource.
  const wrapped: KubeSchema = { type: 'object', properties: { default: rest } };
  return validate({ default: value }, wrapped, noDefinitions).map((error) => ({
    ...error,
    field: `${path}.${error.field}`,
  }));
}
