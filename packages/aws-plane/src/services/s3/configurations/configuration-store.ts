// Configurations of buckets in the store, as values of the SDK's shapes: instants included, which JSON does not have.
//
//   aws/s3/config/<bucket>/<kind>          a configuration of which a bucket has one
//   aws/s3/config/<bucket>/<kind>/<id>     one of several
import { isRecord } from '@pergola/kernel';
import type { Reader, Transaction } from '@pergola/store';
import { escapeKey } from '../../../key-escape.ts';

const prefixOf = (bucket: string) => `aws/s3/config/${bucket}/`;
const keyOf = (bucket: string, kind: string, id?: string) =>
  prefixOf(bucket) + kind + (id === undefined ? '' : `/${escapeKey(id)}`);

export function findConfiguration<T>(
  reader: Reader,
  bucket: string,
  kind: string,
  id?: string,
): T | undefined {
  const text = reader.get(keyOf(bucket, kind, id))?.value;
  return text === undefined ? undefined : (read(text) as T);
}

/** Those of a kind of which a bucket has several, by id. */
export function listConfigurations<T>(reader: Reader, bucket: string, kind: string): T[] {
  return reader.list(`${keyOf(bucket, kind)}/`).map(({ value }) => read(value) as T);
}

export function putConfiguration(
  tx: Transaction,
  at: { readonly bucket: string; readonly kind: string; readonly id?: string | undefined },
  value: unknown,
): void {
  tx.put(keyOf(at.bucket, at.kind, at.id), write(value));
}

export function deleteConfiguration(tx: Transaction, bucket: string, kind: string, id?: string): void {
  tx.delete(keyOf(bucket, kind, id));
}

export function deleteAllConfigurations(tx: Transaction, bucket: string): void {
  for (const { key } of tx.list(prefixOf(bucket))) tx.delete(key);
}

/** No member of a configuration has this name. */
const INSTANT = '$ms';

function write(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, written: unknown) {
    const own = this[key];
    return own instanceof Date ? { [INSTANT]: own.getTime() } : written;
  });
}

function read(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    const ms = isRecord(value) ? value[INSTANT] : undefined;
    return typeof ms === 'number' ? new Date(ms) : value;
  });
}
