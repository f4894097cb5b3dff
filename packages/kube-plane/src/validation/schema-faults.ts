// Schema validation of whole objects. Built-in kinds give a wrong JSON type as a decoding error (400), as typed
// decoding does; custom ones as a validation error (422).
import type { ResourceDefinition } from '../contract.ts';
import type { FieldFault } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { validate } from '../schema/validate.ts';

const WRONG_TYPE = 'FieldValueTypeInvalid';

/** Everything that the schema says against the object. */
export function schemaFaults(definition: ResourceDefinition, object: KubeObject): FieldFault[] {
  return validate(object, definition.schema, definition.source);
}

/** The sentence for the first field of a wrong JSON type; undefined when there is none or the kind is custom. */
export function typeMismatch(definition: ResourceDefinition, object: KubeObject): string | undefined {
  if (definition.custom) return undefined;
  const wrong = schemaFaults(definition, object).find((fault) => fault.reason === WRONG_TYPE);
  if (!wrong) return undefined;
  const match = /^Invalid value: "(.*?)": .* must be of type (\w+)/.exec(wrong.message);
  return `json: cannot unmarshal ${match?.[1] ?? 'value'} into Go struct field ${definition.kind}.${wrong.field} of type ${match?.[2] ?? 'object'}`;
}
