// Words for writing OpenAPI schemas of custom resources briefly.
import type { JsonObject } from '@pergola/kernel';

export type Schema = JsonObject;

export function text(rules: Schema = {}): Schema {
  return { type: 'string', ...rules };
}

export function choice(...values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

export function integer(rules: Schema = {}): Schema {
  return { type: 'integer', format: 'int64', ...rules };
}

export function list(items: Schema, rules: Schema = {}): Schema {
  return { type: 'array', items, ...rules };
}

export function object(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema {
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

export function nullable(schema: Schema): Schema {
  return { ...schema, nullable: true };
}

export const flag: Schema = { type: 'boolean' };

/** Fields that this version only keeps. */
export const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export const textMap: Schema = { type: 'object', additionalProperties: { type: 'string' } };

/** A Kubernetes quantity: `10M`, `1Mi`, `1048576`. */
export const quantity: Schema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern: String.raw`^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`,
  'x-kubernetes-int-or-string': true,
};
