// What the text of a query is made of, and where each piece stands.
import type { QuerySyntaxError } from '../contract.ts';

/** A stretch of the text, in UTF-16 units; `end` is exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface Token extends Place {
  /** `word`: a name or keyword; `quoted`: a name in backticks; `period`: a number with a unit of time. */
  readonly kind: 'word' | 'quoted' | 'number' | 'period' | 'string' | 'symbol' | 'end';
  /** As it is written, or without quotes and escapes for strings and quoted names. */
  readonly text: string;
}

/** Thrown inside the parser and the planner, caught at the door: never leaves this folder. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** The failure as the contract tells it. */
export function locate(text: string, failure: QueryFailure): QuerySyntaxError {
  const { start, end } = failure.place;
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  const column = start - before.lastIndexOf('\n');
  const message = `${failure.message} at line ${line} and position ${column}`;
  return { message, offset: start, endOffset: Math.max(end, start), line, column };
}
