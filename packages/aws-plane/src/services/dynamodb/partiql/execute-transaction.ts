// ExecuteTransaction: up to 100 statements about one item each, all reads or all writes; all of them or none.
import {
  ItemKeyError,
  ItemLanguageError,
  type SelectStatement,
  type Statement,
} from '@pergola/item-language';
import type { Call } from '../../../call.ts';
import { tableNameOf } from '../arn.ts';
import { faults, speaking } from '../faults.ts';
import { defineItemOperation } from '../items/item-input.ts';
import { dataTable, type ItemWrite } from '../items/item-write.ts';
import { allOrNone } from '../transactions/cancellation.ts';
import { requestTokenOf } from '../transactions/request-token.ts';
import { assertDistinct, runWrites } from '../transactions/run-writes.ts';
import {
  assertTogether,
  transactionalRead,
  transactionCapacity,
  writtenUnits,
} from '../transactions/transaction-capacity.ts';
import type { Table } from '../tables/table.ts';
import { itemRead, readItem } from './item-read.ts';
import { checkOnStatement } from './statement-access.ts';
import {
  checkParameters,
  type ExecuteTransactionInput,
  type StatementInput,
  statementOf,
} from './statement-input.ts';
import { writeOf } from './statement-write.ts';

export const executeTransaction = defineItemOperation<ExecuteTransactionInput>({
  name: 'ExecuteTransaction',
  access: {
    iam: ({ TransactStatements: all = [] }, call) =>
      statementsOf(all).map((statement) => checkOnStatement(call, statement, 'ExecuteTransaction')),
  },
  handle(call, input) {
    const { TransactStatements: all = [] } = input;
    const statements = statementsOf(all);
    const reads = statements.filter(isRead);
    if (reads.length === statements.length) return runReads(call, reads, input);
    if (reads.length > 0)
      throw faults.validation(
        'A transaction must consist of either read statements or write statements, not both',
      );
    return runStatements(call, statements, input);
  },
});

function isRead(statement: Statement): statement is SelectStatement {
  return statement.kind === 'select' && !statement.exists;
}

/** All statements, or the fault that names the one that cannot be part of a transaction. */
function statementsOf(all: readonly StatementInput[]): readonly Statement[] {
  speaking(() => all.forEach(checkParameters));
  return all.map((input, at) => {
    try {
      return checked(statementOf(input));
    } catch (error) {
      if (!(error instanceof ItemLanguageError)) throw error;
      throw faults.validation(`Validation failed in TransactStatements[${at}]: ${error.message}`);
    }
  });
}

function checked(statement: Statement): Statement {
  if (statement.kind === 'select') {
    if (statement.index !== undefined)
      throw new ItemLanguageError('Reads on indices are not supported within transactions.');
    return statement;
  }
  if (statement.kind !== 'insert' && statement.returning !== undefined)
    throw new ItemLanguageError('RETURNING clause is not supported in ExecuteTransaction.');
  return statement;
}

function runReads(
  call: Call,
  statements: readonly SelectStatement[],
  input: ExecuteTransactionInput,
): object {
  const reads = allOrNone(statements, (statement) =>
    itemRead(tableOf(call, statement), statement, 'ExecuteTransaction'),
  );
  assertDistinct(reads);
  const found = reads.map((read) => ({ read, stored: readItem(call.plane, read) }));
  assertTogether(found.map(({ stored }) => stored));
  const capacity = transactionCapacity(
    found.map(({ read, stored }) => transactionalRead(read.table, stored?.bytes ?? 0)),
    input,
    'Read',
  );
  return {
    Responses: found.map(({ read, stored }) => (stored ? { Item: read.shape(stored.item) } : {})),
    ...(capacity && { ConsumedCapacity: capacity }),
  };
}

function tableOf(call: Call, { table }: Statement): Table {
  return dataTable(call.plane, tableNameOf(call, table));
}

async function runStatements(
  call: Call,
  statements: readonly Statement[],
  input: ExecuteTransactionInput,
): Promise<object> {
  const { TransactStatements: all = [], ClientRequestToken: token } = input;
  const shown = new Map(
    statements.map((statement, at) => [statement, all[at]?.ReturnValuesOnConditionCheckFailure]),
  );
  const planned = allOrNone(statements, (statement) => {
    const table = tableOf(call, statement);
    const showOnFailure = shown.get(statement) === 'ALL_OLD';
    return { table, write: { ...itemWrite(call, table, statement), showOnFailure } };
  });
  assertDistinct(planned.map(({ table, write: { key } }) => ({ table, key })));
  const written = await runWrites(
    call.plane,
    planned.map(({ write }) => write),
    token === undefined ? undefined : requestTokenOf(call, token, all),
  );
  const capacity = transactionCapacity(writtenUnits(written ?? []), input, 'Write');
  return capacity ? { ConsumedCapacity: capacity } : {};
}

/** EXISTS is a check of an item that is left as it is. */
function itemWrite(call: Call, table: Table, statement: Statement): ItemWrite {
  const at = tableNameOf(call, statement.table);
  if (statement.kind !== 'select') return keyed(() => writeOf(table, at, statement).write);
  const { key, condition } = itemRead(table, statement, 'ExecuteTransaction');
  return { at, key, condition, change: (before) => before };
}

/** In a transaction, a clause that does not name one item is a key that does not fit. */
function keyed<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ItemKeyError) throw faults.keyMismatch();
    throw error;
  }
}
