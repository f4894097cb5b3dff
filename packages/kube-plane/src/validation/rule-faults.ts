// Rules in CEL on custom resources. What evaluates them is loaded when the first schema with rules is met.
import type { ResourceDefinition } from '../contract.ts';
import type { FieldFault } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import type { CompiledRules } from '../schema/rules/compiled-rules.ts';
import type { KubeSchema } from '../schema/schema.ts';
import { usesCel } from '../schema/structural.ts';

const compiled = new WeakMap<KubeSchema, Promise<CompiledRules> | 'none'>();

/** The compiled rules of a schema; undefined when it has none. */
export async function rulesOf(schema: KubeSchema): Promise<CompiledRules | undefined> {
  let known = compiled.get(schema);
  if (!known) {
    known = usesCel(schema)
      ? import('../schema/rules/compiled-rules.ts').then((module) => new module.CompiledRules(schema))
      : 'none';
    compiled.set(schema, known);
  }
  return known === 'none' ? undefined : known;
}

/** What the rules of a custom resource's schema say against the object; `previous` is undefined for a new one. */
export async function ruleFaults(
  definition: ResourceDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
): Promise<readonly FieldFault[]> {
  if (!definition.custom) return [];
  const rules = await rulesOf(definition.schema);
  return rules?.faults(object, previous) ?? [];
}
