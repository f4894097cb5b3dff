// Reads the events of a PutLogEvents body from its bytes: no string and no object is made for any of them, of which a
// body may hold ten thousand. It knows what is plain and right; anything else, and whatever is wrong, it leaves to the
// reader of all bodies, which knows what to say of it.
import { isUtf8 } from 'node:buffer';
import { EventColumns } from '@pergola/log-store';
import { BodyCursor, chars } from './body-cursor.ts';
import { MessageBytes } from './message-bytes.ts';

/** More are refused. */
const EVENTS_MAX = 10_000;

const EVENTS = Buffer.from('"logEvents"');
const TIMESTAMP = Buffer.from('"timestamp"');
const MESSAGE = Buffer.from('"message"');
/** Stands where the events were, for the reader of what is left: as valid as they are. */
const ONE_EVENT = Buffer.from('[{"timestamp":0,"message":"-"}]');

const HAS_TIMESTAMP = 1;
const HAS_MESSAGE = 2;
const HAS_BOTH = 3;

export interface EventsOfBody {
  readonly events: EventColumns;
  /** The body with one event in place of all: valid where the body is, and wrong where it is wrong. */
  readonly rest: Buffer;
}

/** The events of `body`, with nothing left to find fault with in them; undefined when the body is not plain. */
export function readEvents(body: Buffer): EventsOfBody | undefined {
  if (!isUtf8(body)) return undefined;
  const cursor = new BodyCursor(body);
  if (!findEvents(cursor)) return undefined;
  const before = body.subarray(0, cursor.at);
  const events = new EventsReader(cursor).read();
  if (!events) return undefined;
  const behind = body.subarray(cursor.at);
  // Of two members with the same name the last counts, and escapes may spell any name.
  if (behind.includes(chars.backslash) || behind.includes(EVENTS)) return undefined;
  return { events, rest: Buffer.concat([before, ONE_EVENT, behind]) };
}

/** Goes to where the value of the member `logEvents` begins. */
function findEvents(cursor: BodyCursor): boolean {
  if (!cursor.take(chars.open)) return false;
  for (;;) {
    if (cursor.takeName(EVENTS)) return true;
    if (!cursor.take(chars.quote)) return false;
    cursor.at--;
    cursor.skipString();
    if (!cursor.take(chars.colon)) return false;
    cursor.skipValue();
    if (!cursor.take(chars.comma)) return false;
  }
}

/** Columns while they are filled; a body is read in one go, so one set serves all. */
const timestamps = new Float64Array(EVENTS_MAX);
const starts = new Uint32Array(EVENTS_MAX + 1);

class EventsReader {
  readonly #cursor: BodyCursor;
  readonly #messages: MessageBytes;

  constructor(cursor: BodyCursor) {
    this.#cursor = cursor;
    this.#messages = new MessageBytes(cursor.bytes.length - cursor.at);
  }

  read(): EventColumns | undefined {
    const cursor = this.#cursor;
    if (!cursor.take(chars.openList)) return undefined;
    let count = 0;
    do {
      if (count === EVENTS_MAX || !this.#event(count)) return undefined;
      count++;
      starts[count] = this.#messages.end;
    } while (cursor.take(chars.comma));
    if (!cursor.take(chars.closeList)) return undefined;
    return new EventColumns({
      timestampsMs: timestamps.slice(0, count),
      starts: starts.slice(0, count + 1),
      bytes: this.#messages.bytes,
    });
  }

  /** Both members in any order, each once, and no other. */
  #event(index: number): boolean {
    const cursor = this.#cursor;
    if (!cursor.take(chars.open)) return false;
    let seen = 0;
    do {
      const member = this.#member(index);
      if (member === 0 || (seen & member) !== 0) return false;
      seen |= member;
    } while (cursor.take(chars.comma));
    return seen === HAS_BOTH && cursor.take(chars.close);
  }

  /** Which member it was; 0 for none that is right. */
  #member(index: number): number {
    const cursor = this.#cursor;
    if (cursor.takeName(TIMESTAMP)) {
      const timestampMs = cursor.number();
      if (timestampMs === undefined) return 0;
      timestamps[index] = timestampMs;
      return HAS_TIMESTAMP;
    }
    if (!cursor.takeName(MESSAGE) || !cursor.take(chars.quote)) return 0;
    return this.#messages.take(cursor) ? HAS_MESSAGE : 0;
  }
}
