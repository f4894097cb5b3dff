// Why a transaction is cancelled: one reason for each of its actions, in their order.
import { ItemLanguageError } from '@pergola/item-language';
import type { Json } from '@pergola/kernel';
import { AwsFault, DetailedFault } from '../../../fault.ts';

export interface Reason {
  readonly Code: string;
  readonly Message?: string;
  /** The item whose condition failed, where it was asked for. */
  readonly Item?: Json;
}

export const NO_REASON: Reason = { Code: 'None' };

const CODES: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
  DuplicateItemException: 'DuplicateItem',
  ResourceNotFoundException: 'ResourceNotFound',
};

/** The reason that an action's failure is; what is none is thrown again. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof ItemLanguageError) return { Code: 'ValidationError', Message: error.message };
  const code = error instanceof AwsFault ? CODES[error.code] : undefined;
  if (!(error instanceof AwsFault) || code === undefined) throw error;
  const item = error instanceof DetailedFault ? error.details['Item'] : undefined;
  return { Code: code, Message: error.message, ...(item !== undefined && { Item: item }) };
}

/** The fault that lists the reasons of all actions. */
export function cancelled(reasons: readonly Reason[]): DetailedFault {
  const codes = reasons.map(({ Code: code }) => code).join(', ');
  return new DetailedFault(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons.map((reason): Json => ({ ...reason })) },
  );
}

/** Runs something for every action; the first failure cancels, with no reason for the others. */
export function untilFirstFailure<A, T>(actions: readonly A[], run: (action: A) => T): readonly T[] {
  return actions.map((action, at) => {
    try {
      return run(action);
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      const reason = reasonOf(error);
      throw cancelled(actions.map((_, other) => (other === at ? reason : NO_REASON)));
    }
  });
}

/** Runs something for every action; all failures cancel together. */
export function allOrNone<A, T>(actions: readonly A[], run: (action: A) => T): readonly T[] {
  const reasons: Reason[] = [];
  let failed = false;
  const results = actions.flatMap((action) => {
    try {
      const result = run(action);
      reasons.push(NO_REASON);
      return [result];
    } catch (error) {
      reasons.push(reasonOf(error));
      failed = true;
      return [];
    }
  });
  if (failed) throw cancelled(reasons);
  return results;
}
