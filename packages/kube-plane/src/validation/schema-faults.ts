// Schema validation of whole objects. Built-in kinds give a wrong JSON type as a decoding error (400), as typed
// decoding does; custom ones as a validation error (422).
import type { ResourceDefinition } from '../contract.ts';
import type { FieldFault } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { goDecodeError } from '../schema/go-decode-error.ts';
import { validate } from '../schema/validate.ts';

/** Everything that the schema says against the object. */
export function schemaFaults(definition: ResourceDefinition, object: KubeObject): FieldFault[] {
  const errors = validate(object, definition.schema, definition.source);
  // Built-in lists may repeat a key unless the kind itself says no: upstream lets a container set a variable twice.
  return definition.custom ? errors : errors.filter(({ reason }) => reason !== 'FieldValueDuplicate');
}

/** The sentence for the first value that Go could not decode; undefined when there is none or the kind is custom. */
export function typeMismatch(definition: ResourceDefinition, object: unknown): string | undefined {
  return definition.custom ? undefined : goDecodeError(object, definition, definition.source);
}
