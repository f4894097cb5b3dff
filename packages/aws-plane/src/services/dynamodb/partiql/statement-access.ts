// Who may run a statement: PartiQL has actions of its own.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
import {
  bindWhere,
  type InsertStatement,
  type Item,
  ItemLanguageError,
  memberOf,
  type ReadPlan,
  readPlanOf,
  type SelectStatement,
  type Statement,
  writeTargetOf,
} from '@pergola/item-language';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { checkOnTable } from '../access.ts';
import { indexArn, tableNameOf } from '../arn.ts';
import { type Context, shownKey } from '../attribute-context.ts';
import { speaking } from '../faults.ts';
import type { Table } from '../tables/table.ts';
import { findTable } from '../tables/table-state.ts';
import { RETURN_VALUES, type WriteStatement } from './statement-write.ts';

const ACTIONS = {
  select: 'PartiQLSelect',
  insert: 'PartiQLInsert',
  update: 'PartiQLUpdate',
  delete: 'PartiQLDelete',
} as const;

export function checkOnStatement(call: Call, statement: Statement, enclosing?: string): AccessCheck {
  const at = tableNameOf(call, statement.table);
  const index = statement.kind === 'select' ? statement.index : undefined;
  const context = {
    ...contextOf(call, statement),
    ...(enclosing !== undefined && { 'dynamodb:EnclosingOperation': enclosing }),
  };
  return checkOnTable(call, ACTIONS[statement.kind], at, {
    context,
    ...(index !== undefined && { resource: indexArn(at, index) }),
  });
}

/** What a statement reads and writes, as policies may ask. */
function contextOf(call: Call, statement: Statement): Context {
  const context: Context = {};
  const attributes = speaking(() => attributesOf(statement));
  if (attributes.length > 0) context['dynamodb:Attributes'] = attributes;
  const keys = statement.kind === 'select' ? keysRead(call, statement, context) : keyWritten(call, statement);
  if (keys.length > 0) context['dynamodb:LeadingKeys'] = keys;
  if (statement.kind !== 'select' && statement.kind !== 'insert' && statement.returning !== undefined)
    context['dynamodb:ReturnValues'] = RETURN_VALUES[statement.returning];
  return context;
}

function keysRead(call: Call, statement: SelectStatement, context: Context): readonly string[] {
  const plan = planOf(call, statement);
  context['dynamodb:FullTableScan'] = String(plan === undefined);
  context['dynamodb:Select'] = selectOf(statement);
  return plan?.partitions.flatMap(shownKey) ?? [];
}

function selectOf({ columns, index }: SelectStatement): string {
  if (columns) return 'SPECIFIC_ATTRIBUTES';
  return index === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
}

/** The partition that a write is about. A clause that names no one item is refused later, whoever asks. */
function keyWritten(call: Call, statement: WriteStatement): readonly string[] {
  const table = findTable(call.plane.store, tableNameOf(call, statement.table));
  if (!table) return [];
  const item = statement.kind === 'insert' ? statement.item : keyNamed(statement, table);
  const value = memberOf(item, table.schema.partition.name);
  return value ? shownKey(value) : [];
}

function keyNamed({ where }: Exclude<WriteStatement, InsertStatement>, { schema }: Table): Item {
  try {
    return writeTargetOf(where, schema).key;
  } catch (error) {
    if (error instanceof ItemLanguageError) return {};
    throw error;
  }
}

function planOf(call: Call, { table: name, index: indexName, where }: SelectStatement): ReadPlan | undefined {
  const table = findTable(call.plane.store, tableNameOf(call, name));
  const index = table?.indexes.find((one) => one.name === indexName);
  const schema = indexName === undefined ? table?.schema : index?.schema;
  return schema && speaking(() => readPlanOf(where, schema));
}

function attributesOf(statement: Statement): readonly string[] {
  if (statement.kind === 'insert') return Object.keys(statement.item);
  const names = new Set(bindWhere(statement.where).paths.map(([name]) => name));
  const paths =
    statement.kind === 'select'
      ? (statement.columns ?? [])
      : statement.kind === 'update'
        ? statement.actions.map(({ path }) => path)
        : [];
  for (const { steps } of paths) if (steps[0]?.kind === 'name') names.add(steps[0].name);
  return [...names];
}
