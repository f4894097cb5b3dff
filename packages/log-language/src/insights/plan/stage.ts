// A command that looks at one row at a time: a row goes in, and none, one or several go on.
import type { Row } from '../run/row.ts';
import type { Compilation } from './compile-expression.ts';
import type { Outputs } from './outputs.ts';

export type Push = (row: Row) => void;
/** Puts a command in front of what comes after it. */
export type Stage = (next: Push) => Push;

export interface StageContext {
  readonly compilation: Compilation;
  readonly outputs: Outputs;
}
