// A table's vocabulary: columns, and how a kind fills them.
import type { KubeObject } from '../object.ts';

export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority: number;
}

/** How objects of one kind become rows. */
export interface KindTable {
  readonly columns: readonly Column[];
  /** One cell a column. */
  readonly cells: (object: KubeObject, nowMs: number) => readonly Cell[];
}

const descriptions: Readonly<Record<string, string>> = {
  Name: 'Name must be unique within a namespace.',
  Age: 'Time since the object was created.',
  'Created At': 'When the object was created, RFC 3339 in UTC.',
};

/**
 * Columns from their names: `Ready`, `Desired:integer`; names in `wide` are shown only with `-o wide`. `Name` has the
 * format that lets kubectl prefix the kind.
 */
export function columnsOf(shown: string, wide = ''): readonly Column[] {
  return [...parse(shown, 0), ...parse(wide, 1)];
}

function parse(text: string, priority: number): Column[] {
  if (text === '') return [];
  return text.split(', ').map((entry) => {
    const [name = '', type = 'string'] = entry.split(':');
    return {
      name,
      type: type === 'integer' ? 'integer' : type === 'date' ? 'date' : 'string',
      format: name === 'Name' ? 'name' : '',
      description: descriptions[name] ?? '',
      priority,
    };
  });
}
