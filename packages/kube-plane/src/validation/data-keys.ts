// Keys of ConfigMap and Secret data, which become file names.
import { isRecord } from '@pergola/kernel';
import { type FieldFault, fieldFaults } from '../faults.ts';

const KEY = /^[-._a-zA-Z0-9]+$/;
const DATA_BYTES_MAX = 1024 * 1024;

/** Faults of the keys and of the size of one data map. */
export function dataFaults(data: unknown, field: string): FieldFault[] {
  if (!isRecord(data)) return [];
  const errors = Object.keys(data).flatMap((key) =>
    keyErrors(key).map((message) => fieldFaults.invalid(`${field}[${key}]`, key, message)),
  );
  const sizeBytes = Object.values(data).reduce<number>((sum, value) => sum + String(value).length, 0);
  if (sizeBytes > DATA_BYTES_MAX * 1.4) {
    errors.push({
      reason: 'FieldValueTooLong',
      field: '',
      message: `Too long: may not be more than ${DATA_BYTES_MAX} bytes`,
    });
  }
  return errors;
}

function keyErrors(key: string): string[] {
  const errors: string[] = [];
  if (key.length > 253) errors.push('must be no more than 253 bytes');
  if (!KEY.test(key)) {
    errors.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  }
  if (key === '.' || key === '..') errors.push(`must not be '${key}'`);
  else if (key.startsWith('..')) errors.push("must not start with '..'");
  return errors;
}
