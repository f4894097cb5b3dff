// Patterns for any text: `ERROR "exact phrase" -DEBUG`, or `?one ?of ?these`, or a regular expression `%[45]\d\d%`.
import { AllCursor, type EventCursor, type EventSpan, NeedleCursor } from './event-cursor.ts';
import { cursorOver, either, type Matcher, NEEDLES_MAX, type Needles, needles, rarer } from './matcher.ts';
import { invalidCharacters } from './pattern-failure.ts';
import type { PatternText } from './pattern-text.ts';
import { RegexMachine } from './regex-machine.ts';

type Term = Buffer | RegexMachine;

export function readTerms(text: PatternText): Matcher {
  const required: Term[] = [];
  const excluded: Term[] = [];
  const optional: Term[] = [];
  for (text.skipSpaces(); !text.ended; text.skipSpaces()) {
    const list = text.take('-') ? excluded : text.take('?') ? optional : required;
    text.skipSpaces();
    const term = readTerm(text);
    if (term) list.push(term);
  }
  // As AWS documents it: beside other terms, optional ones have no effect.
  const alone = required.length === 0 && excluded.length === 0;
  return new TermMatcher(required, excluded, alone ? optional : []);
}

/** Undefined for a phrase of nothing but spaces, which every event is said to hold. */
function readTerm(text: PatternText): Term | undefined {
  if (text.next === '%') return text.readRegex();
  if (text.next === '"') {
    const phrase = text.readQuoted();
    return phrase.trim() === '' ? undefined : Buffer.from(phrase);
  }
  const word = text.read(/\w+/y);
  if (word !== '') return Buffer.from(word);
  const start = text.at;
  const wrong = text.read(/[^\w\s"%]+/y);
  throw wrong ? invalidCharacters(wrong, start) : text.unexpected('a term');
}

class TermMatcher implements Matcher {
  readonly exact: boolean;
  readonly #required: readonly Term[];
  readonly #excluded: readonly Term[];
  readonly #optional: readonly Term[];

  constructor(required: readonly Term[], excluded: readonly Term[], optional: readonly Term[]) {
    this.#required = required;
    this.#excluded = excluded;
    this.#optional = optional;
    this.exact = [...required, ...excluded, ...optional].every(isPlain) && optional.length <= NEEDLES_MAX;
  }

  candidates(span: EventSpan): EventCursor {
    if (this.#optional.length > 0) return cursorOver(span, this.#optional.map(needlesOf).reduce(either));
    if (!this.exact) return cursorOver(span, this.#required.map(needlesOf).reduce(rarer, undefined));
    const cursorOf = (bytes: Buffer) => new NeedleCursor(span, { bytes });
    const required = this.#required.filter(isPlain).map(cursorOf);
    return new AllCursor(span, required, this.#excluded.filter(isPlain).map(cursorOf));
  }

  test(message: Buffer): boolean {
    const holds = (term: Term) => isIn(term, message);
    if (!this.#required.every(holds) || this.#excluded.some(holds)) return false;
    return this.#optional.length === 0 || this.#optional.some(holds);
  }

  extract(): Readonly<Record<string, string>> {
    return {};
  }
}

function isPlain(term: Term): term is Buffer {
  return !(term instanceof RegexMachine);
}

function needlesOf(term: Term): Needles | undefined {
  const bytes = isPlain(term) ? term : term.needle;
  return bytes && needles({ bytes }, true);
}

function isIn(term: Term, message: Buffer): boolean {
  return isPlain(term) ? message.includes(term) : term.test(message);
}
