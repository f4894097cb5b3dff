// The commands of a query, as they are written.
import type { Expression, FieldNode, Named, RegexNode } from './expression.ts';
import type { Place } from './token.ts';

/** What `parse` does with the text of its field. */
export type Extraction =
  | { readonly mode: 'glob'; readonly pattern: string; readonly aliases: readonly string[] }
  | {
      readonly mode: 'regex';
      readonly regex: RegexNode;
      /** For the groups without names, in order. */
      readonly aliases: readonly string[];
      /** A row for each match. */
      readonly multi: boolean;
    }
  | { readonly mode: 'logfmt'; readonly alias: string }
  | { readonly mode: 'csv'; readonly aliases: readonly string[] }
  | { readonly mode: 'json'; readonly path: string; readonly alias: string };

export interface SortKey {
  readonly expression: Expression;
  readonly descending: boolean;
}

export type DiffModifier = 'previous' | 'previousday' | 'previousweek' | 'previousmonth';

export type Command = Place &
  (
    | { readonly kind: 'fields' | 'display'; readonly items: readonly Named[] }
    | { readonly kind: 'filter'; readonly condition: Expression }
    | { readonly kind: 'parse'; readonly field: Expression; readonly extraction: Extraction }
    | { readonly kind: 'unnest'; readonly field: FieldNode; readonly alias: string }
    | { readonly kind: 'expand'; readonly field: FieldNode }
    | { readonly kind: 'unmask'; readonly items: readonly Named[] }
    | { readonly kind: 'stats'; readonly items: readonly Named[]; readonly by: readonly Named[] }
    | { readonly kind: 'sort'; readonly keys: readonly SortKey[] }
    | { readonly kind: 'limit'; readonly count: number; readonly any: boolean }
    | { readonly kind: 'dedup'; readonly items: readonly Named[] }
    | { readonly kind: 'pattern'; readonly input: Expression }
    | { readonly kind: 'diff'; readonly modifier: DiffModifier }
    | { readonly kind: 'accum'; readonly field: FieldNode; readonly alias: string }
    | {
        readonly kind: 'autoregress';
        readonly field: FieldNode;
        readonly lags: readonly { readonly lag: number; readonly alias: string }[];
      }
    | { readonly kind: 'filldown'; readonly patterns: readonly string[] }
    | {
        readonly kind: 'fillmissing';
        readonly fills: readonly { readonly value: string | number; readonly field: FieldNode }[];
      }
    | {
        readonly kind: 'addtotals';
        readonly total: string;
        readonly rows: boolean;
        readonly columns: boolean;
        readonly fields: readonly FieldNode[];
      }
    | { readonly kind: 'countfrequent'; readonly items: readonly Named[] }
    | { readonly kind: 'source'; readonly prefixes: readonly string[]; readonly names: readonly string[] }
  );

export type CommandOf<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

/** A command without its place: what a parser of one command returns. */
export type CommandBody = Command extends infer C
  ? C extends Command
    ? Omit<C, 'start' | 'end'>
    : never
  : never;
