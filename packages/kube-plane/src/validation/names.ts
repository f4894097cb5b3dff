// Names of objects as k8s.io/apimachinery/pkg/util/validation and .../api/validation/path check them.
import { isRecord } from '@pergola/kernel';
import { type FieldFault, fieldFaults } from '../faults.ts';
import { labelValueError, qualifiedNameErrors } from '../selectors/label-syntax.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const LABEL_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const DNS1035_MESSAGE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export type NameRule = 'subdomain' | 'label' | 'dns1035' | 'path';

/** The messages that speak against `name`; none when it is fine. */
export function nameErrors(name: string, rule: NameRule): string[] {
  switch (rule) {
    case 'label':
      return checked(name, { pattern: LABEL, message: LABEL_MESSAGE, max: 63 });
    case 'dns1035':
      return checked(name, { pattern: DNS1035, message: DNS1035_MESSAGE, max: 63 });
    case 'subdomain':
      return checked(name, { pattern: SUBDOMAIN, message: SUBDOMAIN_MESSAGE, max: 253 });
    case 'path':
      return pathErrors(name);
  }
}

function checked(name: string, rule: { pattern: RegExp; message: string; max: number }): string[] {
  const errors: string[] = [];
  if (name.length > rule.max) errors.push(`must be no more than ${rule.max} bytes`);
  if (!rule.pattern.test(name)) errors.push(rule.message);
  return errors;
}

function pathErrors(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((mark) => name.includes(mark)).map((mark) => `may not contain '${mark}'`);
}

/** metadata.labels of any object or template, at `field`. */
export function labelFaults(labels: unknown, field: string): FieldFault[] {
  if (!isRecord(labels)) return [];
  return Object.entries(labels).flatMap(([key, value]) => [
    ...qualifiedNameErrors(key).map((message) => fieldFaults.invalid(field, key, message)),
    ...[labelValueError(String(value)) ?? []]
      .flat()
      .map((message) => fieldFaults.invalid(field, value, message)),
  ]);
}
