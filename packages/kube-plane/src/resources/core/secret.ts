// Secret: stringData becomes data, the type decides which keys must be there and never changes.
import { isRecord } from '@pergola/kernel';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { dataFaults } from '../../validation/data-keys.ts';
import { defineResource } from '../define.ts';
import { immutableFaults } from './config-map.ts';

/** Types whose keys are checked: any one of `oneOf`, or all of `all`. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};
const TOKEN_TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name';

export const secrets = defineResource({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  strategy: {
    applyDefaults(object) {
      object['type'] ??= 'Opaque';
      mergeStringData(object);
    },
    validate: (object) => [
      ...dataFaults(object['data'], 'data'),
      ...base64Faults(object),
      ...typeFaults(object),
    ],
    validateUpdate: (object, previous) => [
      ...(object['type'] === previous['type']
        ? []
        : [fieldFaults.invalid('type', object['type'], 'field is immutable')]),
      ...immutableFaults(['data'])(object, previous),
    ],
    fieldValues: (object) => ({ type: String(object['type'] ?? '') }),
  },
});

/** stringData is write-only: it overrides data and is never stored. */
function mergeStringData(object: KubeObject): void {
  const plain = object['stringData'];
  delete object['stringData'];
  if (!isRecord(plain) || Object.keys(plain).length === 0) return;
  const data: Record<string, unknown> = isRecord(object['data']) ? object['data'] : {};
  for (const [key, value] of Object.entries(plain)) {
    data[key] = Buffer.from(String(value)).toString('base64');
  }
  object['data'] = data;
}

function base64Faults(object: KubeObject): FieldFault[] {
  const data = isRecord(object['data']) ? object['data'] : {};
  return Object.entries(data)
    .filter(([, value]) => typeof value !== 'string' || !isBase64(value))
    .map(([key]) => fieldFaults.invalid(`data[${key}]`, '<hidden>', 'illegal base64 data'));
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function typeFaults(object: KubeObject): FieldFault[] {
  const type = String(object['type']);
  const data = isRecord(object['data']) ? object['data'] : {};
  const missing = (REQUIRED_KEYS[type] ?? []).filter((key) => data[key] === undefined);
  const errors = missing.map((key) => fieldFaults.required(`data[${key}]`));
  if (
    type === 'kubernetes.io/basic-auth' &&
    data['username'] === undefined &&
    data['password'] === undefined
  ) {
    errors.push(fieldFaults.required('data[username]'), fieldFaults.required('data[password]'));
  }
  if (type === TOKEN_TYPE && !object.metadata.annotations?.[ACCOUNT_ANNOTATION]) {
    errors.push(fieldFaults.required(`metadata.annotations[${ACCOUNT_ANNOTATION}]`));
  }
  return errors;
}
