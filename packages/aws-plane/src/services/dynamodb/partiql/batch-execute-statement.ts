// BatchExecuteStatement: up to 25 statements about one item each, all reads or all writes; each succeeds or fails alone.
import { readUnits, type Statement } from '@pergola/item-language';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { tableNameOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { writeUnitsOf } from '../items/capacity.ts';
import { defineItemOperation } from '../items/item-input.ts';
import { dataTable, writeItem } from '../items/item-write.ts';
import { reasonOf } from '../transactions/cancellation.ts';
import { transactionCapacity, type UsedUnits } from '../transactions/transaction-capacity.ts';
import { itemRead, readItem } from './item-read.ts';
import { checkOnStatement } from './statement-access.ts';
import { type BatchExecuteStatementInput, type StatementInput, statementOf } from './statement-input.ts';
import { writeOf } from './statement-write.ts';

interface Outcome {
  readonly response: object;
  readonly used?: UsedUnits;
}

export const batchExecuteStatement = defineItemOperation<BatchExecuteStatementInput>({
  name: 'BatchExecuteStatement',
  access: {
    iam: ({ Statements: all = [] }, call) =>
      all.flatMap((input): AccessCheck[] => {
        const statement = readable(input);
        return statement ? [checkOnStatement(call, statement, 'BatchExecuteStatement')] : [];
      }),
  },
  async handle(call, input) {
    const { Statements: all = [] } = input;
    const reads = new Set(all.flatMap((one) => readable(one)?.kind ?? []).map((kind) => kind === 'select'));
    if (reads.size > 1)
      throw faults.validation('A batch must consist of either read statements or write statements, not both');
    const outcomes: Outcome[] = [];
    for (const one of all) outcomes.push(await outcomeOf(call, one));
    const capacity = transactionCapacity(
      outcomes.flatMap(({ used }) => used ?? []),
      input,
      reads.has(true) ? 'Read' : 'Write',
    );
    return {
      Responses: outcomes.map(({ response }) => response),
      ...(capacity && { ConsumedCapacity: capacity }),
    };
  },
});

/** A statement that cannot be read is an outcome of its own, not the request's failure. */
function readable(input: StatementInput): Statement | undefined {
  try {
    return statementOf(input);
  } catch {
    return undefined;
  }
}

async function outcomeOf(call: Call, input: StatementInput): Promise<Outcome> {
  const named = { TableName: readable(input)?.table };
  try {
    const { item, used } = await run(call, statementOf(input), input);
    return { response: { ...named, ...(item && { Item: item }) }, used };
  } catch (error) {
    return { response: { ...named, Error: reasonOf(error) } };
  }
}

async function run(
  call: Call,
  statement: Statement,
  input: StatementInput,
): Promise<{ readonly item: object | undefined; readonly used: UsedUnits }> {
  const at = tableNameOf(call, statement.table);
  const table = dataTable(call.plane, at);
  if (statement.kind === 'select') {
    if (statement.index !== undefined || statement.exists)
      throw faults.validation(
        'Only reads of a table by its primary key are supported in BatchExecuteStatement',
      );
    const read = itemRead(table, statement, 'BatchExecuteStatement');
    const stored = readItem(call.plane, read);
    const consistency = input.ConsistentRead ? 'strong' : 'eventual';
    const used = { table, units: new Map([['', readUnits(stored?.bytes ?? 0, consistency)]]) };
    return { item: stored && read.shape(stored.item), used };
  }
  const planned = writeOf(table, at, statement);
  const showOnFailure = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const written = await writeItem(call.plane, { ...planned.write, showOnFailure });
  return { item: planned.returned(written), used: { table, units: writeUnitsOf(written) } };
}
