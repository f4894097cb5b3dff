// The schemas of the built-in kinds, by definition name and by kind. Each definition is parsed when first asked for.
import { createHash } from 'node:crypto';
import type { GroupVersionKind } from '../object.ts';
import { definitionName, metaPackage } from './definition-name.ts';
import { descriptionTexts } from './generated/builtin-descriptions.gen.ts';
import { schemaTexts } from './generated/builtin-schemas.gen.ts';
import type { KubeSchema, SchemaSource } from './schema.ts';

export interface BuiltinSchemas extends SchemaSource {
  /** The schema of a built-in kind, or undefined. The kinds that every group shares (DeleteOptions, Status) are found too. */
  forKind(gvk: GroupVersionKind): KubeSchema | undefined;
  /** Definition name of a kind: `io.k8s.api.core.v1.Pod`. Says nothing of whether it is known. */
  nameOf(gvk: GroupVersionKind): string;
  /** Like `definition`, with the texts that `kubectl explain` shows. Not cached. */
  described(name: string): KubeSchema | undefined;
  names(): readonly string[];
  /** Changes when any schema or description does. */
  digest(): string;
}

/** Opens the built-in schemas; keep the value, it caches what it parsed. */
export function builtinSchemas(): BuiltinSchemas {
  const parsed = new Map<string, KubeSchema>();
  let digest: string | undefined;
  const definition = (name: string): KubeSchema | undefined => {
    const known = parsed.get(name);
    if (known) return known;
    const text = Object.hasOwn(schemaTexts, name) ? schemaTexts[name] : undefined;
    if (text === undefined) return undefined;
    const schema = JSON.parse(text) as KubeSchema;
    parsed.set(name, schema);
    return schema;
  };
  return {
    definition,
    nameOf: definitionName,
    forKind: (gvk) => definition(definitionName(gvk)) ?? definition(`${metaPackage}.${gvk.kind}`),
    described(name) {
      const schema = definition(name);
      return schema && withTexts(schema, descriptionTexts[name]);
    },
    names: () => Object.keys(schemaTexts),
    digest() {
      digest ??= digestOf(schemaTexts, descriptionTexts);
      return digest;
    },
  };
}

function digestOf(...tables: readonly Readonly<Record<string, string>>[]): string {
  const hash = createHash('sha256');
  for (const [name, text] of tables.flatMap(Object.entries<string>)) hash.update(`${name}\0${text}\0`);
  return hash.digest('hex');
}

/** Adds descriptions: `''` describes the definition, other keys its fields. A `$ref` with a text needs an allOf. */
function withTexts(schema: KubeSchema, text: string | undefined): KubeSchema {
  if (text === undefined) return schema;
  const texts = JSON.parse(text) as Record<string, string>;
  const properties = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const description = texts[name];
    if (description === undefined) return [name, field] as const;
    return [name, field.$ref ? { allOf: [field], description } : { ...field, description }] as const;
  });
  const about = texts[''];
  return {
    ...schema,
    ...(about === undefined ? {} : { description: about }),
    ...(schema.properties ? { properties: Object.fromEntries(properties) } : {}),
  };
}
