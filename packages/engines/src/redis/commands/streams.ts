// Streams: https://redis.io/docs/latest/commands/?group=stream
import { type Answer, Wait } from '../answer.ts';
import { command, type Command, oneKey } from '../command.ts';
import { countOf, integerOf } from '../data/numbers.ts';
import {
  compareIds,
  FIRST_ID,
  formatId,
  LAST_ID,
  MAX_PART,
  nextId,
  type StreamEntry,
  type StreamId,
  streamIdOf,
  type StreamValue,
} from '../data/stream.ts';
import { faults, NO_ARRAY, OK, Pairs, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { type Trim, trimOf, trimStream } from './stream-trims.ts';

const read = { topic: 'stream', flags: 'readonly', keys: oneKey } as const;
const write = { topic: 'stream', flags: 'write denyoom fast', keys: oneKey } as const;

export function entryReply({ id, fields }: StreamEntry): Reply {
  return [formatId(id), fields];
}

interface Addition {
  readonly onlyIfThere: boolean;
  readonly trim: Trim | undefined;
  readonly id: string;
  readonly fields: readonly string[];
}

function additionOf(args: readonly string[]): Addition {
  let onlyIfThere = false;
  let trim: Trim | undefined;
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at]?.toLowerCase();
    if (word === 'nomkstream') onlyIfThere = true;
    else if (word === 'maxlen' || word === 'minid') {
      const parsed = trimOf(args.slice(at));
      trim = parsed.trim;
      at += parsed.used - 1;
    } else break;
  }
  const [id = '', ...fields] = args.slice(at);
  if (fields.length === 0 || fields.length % 2 !== 0) throw faults.arity('xadd');
  return { onlyIfThere, trim, id, fields };
}

function idFor(stream: StreamValue | undefined, text: string, nowMs: number): StreamId {
  const last = stream?.lastId ?? FIRST_ID;
  if (text === '*') return nowMs > last.ms ? { ms: nowMs, seq: 0 } : nextId(last);
  const open = /^(\d{1,16})-\*$/.exec(text);
  if (open) {
    const ms = Number(open[1]);
    if (ms === last.ms) return nextId(last);
    return assertAfter({ ms, seq: 0 }, last);
  }
  const id = streamIdOf(text, 0);
  if (compareIds(id, FIRST_ID) === 0) throw faults.error('The ID specified in XADD must be greater than 0-0');
  return assertAfter(id, last);
}

function assertAfter(id: StreamId, last: StreamId): StreamId {
  if (compareIds(id, last) > 0) return id;
  throw faults.error('The ID specified in XADD is equal or smaller than the target stream top item');
}

function add({ space }: Session, [key = '', ...rest]: string[]): Reply {
  const { onlyIfThere, trim, id: text, fields } = additionOf(rest);
  const known = space.stream(key);
  if (!known && onlyIfThere) return null;
  const id = idFor(known, text, space.nowMs());
  const stream = known ?? space.streamToWrite(key);
  stream.add({ id, fields });
  if (trim) trimStream(stream, trim);
  space.changed(key);
  return formatId(id);
}

/** An end of a range; `(` leaves the id itself out. */
export function rangeEnd(text: string | undefined, isEnd: boolean): StreamId {
  if (text === '-') return FIRST_ID;
  if (text === '+') return LAST_ID;
  const excluded = text?.startsWith('(') === true;
  const id = streamIdOf((excluded ? text?.slice(1) : text) ?? '', isEnd ? MAX_PART : 0);
  if (!excluded) return id;
  if (!isEnd) return nextId(id);
  if (compareIds(id, FIRST_ID) === 0) throw faults.error('invalid end ID for the interval');
  return id.seq > 0 ? { ms: id.ms, seq: id.seq - 1 } : { ms: id.ms - 1, seq: MAX_PART };
}

function range(name: string, reversed: boolean): Command {
  return command(name, -4, read, ({ space }, [key = '', first, second, word, amount, ...extra]) => {
    const [from, to] = reversed ? [second, first] : [first, second];
    const [start, end] = [rangeEnd(from, false), rangeEnd(to, true)];
    if ((word !== undefined && word.toLowerCase() !== 'count') || extra.length > 0) throw faults.syntax();
    const count = word === undefined ? Infinity : Math.max(0, integerOf(amount));
    const stream = space.stream(key);
    const entries = reversed ? stream?.reverseRange(start, end, count) : stream?.range(start, end, count);
    return entries?.map(entryReply) ?? [];
  });
}

