// Patterns for space-delimited events: `[ip, user, ..., status = 4*, bytes > 100]`.
import { type BooleanTest, fold, passes, readTest } from './boolean-test.ts';
import { Columns } from './columns.ts';
import { type Condition, readCondition, satisfies } from './condition.ts';
import type { EventCursor, EventSpan } from './event-cursor.ts';
import { cursorOver, either, type Matcher, type Needles, needles, rarer } from './matcher.ts';
import { invalidPattern } from './pattern-failure.ts';
import type { PatternText } from './pattern-text.ts';

interface Field {
  /** Empty for a column without a name, which goes by its number. */
  readonly name: string;
  readonly test: BooleanTest<Condition> | undefined;
}

/** The fields before and behind the ellipsis; `tail` is undefined when there is no ellipsis. */
interface Layout {
  readonly head: readonly Field[];
  readonly tail: readonly Field[] | undefined;
}

/** Reads what stands between the brackets, and the closing one. */
export function readColumnPattern(text: PatternText): Matcher {
  const head: Field[] = [];
  let tail: Field[] | undefined;
  text.skipSpaces();
  // Nothing between the brackets stands for any columns.
  if (text.take(']')) return new ColumnMatcher({ head, tail: [] });
  do {
    text.skipSpaces();
    const start = text.at;
    if (!text.take('...')) (tail ?? head).push(readField(text));
    else if (tail) throw invalidPattern("a pattern holds at most one '...'", start);
    else tail = [];
    text.skipSpaces();
  } while (text.take(','));
  if (!text.take(']')) throw text.unexpected("']'");
  return new ColumnMatcher({ head, tail });
}

function readField(text: PatternText): Field {
  const start = text.at;
  const name = text.read(/[\w-]*/y);
  text.skipSpaces();
  if (/[,\]]/.test(text.next)) return { name, test: undefined };
  text.at = start;
  const names = new Set<string>();
  const test = readTest(text, () => readNamedCondition(text, names));
  if (names.size > 1) throw invalidPattern('the conditions of one field must all name that field', start);
  return { name: [...names].join(''), test };
}

function readNamedCondition(text: PatternText, names: Set<string>): Condition {
  const name = text.read(/[\w-]+/y);
  if (name === '') throw text.unexpected('the name of a field');
  names.add(name);
  text.skipSpaces();
  return readCondition(text);
}

class ColumnMatcher implements Matcher {
  readonly exact = false;
  readonly #layout: Layout;
  readonly #needles: Needles | undefined;

  constructor(layout: Layout) {
    this.#layout = layout;
    const fields = [...layout.head, ...(layout.tail ?? [])];
    this.#needles = fields.map(fieldNeedles).reduce(rarer, undefined);
  }

  candidates(span: EventSpan): EventCursor {
    return cursorOver(span, this.#needles);
  }

  test(message: Buffer): boolean {
    return this.#match(message.toString()) !== undefined;
  }

  extract(message: string): Readonly<Record<string, string>> {
    const columns = this.#match(message);
    if (!columns) return {};
    const { head, tail = [] } = this.#layout;
    const behind = columns.count - tail.length;
    const nameAt = (index: number) => (head[index] ?? tail[index - behind])?.name || `${index + 1}`;
    const values = Array.from({ length: columns.count }, (_, index) => columns.value(index));
    return Object.fromEntries(values.map((value, index) => [`$${nameAt(index)}`, value]));
  }

  /** The columns, when they are as the pattern wants them. */
  #match(message: string): Columns | undefined {
    const { head, tail } = this.#layout;
    const columns = new Columns(message, tail ? Infinity : head.length);
    const behind = columns.count - (tail?.length ?? 0);
    if (behind < head.length) return undefined;
    const fits = fit(head, columns, 0) && (!tail || fit(tail, columns, behind));
    return fits ? columns : undefined;
  }
}

/** True when the columns from `start` on pass the tests of the fields. */
function fit(fields: readonly Field[], columns: Columns, start: number): boolean {
  return fields.every(({ test }, index) => {
    if (!test) return true;
    const value = columns.value(start + index);
    return passes(test, (condition) => satisfies(condition, value));
  });
}

function fieldNeedles({ test }: Field): Needles | undefined {
  return test && fold(test, conditionNeedles, { and: rarer, or: either });
}

function conditionNeedles(condition: Condition): Needles | undefined {
  if (condition.operator !== '=' || condition.kind === 'number') return undefined;
  const bytes = condition.kind === 'regex' ? condition.machine.needle : Buffer.from(condition.text);
  return bytes && bytes.length > 0 ? needles({ bytes }, true) : undefined;
}
