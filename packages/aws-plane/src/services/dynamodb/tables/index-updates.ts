// GlobalSecondaryIndexUpdates: one index made or deleted at a time, and units of any number of them changed.
import type { GlobalSecondaryIndexUpdate, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import type { Call } from '../../../call.ts';
import { faults } from '../faults.ts';
import { attributesOf } from './key-schema.ts';
import { globalIndexOf, onDemandOf, warmOf } from './table-input.ts';
import { namesOf } from './table.ts';
import type { AttributeRecord, IndexRecord, TableRecord } from './table-record.ts';
import { changedUnits } from './throughput-update.ts';

export function withIndexUpdates(call: Call, table: TableRecord, input: UpdateTableInput): TableRecord {
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  const made = updates.filter(({ Create, Delete }) => Create || Delete);
  if (made.length > 1)
    throw faults.limit(
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  let changed = table;
  for (const update of updates) changed = withUpdate(call, changed, update);
  if (updates.length === 0) return changed;
  return { ...changed, attributes: usedAttributes(changed, attributesOf(input.AttributeDefinitions)) };
}

function withUpdate(call: Call, table: TableRecord, update: GlobalSecondaryIndexUpdate): TableRecord {
  const { Create, Update, Delete } = update;
  if (Create) {
    if (table.globalIndexes.some(({ name }) => name === Create.IndexName))
      throw faults.validation('Attempting to create an index which already exists');
    const place = { random: call.plane.random, billing: table.billing, status: 'CREATING' } as const;
    return { ...table, globalIndexes: [...table.globalIndexes, globalIndexOf(Create, place)] };
  }
  if (Delete) return replaced(table, Delete.IndexName, (index) => ({ ...index, status: 'DELETING' }));
  if (!Update) throw faults.invalid('One of Create, Update or Delete must be given for each index');
  return replaced(table, Update.IndexName, (index) => ({
    ...index,
    ...(Update.ProvisionedThroughput &&
      table.billing === 'PROVISIONED' && {
        throughput: changedUnits(
          index.throughput ?? { read: 0, write: 0 },
          Update.ProvisionedThroughput,
          call.nowMs,
        ),
      }),
    ...(Update.OnDemandThroughput && { onDemand: onDemandOf(Update.OnDemandThroughput) }),
    ...(Update.WarmThroughput && { warm: warmOf(Update.WarmThroughput) }),
  }));
}

function replaced(
  table: TableRecord,
  name: string | undefined,
  change: (index: IndexRecord) => IndexRecord,
): TableRecord {
  if (!table.globalIndexes.some((index) => index.name === name))
    throw faults.notFound('Requested resource not found');
  const globalIndexes = table.globalIndexes.map((index) => (index.name === name ? change(index) : index));
  return { ...table, globalIndexes };
}

/** Old and new definitions, as far as keys use them. */
function usedAttributes(table: TableRecord, given: readonly AttributeRecord[]): readonly AttributeRecord[] {
  const merged = new Map([...table.attributes, ...given].map((attribute) => [attribute.name, attribute]));
  for (const { name, type } of table.attributes) {
    if (merged.get(name)?.type !== type)
      throw faults.invalid(`Attribute ${name} is already defined with another type`);
  }
  const used = new Set([table.keys, ...table.localIndexes, ...table.globalIndexes].flatMap(namesOf));
  return [...merged.values()].filter(({ name }) => used.has(name));
}
