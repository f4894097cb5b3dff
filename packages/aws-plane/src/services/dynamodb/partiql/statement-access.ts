// Who may run a statement: PartiQL has actions of its own.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
import {
  bindWhere,
  type ReadPlan,
  readPlanOf,
  type SelectStatement,
  type Statement,
} from '@pergola/item-language';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { checkOnTable } from '../access.ts';
import { indexArn, tableNameOf } from '../arn.ts';
import type { Context } from '../attribute-context.ts';
import { speaking } from '../faults.ts';
import { findTable } from '../tables/table-state.ts';

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
  if (statement.kind !== 'select') return context;
  const plan = planOf(call, statement);
  context['dynamodb:FullTableScan'] = String(plan === undefined);
  const keys =
    plan?.partitions.flatMap((value) => ('S' in value ? value.S : 'N' in value ? value.N : [])) ?? [];
  if (keys.length > 0) context['dynamodb:LeadingKeys'] = keys;
  return context;
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
