// The tree of an expression.
import type { Place } from './token.ts';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';

/** A name as steps: `a.b[1]` is `a`, `b`, `1`; a part in backticks is one step whatever it holds. */
export interface FieldNode extends Place {
  readonly kind: 'field';
  readonly steps: readonly string[];
}

export interface RegexNode extends Place {
  readonly kind: 'regex';
  readonly source: string;
  readonly flags: string;
}

export interface CallNode extends Place {
  readonly kind: 'call';
  /** In lower case and without underscores. */
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** `count(*)`. */
  readonly star: boolean;
}

export type Expression =
  | (Place & { readonly kind: 'number'; readonly value: number })
  | (Place & { readonly kind: 'string'; readonly value: string })
  | (Place & { readonly kind: 'period'; readonly text: string })
  | (Place & { readonly kind: 'boolean'; readonly value: boolean })
  | FieldNode
  | RegexNode
  | CallNode
  | (Place & { readonly kind: 'not'; readonly operand: Expression })
  | (Place & { readonly kind: 'negative'; readonly operand: Expression })
  | (Place & { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression })
  | (Place & {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Place & {
      readonly kind: 'arithmetic';
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Place & { readonly kind: 'like'; readonly left: Expression; readonly right: Expression })
  | (Place & { readonly kind: 'in'; readonly left: Expression; readonly items: readonly Expression[] });

/** `expression as name`; without an alias the name is the text itself. */
export interface Named extends Place {
  readonly expression: Expression;
  readonly name: string;
}

/** The name of a field as results show it. */
export function nameOf(field: FieldNode): string {
  return field.steps.join('.');
}
