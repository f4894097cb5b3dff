// The filter `prune`: takes fields away (`in`), or all fields but some (`notIn`). With both, `notIn` comes first, as in
// the real collector.
import { isRecord } from '@pergola/kernel';
import type { PruneConfig } from '../../config/collector-config.ts';
import type { MutableRecord } from '../records/container-record.ts';
import { type FieldPath, parseFieldPath, readField, removeField } from './field-path.ts';
import type { RecordFilter } from './filter-function.ts';

/** Throws when a field path is none. */
export function compilePrune(config: PruneConfig): RecordFilter {
  const removed = (config.in ?? []).map(parseFieldPath);
  const kept = config.notIn?.map(parseFieldPath);
  return (record) => {
    if (kept) keepOnly(record, kept);
    for (const path of removed) removeField(record, path);
    return true;
  };
}

function keepOnly(record: MutableRecord, kept: readonly FieldPath[]): void {
  const remaining: MutableRecord = {};
  for (const path of kept) {
    const value = readField(record, path);
    if (value !== undefined) place(remaining, path, value as MutableRecord);
  }
  for (const key of Object.keys(record)) {
    if (!Object.hasOwn(remaining, key)) delete record[key];
    else record[key] = remaining[key] as MutableRecord;
  }
}

function place(target: MutableRecord, path: FieldPath, value: MutableRecord): void {
  let parent = target;
  for (const name of path.slice(0, -1)) {
    const next = parent[name];
    const child: MutableRecord = isRecord(next) ? next : {};
    parent[name] = child;
    parent = child;
  }
  const name = path.at(-1);
  if (name !== undefined) parent[name] = value;
}
