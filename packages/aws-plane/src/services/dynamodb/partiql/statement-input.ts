// The inputs of the PartiQL operations, and their statements, read once for each request.
import { checkValue, parseStatement, type Statement } from '@pergola/item-language';
import type { Reporting } from '../items/item-input.ts';

export interface StatementInput {
  readonly Statement?: string | undefined;
  readonly Parameters?: readonly unknown[] | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
}

export interface ExecuteStatementInput extends StatementInput, Reporting {
  readonly NextToken?: string | undefined;
  readonly Limit?: number | undefined;
}

export interface BatchExecuteStatementInput extends Reporting {
  readonly Statements?: readonly StatementInput[] | undefined;
}

export interface ExecuteTransactionInput extends Reporting {
  readonly TransactStatements?: readonly StatementInput[] | undefined;
  readonly ClientRequestToken?: string | undefined;
}

const read = new WeakMap<StatementInput, Statement>();

/** The statement of an input. Throws `ItemLanguageError`. */
export function statementOf(input: StatementInput): Statement {
  const known = read.get(input);
  if (known) return known;
  const statement = parseStatement(input.Statement ?? '', input.Parameters);
  read.set(input, statement);
  return statement;
}

/** Parameters are judged before any statement is read. Throws `ItemLanguageError`. */
export function checkParameters({ Parameters: parameters = [] }: StatementInput): void {
  for (const parameter of parameters) checkValue(parameter);
}
