// SELECT: some partitions of a table or index, or all of it, a page at a time.
import {
  bindColumns,
  bindWhere,
  compareValues,
  type Item,
  type ReadPlan,
  readPlanOf,
  type SelectStatement,
} from '@pergola/item-language';
import type { Call } from '../../../call.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { sumUnits, type Units } from '../items/capacity.ts';
import { dataTable } from '../items/item-write.ts';
import { type Bounds, boundsOf, continued } from '../queries/key-bounds.ts';
import { type Page, readPage } from '../queries/page.ts';
import { assertProjected, selectionOf } from '../queries/selection.ts';
import { type Source, sourceOf, startKeyOf } from '../queries/source.ts';
import { behind } from '../storage/layout.ts';
import type { Table } from '../tables/table.ts';
import type { PagePlace } from './page-place.ts';
import type { ExecuteStatementInput } from './statement-input.ts';

export interface SelectPage {
  readonly table: Table;
  readonly items: readonly Item[];
  readonly units: Units;
  /** Where the next page begins; undefined at the end. */
  readonly next: PagePlace | undefined;
}

export function runSelect(
  call: Call,
  statement: SelectStatement,
  input: ExecuteStatementInput,
  place: PagePlace | undefined,
): SelectPage {
  const table = dataTable(call.plane, tableNameOf(call, statement.table));
  const source = sourceOf(table, statement.index, input.ConsistentRead);
  const filter = bindWhere(statement.where);
  const plan = readPlanOf(statement.where, source.schema);
  if (plan) assertProjected(source, filter);
  const { reverse, parts } = orderedParts(source, statement, plan);
  const columns = statement.columns && bindColumns(statement.columns);
  const request = {
    source,
    reverse,
    filter,
    ...selectionOf(source, {}, columns),
    consistent: input.ConsistentRead === true,
  };
  const pages: Page[] = [];
  let left = input.Limit ?? Number.POSITIVE_INFINITY;
  for (let part = place?.part ?? 0; ; part += 1) {
    const whole = parts[part];
    if (!whole) return { ...collected(table, pages), next: undefined };
    const start = place?.part === part ? startKeyOf(source, place.lastKey) : undefined;
    const bounds = start ? continued(whole, start, reverse) : whole;
    const page = readPage(dynamoOf(call.plane).bytes, { ...request, ...bounds, limit: left });
    pages.push(page);
    left -= page.scanned;
    if (page.lastKey) return { ...collected(table, pages), next: { part, lastKey: page.lastKey } };
  }
}

function collected(table: Table, pages: readonly Page[]): Omit<SelectPage, 'next'> {
  return {
    table,
    items: pages.flatMap(({ items }) => items),
    units: sumUnits(pages.map(({ units }) => units)),
  };
}

interface OrderedParts {
  readonly reverse: boolean;
  readonly parts: readonly Bounds[];
}

/** The ranges that are read, in the order that ORDER BY wants. */
function orderedParts(source: Source, statement: SelectStatement, plan: ReadPlan | undefined): OrderedParts {
  const { schema, prefix } = source;
  const { order } = statement;
  checkOrder(source, statement, plan);
  const reverse = order.some(({ attribute, descending }) => attribute === schema.sort?.name && descending);
  if (!plan) return { reverse, parts: [{ from: prefix, to: behind(prefix) }] };
  const sign = order.some(({ attribute, descending }) => attribute === schema.partition.name && descending)
    ? -1
    : 1;
  const partitions =
    order.length === 0
      ? plan.partitions
      : plan.partitions.toSorted((left, right) => sign * (compareValues(left, right) ?? 0));
  const parts = partitions.map((partition) => boundsOf(source, { ...plan, partition }));
  return { reverse, parts };
}

function checkOrder({ schema }: Source, { order, where }: SelectStatement, plan: ReadPlan | undefined): void {
  if (order.length === 0) return;
  if (!where) throw faults.validation('Must have WHERE clause in the statement when using ORDER BY clause.');
  const keys = [schema.partition.name, schema.sort?.name];
  const stranger = order.find(({ attribute }) => !keys.includes(attribute));
  if (stranger)
    throw faults.validation(
      `Variable reference ${stranger.attribute} in ORDER BY clause must be part of the primary key`,
    );
  if (!plan)
    throw faults.validation(
      'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
    );
  if (plan.partitions.length > 1 && order[0]?.attribute !== schema.partition.name)
    throw faults.notImplemented('ORDER BY a sort key over several partitions');
}
