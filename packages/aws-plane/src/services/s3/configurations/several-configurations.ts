// Configurations of which a bucket has several, told apart by an id: analytics, inventories, metrics, intelligent
// tiering. They are kept and shown; nothing is counted, written or moved by them.
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { bucketAccess, type BucketInput, requireBucket } from '../access.ts';
import { faults } from '../faults.ts';
import { findBucket } from '../state.ts';
import {
  deleteConfiguration,
  findConfiguration,
  listConfigurations,
  putConfiguration,
} from './configuration-store.ts';

interface Input extends BucketInput {
  readonly Id?: string | undefined;
  readonly ContinuationToken?: string | undefined;
}

interface Configuration {
  readonly Id?: string | undefined;
}

const MOST = 1_000;
const PAGE_ITEMS = 100;
const names = ['Analytics', 'IntelligentTiering', 'Inventory', 'Metrics'] as const;

export const severalConfigurations: readonly AnyOperation[] = names.flatMap((name) => {
  const readAction = `s3:Get${name}Configuration`;
  const writeAction = `s3:Put${name}Configuration`;
  const member = `${name}Configuration`;
  return [
    defineOperation<Input, object>({
      name: `PutBucket${name}Configuration`,
      access: bucketAccess(writeAction),
      async handle(call, input) {
        const value = (input as Readonly<Record<string, unknown>>)[member] as Configuration | undefined;
        await putOne(call, name, input, value);
        return {};
      },
    }),
    defineOperation<Input, object>({
      name: `GetBucket${name}Configuration`,
      access: bucketAccess(readAction),
      handle(call, { Bucket, Id = '' }) {
        const value = findConfiguration(call.plane.store, requireBucket(call, Bucket).name, name, Id);
        if (!value) throw faults.noSuchConfiguration();
        return { [member]: value };
      },
    }),
    defineOperation<Input, object>({
      name: `ListBucket${name}Configurations`,
      access: bucketAccess(readAction),
      handle: (call, input) => listOf(call, name, input),
    }),
    defineOperation<Input, object>({
      name: `DeleteBucket${name}Configuration`,
      access: bucketAccess(writeAction),
      async handle(call, { Bucket, Id = '' }) {
        const bucket = requireBucket(call, Bucket).name;
        await call.plane.store.transact((tx) => {
          if (!findConfiguration(tx, bucket, name, Id)) throw faults.noSuchConfiguration();
          deleteConfiguration(tx, bucket, name, Id);
        });
        return {};
      },
    }),
  ];
});

async function putOne(
  call: Call,
  kind: string,
  { Bucket = '', Id = '' }: Input,
  value: Configuration | undefined,
): Promise<void> {
  if (!value) throw faults.malformedXml();
  if (value.Id !== Id || !/^[A-Za-z0-9._-]{1,64}$/.test(Id))
    throw faults.invalidArgument('The specified configuration id is invalid.', 'id', Id);
  await call.plane.store.transact((tx) => {
    if (!findBucket(tx, Bucket)) throw faults.noSuchBucket(Bucket);
    const others = listConfigurations<Configuration>(tx, Bucket, kind).filter((one) => one.Id !== Id);
    if (others.length >= MOST) throw faults.tooManyConfigurations();
    putConfiguration(tx, { bucket: Bucket, kind, id: Id }, value);
  });
}

function listOf(call: Call, kind: string, { Bucket, ContinuationToken: token }: Input): object {
  const bucket = requireBucket(call, Bucket).name;
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString('utf8');
  const rest = listConfigurations<Configuration>(call.plane.store, bucket, kind).filter(
    ({ Id = '' }) => Id > after,
  );
  const items = rest.slice(0, PAGE_ITEMS);
  const last = items.at(-1)?.Id;
  const IsTruncated = items.length < rest.length;
  return {
    IsTruncated,
    ...(token !== undefined && { ContinuationToken: token }),
    ...(IsTruncated &&
      last !== undefined && { NextContinuationToken: Buffer.from(last).toString('base64url') }),
    ...(items.length > 0 && { [`${kind}ConfigurationList`]: items }),
  };
}
