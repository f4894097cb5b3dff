// Patterns for space-delimited events: `[ip, user, ..., status = 4*, bytes > 100]`.
import { type BooleanTest, fold, passes, readTest } from './boolean-test.ts';
import { columnsOf } from './columns.ts';
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
    return Object.fromEntries(this.#match(message) ?? []);
  }

  /** The columns by name. */
  #match(message: string): readonly (readonly [string, string])[] | undefined {
    const { head, tail } = this.#layout;
    const values = tail ? allColumns(message) : exactColumns(message, head.length);
    const least = head.length + (tail?.length ?? 0);
    if (values.length < least) return undefined;
    const tailStart = values.length - (tail?.length ?? 0);
    const fieldAt = (index: number) => head[index] ?? tail?.[index - tailStart];
    const fits = values.every((value, index) => {
      const test = fieldAt(index)?.test;
      return !test || passes(test, (condition) => satisfies(condition, value));
    });
    if (!fits) return undefined;
    return values.map((value, index) => [`$${fieldAt(index)?.name || index + 1}`, value] as const);
  }
}

function allColumns(message: string): readonly string[] {
  return columnsOf(message, Infinity).map(({ value }) => value);
}

/** The last field takes all that is left, as in `[level, text]`. */
function exactColumns(message: string, count: number): readonly string[] {
  const columns = columnsOf(message, count);
  const last = columns.at(-1);
  const values = columns.map(({ value }) => value);
  const rest = last && columns.length === count ? message.slice(last.end).trim() : '';
  if (!last || rest === '') return values;
  return [...values.slice(0, -1), message.slice(last.start).trimEnd()];
}

function fieldNeedles({ test }: Field): Needles | undefined {
  return test && fold(test, conditionNeedles, { and: rarer, or: either });
}

function conditionNeedles(condition: Condition): Needles | undefined {
  if (condition.operator !== '=' || condition.kind === 'number') return undefined;
  const bytes = condition.kind === 'regex' ? condition.machine.needle : Buffer.from(condition.text);
  return bytes && bytes.length > 0 ? needles({ bytes }, true) : undefined;
}
