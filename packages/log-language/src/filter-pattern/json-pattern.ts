// Patterns for JSON events: `{ $.status >= 500 && $.user.name = "a*" }`.
import { type BooleanTest, fold, leavesOf, passes, readTest } from './boolean-test.ts';
import { type Condition, holdsFor, satisfies } from './condition.ts';
import { AnyCursor, type EventCursor, type EventSpan, everyEvent, NeedleCursor } from './event-cursor.ts';
import { type JsonLeaf, readJsonLeaf } from './json-leaf.ts';
import { leafNeedles, unicodeEscape } from './json-needles.ts';
import { scalarText } from './json-number.ts';
import { anything, reaches, type ValuePath } from './json-selector.ts';
import { cursorOver, either, type Matcher, type Needles, rarer } from './matcher.ts';
import { invalidPattern } from './pattern-failure.ts';
import type { PatternText } from './pattern-text.ts';

const WILDCARDS_MAX = 3;

/** Reads what stands between the braces, and the closing one. */
export function readJsonPattern(text: PatternText): Matcher {
  const test = readTest(text, () => readJsonLeaf(text));
  text.skipSpaces();
  if (!text.take('}')) throw text.unexpected("'}'");
  const wildcards = leavesOf(test).filter(({ selector }) => selector.steps.includes(anything));
  if (wildcards.length > WILDCARDS_MAX)
    throw invalidPattern(`a pattern holds at most ${WILDCARDS_MAX} wildcard selectors`, 0);
  return new JsonMatcher(test);
}

class JsonMatcher implements Matcher {
  readonly exact = false;
  readonly #test: BooleanTest<JsonLeaf>;
  readonly #needles: Needles | undefined;

  constructor(test: BooleanTest<JsonLeaf>) {
    this.#test = test;
    this.#needles = fold(test, leafNeedles, { and: rarer, or: either });
  }

  candidates(span: EventSpan): EventCursor {
    const cursor = cursorOver(span, this.#needles);
    // Any character may be written as \uXXXX, and then no needle finds it.
    return cursor === everyEvent
      ? cursor
      : new AnyCursor(span, [cursor, new NeedleCursor(span, unicodeEscape)]);
  }

  test(message: Buffer): boolean {
    const document = parseObject(message.toString());
    return document !== undefined && passes(this.#test, (leaf) => holds(leaf, document));
  }

  extract(message: string): Readonly<Record<string, string>> {
    const document = parseObject(message);
    const values: [string, string][] = [];
    if (!document) return {};
    for (const { selector } of leavesOf(this.#test)) {
      reaches(document.root, selector, (value, path) => {
        const shown = textOf(value, path, document);
        if (shown === undefined) return false;
        values.push([selector.source, shown]);
        return true;
      });
    }
    return Object.fromEntries(values);
  }
}

interface JsonDocument {
  readonly text: string;
  readonly root: object;
}

const OBJECT = /^\s*\{[^]*\}\s*$/;

/** Only objects are JSON events. */
function parseObject(text: string): JsonDocument | undefined {
  if (!OBJECT.test(text)) return undefined;
  try {
    return { text, root: JSON.parse(text) as object };
  } catch {
    // Not JSON: the pattern does not fit the format of this event.
    return undefined;
  }
}

function holds(leaf: JsonLeaf, document: JsonDocument): boolean {
  const { kind, selector } = leaf;
  if (kind === 'absent') return !reaches(document.root, selector, () => true);
  if (kind === 'is') return reaches(document.root, selector, (value) => value === leaf.value);
  return reaches(document.root, selector, (value, path) =>
    compares(leaf.condition, value, { path, document }),
  );
}

interface Place {
  readonly path: ValuePath;
  readonly document: JsonDocument;
}

/** Below it a double is as exact as the number's text. */
const SAFE = Number.MAX_SAFE_INTEGER;

/** Only strings and numbers are compared: other values match neither `=` nor `!=`. */
function compares(condition: Condition, value: unknown, { path, document }: Place): boolean {
  if (typeof value === 'string') return satisfies(condition, value);
  if (typeof value !== 'number') return false;
  if (condition.kind === 'number' && condition.double !== undefined && Math.abs(value) < SAFE)
    return holdsFor(condition.operator, value - condition.double);
  return satisfies(condition, scalarText(document.text, path));
}

/** What a metric's value or dimension would be; undefined for what has none. */
function textOf(value: unknown, path: ValuePath, { text }: JsonDocument): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return scalarText(text, path);
  return typeof value === 'boolean' ? String(value) : undefined;
}