export interface StreamReading {
  readonly count: number;
  readonly blockMs: number | undefined;
  readonly noAck: boolean;
  readonly keys: readonly string[];
  readonly ids: readonly string[];
}

/** `[COUNT n] [BLOCK ms] [NOACK] STREAMS key… id…`. */
export function streamReadingOf(args: readonly string[]): StreamReading {
  let [count, noAck]: [number, boolean] = [Infinity, false];
  let blockMs: number | undefined;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]?.toLowerCase();
    if (word === 'count') count = Math.max(1, integerOf(args[++at]));
    else if (word === 'block') blockMs = countOf(args[++at], 'timeout is negative');
    else if (word === 'noack') noAck = true;
    else if (word === 'streams') {
      const rest = args.slice(at + 1);
      if (rest.length === 0 || rest.length % 2 !== 0) break;
      const half = rest.length / 2;
      return { count, blockMs, noAck, keys: rest.slice(0, half), ids: rest.slice(half) };
    } else throw faults.syntax();
  }
  throw faults.error(
    "Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.",
  );
}

/** Keys with their entries: a map in RESP3, pairs in RESP2. */
export function streamsReply({ version }: Session, found: readonly (readonly [string, Reply])[]): Reply {
  return version === 3 ? new Pairs(found) : found;
}

export function keysOfReading(args: readonly string[]): readonly string[] {
  const at = args.findIndex((word) => word.toLowerCase() === 'streams');
  const rest = at < 0 ? [] : args.slice(at + 1);
  return rest.slice(0, Math.floor(rest.length / 2));
}

function readStreams(session: Session, args: string[]): Answer {
  const { count, blockMs, keys, ids } = streamReadingOf(args);
  const { space } = session;
  const starts = keys.map((key, at): StreamId => {
    const text = ids[at] ?? '';
    if (text === '$') return space.stream(key)?.lastId ?? FIRST_ID;
    return streamIdOf(text, 0);
  });
  const attempt = () => {
    const found = keys.flatMap((key, at) => {
      const entries = space.stream(key)?.range(nextId(starts[at] ?? FIRST_ID), LAST_ID, count) ?? [];
      return entries.length > 0 ? [[key, entries.map(entryReply)] as const] : [];
    });
    return found.length > 0 ? streamsReply(session, found) : undefined;
  };
  const now = attempt();
  if (now !== undefined || blockMs === undefined) return now ?? NO_ARRAY;
  return new Wait(keys, { timeoutMs: blockMs, onTimeout: NO_ARRAY }, attempt);
}

function remove({ space }: Session, [key = '', ...ids]: string[]): Reply {
  const parsed = ids.map((id) => streamIdOf(id, 0));
  const stream = space.stream(key);
  const gone = parsed.filter((id) => stream?.delete(id) === true).length;
  if (gone > 0) space.changed(key);
  return gone;
}

function trim({ space }: Session, [key = '', ...rest]: string[]): Reply {
  const parsed = trimOf(rest);
  if (parsed.used !== rest.length) throw faults.syntax();
  const stream = space.stream(key);
  const gone = stream ? trimStream(stream, parsed.trim) : 0;
  if (gone > 0) space.changed(key);
  return gone;
}

function setId({ space }: Session, [key = '', text = '', ...options]: string[]): Reply {
  const stream = space.stream(key);
  if (!stream) throw faults.noSuchKey();
  const id = streamIdOf(text, 0);
  if (stream.last && compareIds(id, stream.last.id) < 0) {
    throw faults.error('The ID specified in XSETID is smaller than the target stream top item');
  }
  for (let at = 0; at < options.length; at += 2) {
    const word = options[at]?.toLowerCase();
    if (word === 'entriesadded') stream.entriesAdded = countOf(options[at + 1]);
    else if (word === 'maxdeletedid') stream.maxDeletedId = streamIdOf(options[at + 1] ?? '', 0);
    else throw faults.syntax();
  }
  stream.lastId = id;
  space.changed(key);
  return OK;
}

export const streamCommands: readonly Command[] = [
  command('xadd', -5, write, add),
  command(
    'xlen',
    2,
    { ...read, flags: 'readonly fast' },
    ({ space }, [key = '']) => space.stream(key)?.size ?? 0,
  ),
  range('xrange', false),
  range('xrevrange', true),
  command('xread', -4, { topic: 'stream', flags: 'readonly blocking', findKeys: keysOfReading }, readStreams),
  command('xdel', -3, { ...write, flags: 'write fast' }, remove),
  command('xtrim', -4, { ...write, flags: 'write' }, trim),
  command('xsetid', -3, write, setId),
];
