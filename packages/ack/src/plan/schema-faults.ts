// What the API server would refuse of a manifest: fields that the definition does not have, values that it does not take.
import { isRecord } from '@pergola/kernel';
import type { KubeResource } from '@pergola/kube-client';

const faultsMax = 5;

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/** In the API server's words, the first few of them; empty when the spec is as `definition` wants it. */
export function schemaFaults(definition: KubeResource, spec: unknown): readonly string[] {
  const schema: Schema | undefined =
    definition['spec']?.versions?.[0]?.schema?.openAPIV3Schema?.properties?.spec;
  const faults: string[] = [];
  if (schema !== undefined) check(schema, spec ?? {}, { path: 'spec', faults });
  return faults.slice(0, faultsMax);
}

interface Place {
  readonly path: string;
  readonly faults: string[];
}

function check(schema: Schema, value: unknown, place: Place): void {
  // Null is no value: the API server drops it.
  if (value === null || value === undefined) return;
  const { path, faults } = place;
  if (!isOfType(schema.type, value)) {
    faults.push(`${path}: Invalid value: it must be of type ${schema.type}`);
  } else if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const values = schema.enum.map((each) => JSON.stringify(each)).join(', ');
    faults.push(`${path}: Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`);
  } else if (Array.isArray(value)) {
    for (const [at, item] of value.entries())
      check(schema.items ?? {}, item, { path: `${path}[${at}]`, faults });
  } else if (isRecord(value)) checkFields(schema, value, place);
}

function checkFields(schema: Schema, value: Readonly<Record<string, unknown>>, place: Place): void {
  const { properties = {}, additionalProperties, required = [] } = schema;
  const { path, faults } = place;
  for (const name of required) {
    if (value[name] === undefined || value[name] === null) faults.push(`${path}.${name}: Required value`);
  }
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  for (const [name, each] of Object.entries(value)) {
    const inner = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (inner !== undefined) check(inner, each, { path: `${path}.${name}`, faults });
    else if (!isOpen) faults.push(`unknown field "${path}.${name}"${hint(name, Object.keys(properties))}`);
  }
}

function isOfType(type: string | undefined, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isRecord(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case undefined:
      return true;
    default:
      return typeof value === type;
  }
}

/** A name that differs by its case, or by one letter. */
function hint(name: string, known: readonly string[]): string {
  const near = known.find((each) => isNear(each.toLowerCase(), name.toLowerCase()));
  return near === undefined ? '' : ` (is it ${near}?)`;
}

function isNear(left: string, right: string): boolean {
  if (left === right) return true;
  const [long, short] = left.length >= right.length ? [left, right] : [right, left];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && long[at] === short[at]) at++;
  return long.slice(at + 1) === short.slice(long.length === short.length ? at + 1 : at);
}
