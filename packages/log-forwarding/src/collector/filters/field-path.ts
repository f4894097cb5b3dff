// Paths to fields of a record, as filters and templates write them: `.kubernetes.labels."app.kubernetes.io/name"`.
import { isRecord } from '@pergola/kernel';

export type FieldPath = readonly string[];

const step = /\.(?:"([^"]*)"|([^."]+))/y;

/** The steps of a path. Throws when `text` is none; the operator has validated it before. */
export function parseFieldPath(text: string): FieldPath {
  const steps: string[] = [];
  step.lastIndex = 0;
  for (let end = 0; end < text.length; end = step.lastIndex) {
    const found = step.exec(text);
    if (!found) throw new Error(`not a field path: ${text}`);
    steps.push(found[1] ?? found[2] ?? '');
  }
  // Keys of labels are stored without dots and slashes.
  const labels = steps[1] === 'labels' || steps[1] === 'namespace_labels';
  const isLabel = labels && (steps[0] === 'kubernetes' || steps[0] === 'openshift') && steps.length > 2;
  return isLabel ? [...steps.slice(0, 2), steps.slice(2).join('.').replaceAll(/[./]/g, '_')] : steps;
}

/** The value at `path`; undefined when any step is missing. */
export function readField(record: Readonly<Record<string, unknown>>, path: FieldPath): unknown {
  let value: unknown = record;
  for (const name of path) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Removes the field at `path`. */
export function removeField(record: Record<string, unknown>, path: FieldPath): void {
  const parent = readField(record, path.slice(0, -1));
  const name = path.at(-1);
  if (isRecord(parent) && name !== undefined) delete parent[name];
}
