// Consumer groups of streams.
import { type Answer, Wait } from '../answer.ts';
import { command, type Command, container } from '../command.ts';
import { countOf, integerOf } from '../data/numbers.ts';
import {
  compareIds,
  type Consumer,
  type ConsumerGroup,
  FIRST_ID,
  formatId,
  LAST_ID,
  nextId,
  type PendingEntry,
  type StreamEntry,
  type StreamId,
  streamIdOf,
  type StreamValue,
} from '../data/stream.ts';
import { faults, NO_ARRAY, OK, RedisFault, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { entryReply, keysOfReading, rangeEnd, streamReadingOf, streamsReply } from './streams.ts';

const write = { topic: 'stream', flags: 'write', keys: [0, 0, 1] } as const;
const inner = { topic: 'stream', flags: 'write denyoom', keys: [1, 1, 1] } as const;

function noGroup(key: string, group: string): RedisFault {
  return new RedisFault(`NOGROUP No such key '${key}' or consumer group '${group}'`);
}

export function findGroup({ space }: Session, key: string, name: string): [StreamValue, ConsumerGroup] {
  const stream = space.stream(key);
  const group = stream?.groups.get(name);
  if (!stream || !group) throw noGroup(key, name);
  return [stream, group];
}

export function consumerOf(group: ConsumerGroup, name: string, nowMs: number): Consumer {
  const known = group.consumers.get(name);
  if (known) {
    known.seenMs = nowMs;
    return known;
  }
  const made = { name, seenMs: nowMs, activeMs: -1 };
  group.consumers.set(name, made);
  return made;
}

function groupStart(stream: StreamValue, text = ''): StreamId {
  return text === '$' ? stream.lastId : streamIdOf(text, 0);
}

function needKey({ space }: Session, key: string): StreamValue {
  const stream = space.stream(key);
  if (stream) return stream;
  throw faults.error(
    'The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option ' +
      'to create an empty stream automatically.',
  );
}

function create(session: Session, [, key = '', name = '', start = '', ...options]: string[]): Reply {
  const words = options.map((word) => word.toLowerCase());
  const known = words.includes('mkstream') ? session.space.stream(key) : needKey(session, key);
  // All is read before the stream is made: a bad id must leave nothing behind.
  const lastId = start === '$' ? (known?.lastId ?? FIRST_ID) : streamIdOf(start, 0);
  const read = words.indexOf('entriesread');
  const entriesRead = read < 0 ? null : integerOf(options[read + 1]);
  if (known?.groups.has(name)) throw new RedisFault('BUSYGROUP Consumer Group name already exists');
  const stream = known ?? session.space.streamToWrite(key);
  stream.groups.set(name, { name, lastId, entriesRead, pending: new Map(), consumers: new Map() });
  session.space.changed(key);
  return OK;
}

function deleteConsumer(session: Session, [, key = '', name = '', consumer = '']: string[]): Reply {
  needKey(session, key);
  const [, group] = findGroup(session, key, name);
  let count = 0;
  for (const [id, entry] of group.pending) {
    if (entry.consumer === consumer && group.pending.delete(id)) count++;
  }
  group.consumers.delete(consumer);
  session.space.changed(key);
  return count;
}

const groupCommand = container('xgroup', { topic: 'stream' }, [
  command('xgroup|create', -5, inner, create),
  command('xgroup|setid', -5, inner, (session, [, key = '', name = '', start]) => {
    const stream = needKey(session, key);
    const [, group] = findGroup(session, key, name);
    group.lastId = groupStart(stream, start);
    session.space.changed(key);
    return OK;
  }),
  command('xgroup|destroy', 4, inner, (session, [, key = '', name = '']) => {
    const gone = needKey(session, key).groups.delete(name);
    if (gone) session.space.changed(key);
    return gone ? 1 : 0;
  }),
  command('xgroup|createconsumer', 5, inner, (session, [, key = '', name = '', consumer = '']) => {
    needKey(session, key);
    const [, group] = findGroup(session, key, name);
    if (group.consumers.has(consumer)) return 0;
    consumerOf(group, consumer, session.space.nowMs());
    session.space.changed(key);
    return 1;
  }),
  command('xgroup|delconsumer', 5, inner, deleteConsumer),
]);

interface Reader {
  readonly group: string;
  readonly consumer: string;
  readonly count: number;
  readonly noAck: boolean;
}

/** New entries for a consumer. */
function readNew(session: Session, key: string, reader: Reader): StreamEntry[] {
  const [stream, group] = findGroup(session, key, reader.group);
  const nowMs = session.space.nowMs();
  const consumer = consumerOf(group, reader.consumer, nowMs);
  const entries = stream.range(nextId(group.lastId), LAST_ID, reader.count);
  const last = entries.at(-1);
  if (!last) return [];
  group.lastId = last.id;
  group.entriesRead = (group.entriesRead ?? 0) + entries.length;
  consumer.activeMs = nowMs;
  if (!reader.noAck) {
    for (const { id } of entries) {
      group.pending.set(formatId(id), { id, consumer: consumer.name, deliveredMs: nowMs, count: 1 });
    }
  }
  session.space.changed(key);
  return entries;
}

/** What a consumer was given before and has not acknowledged. */
function readOwn(session: Session, key: string, reader: Reader & { readonly after: StreamId }): Reply[] {
  const [stream, group] = findGroup(session, key, reader.group);
  consumerOf(group, reader.consumer, session.space.nowMs());
  return pendingInOrder(group)
    .filter(({ id, consumer }) => consumer === reader.consumer && compareIds(id, reader.after) > 0)
    .slice(0, reader.count)
    .map(({ id }) => {
      const entry = stream.find(id);
      return entry ? entryReply(entry) : [formatId(id), NO_ARRAY];
    });
}

export function pendingInOrder(group: ConsumerGroup): PendingEntry[] {
  return [...group.pending.values()].sort((a, b) => compareIds(a.id, b.id));
}

function readGroup(session: Session, [word, group = '', consumer = '', ...rest]: string[]): Answer {
  if (word?.toLowerCase() !== 'group') throw faults.syntax();
  const { keys, ids, count, noAck, blockMs } = streamReadingOf(rest);
  for (const key of keys) findGroup(session, key, group);
  const reader = { group, consumer, count, noAck };
  const attempt = () => {
    const found = keys.flatMap((key, at): (readonly [string, Reply])[] => {
      const id = ids[at] ?? '';
      if (id !== '>') return [[key, readOwn(session, key, { ...reader, after: streamIdOf(id, 0) })]];
      const entries = readNew(session, key, reader);
      return entries.length > 0 ? [[key, entries.map(entryReply)]] : [];
    });
    return found.length > 0 ? streamsReply(session, found) : undefined;
  };
  const now = attempt();
  if (now !== undefined || blockMs === undefined) return now ?? NO_ARRAY;
  return new Wait(keys, { timeoutMs: blockMs, onTimeout: NO_ARRAY }, attempt);
}

function acknowledge({ space }: Session, [key = '', name = '', ...ids]: string[]): Reply {
  const parsed = ids.map((id) => formatId(streamIdOf(id, 0)));
  const group = space.stream(key)?.groups.get(name);
  const gone = parsed.filter((id) => group?.pending.delete(id) === true).length;
  if (gone > 0) space.changed(key);
  return gone;
}

function pending(session: Session, [key = '', name = '', ...rest]: string[]): Reply {
  const [, group] = findGroup(session, key, name);
  const all = pendingInOrder(group);
  if (rest.length === 0) return pendingSummary(all);
  const idle = rest[0]?.toLowerCase() === 'idle' ? countOf(rest[1]) : 0;
  const [from, to, amount, consumer] = rest[0]?.toLowerCase() === 'idle' ? rest.slice(2) : rest;
  const [start, end, count] = [rangeEnd(from, false), rangeEnd(to, true), Math.max(0, integerOf(amount))];
  const nowMs = session.space.nowMs();
  return all
    .filter((entry) => compareIds(entry.id, start) >= 0 && compareIds(entry.id, end) <= 0)
    .filter((entry) => nowMs - entry.deliveredMs >= idle)
    .filter((entry) => consumer === undefined || entry.consumer === consumer)
    .slice(0, count)
    .map((entry) => [formatId(entry.id), entry.consumer, nowMs - entry.deliveredMs, entry.count]);
}

function pendingSummary(all: readonly PendingEntry[]): Reply {
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return [0, null, null, NO_ARRAY];
  const counts = new Map<string, number>();
  for (const { consumer } of all) counts.set(consumer, (counts.get(consumer) ?? 0) + 1);
  const consumers = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => [name, String(count)]);
  return [all.length, formatId(first.id), formatId(last.id), consumers];
}

export const streamGroupCommands: readonly Command[] = [
  groupCommand,
  command('xreadgroup', -7, { topic: 'stream', flags: 'write blocking', findKeys: keysOfReading }, readGroup),
  command('xack', -4, { ...write, flags: 'write fast' }, acknowledge),
  command('xpending', -3, { ...write, flags: 'readonly' }, pending),
];
