// What PartiQL statements say.
import type { Item } from '../attribute-value.ts';
import type { ConditionNode, PathNode, UpdateAction } from '../syntax/tree.ts';

/** What a write hands back. */
export type Returning = 'ALL OLD' | 'ALL NEW' | 'MODIFIED OLD' | 'MODIFIED NEW';

export interface SelectStatement {
  readonly kind: 'select';
  readonly table: string;
  readonly index: string | undefined;
  /** Undefined: everything. */
  readonly columns: readonly PathNode[] | undefined;
  readonly where: ConditionNode | undefined;
  readonly order: readonly { readonly attribute: string; readonly descending: boolean }[];
  /** In a transaction: a check instead of a read. */
  readonly exists: boolean;
}

export interface InsertStatement {
  readonly kind: 'insert';
  readonly table: string;
  readonly item: Item;
}

export interface UpdateStatement {
  readonly kind: 'update';
  readonly table: string;
  readonly actions: readonly UpdateAction[];
  readonly where: ConditionNode | undefined;
  readonly returning: Returning | undefined;
}

export interface DeleteStatement {
  readonly kind: 'delete';
  readonly table: string;
  readonly where: ConditionNode | undefined;
  readonly returning: Returning | undefined;
}

export type Statement = SelectStatement | InsertStatement | UpdateStatement | DeleteStatement;
