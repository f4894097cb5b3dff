// CreateTable. The answer says CREATING; the table is there when it is given.
import type { CreateTableInput, CreateTableOutput } from '@aws-sdk/client-dynamodb';
import { alphabets } from '@pergola/kernel';
import { parsePolicy } from '@pergola/policy';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOnTable, requestTags } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { keepStream } from '../streams/stream-state.ts';
import { assertSchema, attributesOf, keysOf } from './key-schema.ts';
import {
  globalIndexOf,
  kmsKeyOf,
  localIndexOf,
  newStream,
  onDemandOf,
  tagsOf,
  throughputOf,
  warmOf,
} from './table-input.ts';
import type { TableRecord } from './table-record.ts';
import { tableShape } from './table-shape.ts';
import { countTables, findTable, putTable } from './table-state.ts';

const TABLE_KEY_DIGITS = 16;
const REVISION_DIGITS = 13;
const TABLES_MAX = 2_500;

export const createTable = defineOperation<CreateTableInput, CreateTableOutput>({
  name: 'CreateTable',
  access: {
    iam(input, call) {
      const at = tableNameOf(call, input.TableName);
      const context = requestTags(
        Object.fromEntries((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
      );
      const checks = [checkOnTable(call, 'CreateTable', at, { context })];
      if (input.Tags?.length) checks.push(checkOnTable(call, 'TagResource', at, { context }));
      if (input.ResourcePolicy !== undefined) checks.push(checkOnTable(call, 'PutResourcePolicy', at));
      return checks;
    },
  },
  async handle(call, input) {
    const record = recordOf(call, input);
    assertSchema(record);
    await addTable(call, record);
    return { TableDescription: tableShape(dynamoOf(call.plane).bytes, record, 'CREATING') };
  },
});

/** Keeps a new table; its name must be free. */
export async function addTable(call: Call, record: TableRecord, exists = faults.tableExists): Promise<void> {
  await call.plane.store.transact((tx) => {
    if (findTable(tx, record)) throw exists(record.name);
    if (countTables(tx, record) >= TABLES_MAX)
      throw faults.limit(
        `Subscriber limit exceeded: There is a limit of ${TABLES_MAX} tables per subscriber`,
      );
    putTable(tx, record);
    keepStream(tx, record, call.nowMs);
  });
}

function recordOf(call: Call, input: CreateTableInput): TableRecord {
  const { random } = call.plane;
  const at = tableNameOf(call, input.TableName);
  const billing = input.BillingMode ?? 'PROVISIONED';
  const place = { random, billing, status: 'ACTIVE' } as const;
  if (input.LocalSecondaryIndexes?.length === 0)
    throw faults.invalid('List of LocalSecondaryIndexes is empty');
  if (input.GlobalSecondaryIndexes?.length === 0)
    throw faults.invalid('List of GlobalSecondaryIndexes is empty');
  return {
    ...at,
    ...newTableIds(call),
    attributes: attributesOf(input.AttributeDefinitions),
    keys: keysOf(input.KeySchema),
    localIndexes: (input.LocalSecondaryIndexes ?? []).map((index) => localIndexOf(random, index)),
    globalIndexes: (input.GlobalSecondaryIndexes ?? []).map((index) => globalIndexOf(index, place)),
    billing,
    perRequestMs: billing === 'PAY_PER_REQUEST' ? call.nowMs : undefined,
    throughput: throughputOf(input.ProvisionedThroughput, billing, 'table'),
    onDemand: onDemandOf(input.OnDemandThroughput),
    warm: warmOf(input.WarmThroughput),
    stream: newStream(call, input.StreamSpecification),
    kmsKeyArn: kmsKeyOf(at, input.SSESpecification),
    tableClass: input.TableClass,
    deletionProtected: input.DeletionProtectionEnabled ?? false,
    tags: tagsOf(input.Tags),
    policy: input.ResourcePolicy === undefined ? undefined : newPolicy(call, input.ResourcePolicy),
  };
}

/** What tells this table from all others, also from later ones of the same name. */
export function newTableIds({ plane, nowMs }: Call): Pick<TableRecord, 'key' | 'tableId' | 'createdMs'> {
  return {
    key: plane.random.text(TABLE_KEY_DIGITS, alphabets.hex),
    tableId: plane.random.uuid(),
    createdMs: nowMs,
  };
}

/** A policy that is checked, under a new revision. */
export function newPolicy({ plane, nowMs }: Call, document: string): { document: string; revision: string } {
  const parsed = parsePolicy(document, 'resource');
  if (!parsed.ok) throw faults.validation(`Invalid policy document: ${parsed.error.message}`);
  return { document, revision: `${nowMs}${plane.random.text(REVISION_DIGITS, '0123456789')}`.slice(0, 26) };
}
