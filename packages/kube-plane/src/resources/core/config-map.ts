// ConfigMap: keys are file names, and an immutable one stays as it is.
import { isRecord, jsonEqual } from '@pergola/kernel';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { dataFaults } from '../../validation/data-keys.ts';
import { defineResource } from '../define.ts';

export const configMaps = defineResource({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  strategy: {
    validate: (object) => [
      ...dataFaults(object['data'], 'data'),
      ...dataFaults(object['binaryData'], 'binaryData'),
      ...twiceGiven(object),
    ],
    validateUpdate: immutableFaults(['data', 'binaryData']),
  },
});

function twiceGiven(object: KubeObject): FieldFault[] {
  const data = isRecord(object['data']) ? object['data'] : {};
  const binary = isRecord(object['binaryData']) ? object['binaryData'] : {};
  return Object.keys(binary)
    .filter((key) => Object.hasOwn(data, key))
    .map((key) => fieldFaults.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
}

/** `immutable: true` freezes `fields` and itself; shared with Secret. */
export function immutableFaults(fields: readonly string[]) {
  return (object: KubeObject, previous: KubeObject): FieldFault[] => {
    if (previous['immutable'] !== true) return [];
    const errors: FieldFault[] = [];
    if (object['immutable'] !== true) {
      errors.push(fieldFaults.forbidden('immutable', 'field is immutable when `immutable` is set'));
    }
    for (const field of fields) {
      if (!jsonEqual(object[field] ?? {}, previous[field] ?? {})) {
        errors.push(fieldFaults.forbidden(field, 'field is immutable when `immutable` is set'));
      }
    }
    return errors;
  };
}
