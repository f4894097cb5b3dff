// Statements' clauses ready for items: conditions, updates, and the columns of a SELECT.
import type { AttributeValue, Item } from '../attribute-value.ts';
import { checkConditionFunctions } from '../condition/check-condition.ts';
import { compileCondition } from '../condition/compile-condition.ts';
import type { Condition } from '../condition/condition.ts';
import { type DocumentPath, resolvePath, valueAt } from '../document-path.ts';
import { Placeholders } from '../placeholders.ts';
import type { Projection } from '../projection/projection.ts';
import type { ConditionNode, PathNode, UpdateAction } from '../syntax/tree.ts';
import { compileUpdate } from '../update/compile-update.ts';
import type { Update } from '../update/update.ts';
import { setMember } from '../values/member.ts';

const KIND = 'Statement';

/** A WHERE clause, or a part of one. Without one, everything holds. Throws `ItemLanguageError`. */
export function bindWhere(where: ConditionNode | undefined): Condition {
  const node = where ?? { kind: 'and', parts: [] };
  // No name is reserved that stands in quotes.
  checkConditionFunctions(KIND, node);
  return compileCondition(KIND, node, new Placeholders());
}

/** The clauses of an UPDATE. Throws `ItemLanguageError`. */
export function bindActions(actions: readonly UpdateAction[]): Update {
  return compileUpdate({ actions }, new Placeholders(), KIND);
}

/** Columns by the last name of their paths: `a.b[0]` becomes `b[0]`. */
export function bindColumns(columns: readonly PathNode[]): Projection {
  const placeholders = new Placeholders();
  const paths = columns.map((column) => resolvePath(column, KIND, placeholders));
  const named = paths.map((path) => ({ name: columnName(path), path }));
  return {
    paths,
    project: (item: Item): Item => {
      const row: Record<string, AttributeValue> = {};
      for (const { name, path } of named) {
        const value = valueAt(item, path);
        if (value !== undefined) setMember(row, name, value);
      }
      return row;
    },
  };
}

function columnName(path: DocumentPath): string {
  const last = path.findLastIndex((step) => typeof step === 'string');
  return path
    .slice(last)
    .map((step) => (typeof step === 'number' ? `[${step}]` : step))
    .join('');
}
