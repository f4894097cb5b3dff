// `.spec.replicas`: the JSONPath subset of names and dots that CRDs may use for fields.
import { isRecord } from '@pergola/kernel';

/** The value at the path; undefined when something on the way is missing. */
export function simplePath(object: unknown, path: string): unknown {
  return path
    .split('.')
    .filter((segment) => segment !== '')
    .reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);
}
