// One schema language for built-in kinds and custom resources: OpenAPI v3 with the x-kubernetes extensions.
// Strict decoding, pruning, defaulting, validation, strategic merge, server-side apply, `kubectl explain` and
// the published OpenAPI documents all read it.

export interface KubeSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly description?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, KubeSchema>>;
  readonly additionalProperties?: boolean | KubeSchema;
  readonly items?: KubeSchema;
  readonly allOf?: readonly KubeSchema[];
  readonly anyOf?: readonly KubeSchema[];
  readonly oneOf?: readonly KubeSchema[];
  readonly not?: KubeSchema;
  /** Name of another built-in definition, e.g. `io.k8s.api.core.v1.PodSpec`. Resolved through a SchemaSource. */
  readonly $ref?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'granular' | 'atomic';
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-validations'?: readonly Readonly<Record<string, unknown>>[];
}

/** Finds the definition behind a `$ref`. Built-in definitions refer to each other by name, also in cycles. */
export interface SchemaSource {
  definition(name: string): KubeSchema | undefined;
}

/** Follows `$ref` (also inside a single-element allOf) to the schema that has the properties. */
export function resolveSchema(schema: KubeSchema, source: SchemaSource): KubeSchema {
  let current = schema;
  for (let depth = 0; depth < 32; depth++) {
    const ref: string | undefined = current.$ref ?? current.allOf?.[0]?.$ref;
    if (ref === undefined) return current;
    const target = source.definition(ref.slice(ref.lastIndexOf('/') + 1));
    if (!target) return current;
    current = target;
  }
  return current;
}
