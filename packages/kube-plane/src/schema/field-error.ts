// Rows of a validation answer that only schema validation gives. Wording: kube-openapi's validators as
// apiextensions-apiserver turns them into field errors.
import { type FieldFault, fieldFaults } from '../faults.ts';

/** One validation failure: `field` is a path such as `spec.containers[0].name`. Feeds `faults.invalid`. */
export type FieldError = FieldFault;

/** Builders for the failures of one value at one path. */
export const fieldErrors = {
  required: (field: string): FieldError => fieldFaults.required(field),
  duplicate: (field: string, value: unknown): FieldError => fieldFaults.duplicate(field, value),
  unsupported: (field: string, value: unknown, supported: readonly unknown[]): FieldError => ({
    reason: 'FieldValueNotSupported',
    field: field || '<nil>',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((item) => JSON.stringify(String(item))).join(', ')}`,
  }),
  /** `rule` follows the path: `should be at least 2 chars long`. */
  broken: (field: string, value: unknown, rule: string): FieldError =>
    fieldFaults.invalid(field || '<nil>', value, `${field} in body ${rule}`),
  /** A failed allOf, anyOf, oneOf or not. */
  composite: (field: string, rule: string): FieldError =>
    fieldFaults.invalid(field || '<nil>', '', `"${field}" ${rule}`),
  wrongType: (field: string, found: string, wanted: string): FieldError => ({
    reason: 'FieldValueTypeInvalid',
    field: field || '<nil>',
    message: `Invalid value: "${found}": ${field} in body must be of type ${wanted}: "${found}"`,
  }),
  tooLong: (field: string, maxLength: number): FieldError => ({
    reason: 'FieldValueTooLong',
    field,
    message: `Too long: may not be more than ${maxLength} bytes`,
  }),
  tooMany: (field: string, count: number, max: number): FieldError => ({
    reason: 'FieldValueTooMany',
    field: field || '<nil>',
    message: `Too many: ${count}: must have at most ${max} items`,
  }),
} as const;
