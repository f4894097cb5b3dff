// BatchGetItem: up to a hundred items of several tables, and of them so many as fit into 16 MB.
import { type Item, readUnits } from '@pergola/item-language';
import type { ByteReader } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { checkOnItems } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { decodeItem, type StoredItem } from '../storage/item-record.ts';
import { itemKey } from '../storage/layout.ts';
import type { Table } from '../tables/table.ts';
import { boundGet } from './bound-input.ts';
import { consumedCapacity } from './capacity.ts';
import { defineItemOperation, type ProjectionInput, type RawItem, type Reporting } from './item-input.ts';
import { assertScalarKeys, keyOf } from './item-key.ts';
import { dataTable } from './item-write.ts';

interface KeysAndAttributes extends ProjectionInput {
  readonly Keys?: readonly RawItem[] | undefined;
  readonly ConsistentRead?: boolean | undefined;
}

interface BatchGetItemInput extends Reporting {
  readonly RequestItems?: Readonly<Record<string, KeysAndAttributes>> | undefined;
}

const KEYS_MAX = 100;
const ANSWER_BYTES_MAX = 16 * 1_048_576;

export const batchGetItem = defineItemOperation<BatchGetItemInput>({
  name: 'BatchGetItem',
  access: {
    iam: (input, call) =>
      Object.entries(input.RequestItems ?? {}).map(([name, part]) =>
        checkOnItems(call, 'BatchGetItem', tableNameOf(call, name), part),
      ),
  },
  handle(call, input) {
    const parts = Object.entries(input.RequestItems ?? {});
    const keys = parts.reduce((sum, [, { Keys = [] }]) => sum + Keys.length, 0);
    if (keys > KEYS_MAX) throw faults.validation('Too many items requested for the BatchGetItem call');
    const room = { bytes: ANSWER_BYTES_MAX };
    const prepared = parts.map(([name, part]) => preparePart(call, name, part));
    const found = prepared.map((part) => readPart(call, part, room));
    const capacities = found.flatMap(({ part, units }) => {
      const capacity = consumedCapacity(part.table, new Map([['', units]]), input);
      return capacity ? [capacity] : [];
    });
    return {
      Responses: Object.fromEntries(found.map(({ part, items }) => [part.name, items])),
      UnprocessedKeys: Object.fromEntries(
        found.flatMap(({ part, left }) =>
          left.length > 0 ? [[part.name, { ...part.request, Keys: left }]] : [],
        ),
      ),
      ...(capacities.length > 0 && { ConsumedCapacity: capacities }),
    };
  },
});

interface Part {
  readonly name: string;
  readonly table: Table;
  readonly request: KeysAndAttributes;
  readonly keys: readonly Buffer[];
  readonly shape: (item: Item) => Item;
}

function preparePart(call: Call, name: string, request: KeysAndAttributes): Part {
  const projection = boundGet(call.plane, request);
  const table = dataTable(call.plane, tableNameOf(call, name));
  if (projection) assertScalarKeys(table, projection.paths);
  const keys = (request.Keys ?? []).map((raw) => itemKey(table.prefix, table.schema, keyOf(table, raw)));
  if (new Set(keys.map((key) => key.toString('latin1'))).size < keys.length)
    throw faults.validation('Provided list of item keys contains duplicates');
  return { name, table, request, keys, shape: (item) => (projection ? projection.project(item) : item) };
}

interface PartFound {
  readonly part: Part;
  readonly items: readonly Item[];
  readonly left: readonly RawItem[];
  readonly units: number;
}

function readPart({ plane }: Call, part: Part, room: { bytes: number }): PartFound {
  const { bytes } = dynamoOf(plane);
  const consistency = part.request.ConsistentRead ? 'strong' : 'eventual';
  const items: Item[] = [];
  let units = 0;
  for (const [at, key] of part.keys.entries()) {
    const stored = room.bytes > 0 ? storedAt(bytes, key) : undefined;
    const size = stored?.bytes ?? 0;
    room.bytes -= size;
    if (room.bytes <= 0) return { part, items, left: part.request.Keys?.slice(at) ?? [], units };
    units += readUnits(size, consistency);
    if (stored) items.push(part.shape(stored.item));
  }
  return { part, items, left: [], units };
}

function storedAt(bytes: ByteReader, key: Buffer): StoredItem | undefined {
  const record = bytes.get(key);
  return record && decodeItem(record);
}
