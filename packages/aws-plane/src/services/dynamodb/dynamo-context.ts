// What the operations share while a plane runs: the items' storage, and the expressions that were read.
import { join } from 'node:path';
import { ExpressionCache } from '@pergola/item-language';
import { assert } from '@pergola/kernel';
import { type ByteStore, openByteStore } from '@pergola/store';
import type { PlaneContext } from '../../plane-context.ts';
import { Chores } from './storage/chores.ts';

export interface DynamoContext {
  /** Items, entries of indexes, records of streams. Tables are in the plane's store. */
  readonly bytes: ByteStore;
  readonly expressions: ExpressionCache;
  readonly chores: Chores;
}

const opened = new WeakMap<PlaneContext, DynamoContext>();
const EXPRESSIONS_MAX = 2_000;
const EXPRESSIONS_BYTES_MAX = 16 * 1_048_576;

/** What was opened for `plane` by `openDynamo`. */
export function dynamoOf(plane: PlaneContext): DynamoContext {
  const context = opened.get(plane);
  assert(context, 'DynamoDB has been started');
  return context;
}

export function openDynamo(plane: PlaneContext): DynamoContext {
  const { store, disposal, dataDir } = plane;
  const bytes = disposal.use(
    openByteStore({ path: join(dataDir, 'dynamodb'), durability: store.durability }),
  );
  const expressions = new ExpressionCache({ entries: EXPRESSIONS_MAX, bytes: EXPRESSIONS_BYTES_MAX });
  const chores = new Chores(plane);
  disposal.defer(() => chores.close());
  const context = { bytes, expressions, chores };
  opened.set(plane, context);
  return context;
}
