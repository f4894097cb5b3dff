// One configuration of a bucket: the operations that put it, read it and take it away.
import type { Call } from '../../../call.ts';
import type { AwsFault } from '../../../fault.ts';
import type { AnyOperation, Operation } from '../../../operation.ts';
import { bucketAccess, type BucketInput, requireBucket } from '../access.ts';
import { faults } from '../faults.ts';
import { findBucket } from '../state.ts';
import { deleteConfiguration, findConfiguration, putConfiguration } from './configuration-store.ts';

interface Named {
  /** Wire name and IAM action. */
  readonly operation: string;
  readonly action: string;
}

/** What makes a configuration what it is. `Value` is the shape that a request brings. */
export interface SingleConfiguration<Input extends BucketInput, Value> {
  /** Its name in the store. */
  readonly kind: string;
  readonly put: Named & {
    /** The value to keep, checked and completed; undefined takes the configuration away. Throws what S3 answers. */
    readonly value: (call: Call, input: Input) => Value | undefined;
    readonly answer?: (input: Input) => object;
  };
  readonly get: Named & {
    readonly answer: (value: Value, bucket: string) => object;
    /** Of a bucket that has none: the fault, or what it has by default. */
    readonly absent: ((bucket: string) => AwsFault) | Value;
  };
  readonly remove?: Named & {
    /** What stands in the place of what was taken away, where nothing is not the default. */
    readonly leaves?: Value;
  };
}

export function singleConfiguration<Input extends BucketInput, Value extends object>(
  configuration: SingleConfiguration<Input, Value>,
): AnyOperation[] {
  const { kind, put, get, remove } = configuration;
  const putting: Operation<Input> = {
    name: put.operation,
    access: bucketAccess(put.action),
    async handle(call, input) {
      await keep(call, input.Bucket ?? '', kind, put.value(call, input));
      return put.answer?.(input) ?? {};
    },
  };
  const getting: Operation<BucketInput> = {
    name: get.operation,
    access: bucketAccess(get.action),
    handle(call, { Bucket }) {
      const { name } = requireBucket(call, Bucket);
      const value = findConfiguration<Value>(call.plane.store, name, kind);
      if (value) return get.answer(value, name);
      if (typeof get.absent !== 'function') return get.answer(get.absent, name);
      throw get.absent(name);
    },
  };
  if (!remove) return [putting, getting];
  const removing: Operation<BucketInput> = {
    name: remove.operation,
    access: bucketAccess(remove.action),
    async handle(call, { Bucket = '' }) {
      await keep(call, Bucket, kind, remove.leaves);
      return {};
    },
  };
  return [putting, getting, removing];
}

async function keep(call: Call, bucket: string, kind: string, value: object | undefined): Promise<void> {
  await call.plane.store.transact((tx) => {
    if (!findBucket(tx, bucket)) throw faults.noSuchBucket(bucket);
    if (value) putConfiguration(tx, { bucket, kind }, value);
    else deleteConfiguration(tx, bucket, kind);
  });
}
