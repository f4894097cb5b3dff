// ExecuteStatement: one PartiQL statement.
import type { Call } from '../../../call.ts';
import { tableNameOf } from '../arn.ts';
import { faults, speaking } from '../faults.ts';
import { consumedCapacity, writeUnitsOf } from '../items/capacity.ts';
import { defineItemOperation } from '../items/item-input.ts';
import { dataTable, writeItem } from '../items/item-write.ts';
import { placeOf, tokenFor } from './page-place.ts';
import { runSelect } from './select.ts';
import { checkOnStatement } from './statement-access.ts';
import { type ExecuteStatementInput, statementOf } from './statement-input.ts';
import { writeOf, type WriteStatement } from './statement-write.ts';

export const executeStatement = defineItemOperation<ExecuteStatementInput>({
  name: 'ExecuteStatement',
  access: {
    iam: (input, call) => [
      checkOnStatement(
        call,
        speaking(() => statementOf(input)),
      ),
    ],
  },
  handle(call, input) {
    const statement = statementOf(input);
    if (statement.kind !== 'select') return write(call, statement, input);
    if (statement.exists) throw faults.validation('EXISTS is supported only in ExecuteTransaction');
    const { NextToken: token } = input;
    const place = token === undefined ? undefined : placeOf(token, input);
    const { table, items, units, next } = runSelect(call, statement, input, place);
    const capacity = consumedCapacity(table, units, input);
    return {
      Items: items,
      ...(next && { NextToken: tokenFor(next, input), LastEvaluatedKey: next.lastKey }),
      ...(capacity && { ConsumedCapacity: capacity }),
    };
  },
});

async function write(call: Call, statement: WriteStatement, input: ExecuteStatementInput): Promise<object> {
  const at = tableNameOf(call, statement.table);
  const table = dataTable(call.plane, at);
  const planned = writeOf(table, at, statement);
  const showOnFailure = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const written = await writeItem(call.plane, { ...planned.write, showOnFailure });
  const item = planned.returned(written);
  const capacity = consumedCapacity(table, writeUnitsOf(written), input);
  return { Items: item ? [item] : [], ...(capacity && { ConsumedCapacity: capacity }) };
}
