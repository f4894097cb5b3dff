// Rules for the list and map extensions of a custom resource's schema.
import { fieldFaults } from '../faults.ts';
import type { FieldError } from './field-error.ts';
import type { KubeSchema } from './schema.ts';

const listTypes = ['atomic', 'map', 'set'];

/** What is wrong with the list type and map type of one node. */
export function listErrors(schema: KubeSchema, path: string): FieldError[] {
  return [...listTypeErrors(schema, path), ...mapTypeErrors(schema, path)];
}

function listTypeErrors(schema: KubeSchema, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  const errors: FieldError[] = [];
  if (listType !== undefined && !listTypes.includes(listType)) {
    errors.push(fieldFaults.unsupported(`${path}.x-kubernetes-list-type`, listType, listTypes));
  }
  if (listType !== undefined && schema.type !== 'array') {
    const rule = 'must be array if x-kubernetes-list-type is specified';
    errors.push(fieldFaults.invalid(`${path}.type`, schema.type ?? '', rule));
  }
  if (keys !== undefined && listType !== 'map') {
    const rule = 'must be map if x-kubernetes-list-map-keys is non-empty';
    errors.push(fieldFaults.invalid(`${path}.x-kubernetes-list-type`, listType ?? '', rule));
  }
  return listType === 'map' ? [...errors, ...keyErrors(schema, keys ?? [], path)] : errors;
}

function mapTypeErrors(schema: KubeSchema, path: string): FieldError[] {
  if (schema['x-kubernetes-map-type'] === undefined || schema.type === 'object') return [];
  const rule = 'must be object if x-kubernetes-map-type is specified';
  return [fieldFaults.invalid(`${path}.type`, schema.type ?? '', rule)];
}

function keyErrors(schema: KubeSchema, keys: readonly string[], path: string): FieldError[] {
  if (keys.length === 0) {
    const rule = 'must not be empty if x-kubernetes-list-type is map';
    return [fieldFaults.required(`${path}.x-kubernetes-list-map-keys`, rule)];
  }
  const { items } = schema;
  if (items?.type !== 'object') {
    const rule = 'must be object if parent array has x-kubernetes-list-type map';
    return [fieldFaults.invalid(`${path}.items.type`, items?.type ?? '', rule)];
  }
  return keys.flatMap((key, index) => {
    const field = items.properties?.[key];
    if (!field) {
      const rule = 'entries must all be names of item properties';
      return [fieldFaults.invalid(`${path}.x-kubernetes-list-map-keys[${index}]`, key, rule)];
    }
    if (field.type === 'object' || field.type === 'array') {
      const rule = 'must be a scalar type if parent array has x-kubernetes-list-type map';
      return [fieldFaults.invalid(`${path}.items.properties[${key}].type`, field.type, rule)];
    }
    const isGiven = items.required?.includes(key) || field.default !== undefined;
    if (isGiven) return [];
    const rule = `this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`;
    return [fieldFaults.required(`${path}.items.properties[${key}].default`, rule)];
  });
}
