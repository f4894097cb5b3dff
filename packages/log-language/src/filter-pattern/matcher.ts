// What each kind of pattern brings: a fast search for candidates, and the test that decides.
import {
  AnyCursor,
  type EventCursor,
  type EventSpan,
  everyEvent,
  type Needle,
  NeedleCursor,
} from './event-cursor.ts';

export interface Matcher {
  /** Cursor over all events of the span that match, and perhaps others. */
  candidates(span: EventSpan): EventCursor;
  /** True when every candidate matches. */
  readonly exact: boolean;
  /** True when a message, UTF-8, matches. */
  test(message: Buffer): boolean;
  /** Named values of a message that matches. */
  extract(message: string): Readonly<Record<string, string>>;
}

/** What must be part of a matching message. */
export interface Needles {
  /** One of these at least. */
  readonly anyOf: readonly Needle[];
  /** True for values, false for names: most events share their names. */
  readonly specific: boolean;
}

/** Beyond so many searches at a time it is cheaper to look at each event. */
export const NEEDLES_MAX = 32;

export function needles(needle: Needle, specific: boolean): Needles {
  return { anyOf: [needle], specific };
}

export function cursorOver(span: EventSpan, known: Needles | undefined): EventCursor {
  if (!known || known.anyOf.length > NEEDLES_MAX) return everyEvent;
  const cursors = known.anyOf.map((needle) => new NeedleCursor(span, needle));
  const [only] = cursors;
  return only && cursors.length === 1 ? only : new AnyCursor(span, cursors);
}

/** When both must be found: the ones that fewer events hold, by the look of them. */
export function rarer(left: Needles | undefined, right: Needles | undefined): Needles | undefined {
  if (!left || !right) return left ?? right;
  if (left.specific !== right.specific) return left.specific ? left : right;
  if (left.anyOf.length !== right.anyOf.length) return left.anyOf.length < right.anyOf.length ? left : right;
  return shortest(left) >= shortest(right) ? left : right;
}

/** When one of both must be found. */
export function either(left: Needles | undefined, right: Needles | undefined): Needles | undefined {
  if (!left || !right) return undefined;
  return { anyOf: [...left.anyOf, ...right.anyOf], specific: left.specific && right.specific };
}

function shortest({ anyOf }: Needles): number {
  return Math.min(...anyOf.map(({ bytes }) => bytes.length));
}
