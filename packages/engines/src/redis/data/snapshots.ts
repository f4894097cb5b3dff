// A dataset as lines of text and back: one line for each key, in JSON whose characters are bytes.
import { HashValue, ListValue, SetValue } from './collections.ts';
import type { Dataset } from './dataset.ts';
import type { Value } from './keyspace.ts';
import { SortedSet } from './sorted-set.ts';
import { formatId, streamIdOf, StreamValue } from './stream.ts';

/** Database, key, expiry in milliseconds (0: never), kind, and what the kind needs. */
type Line = readonly [number, string, number, string, unknown];

interface StreamData {
  readonly entries: readonly (readonly [string, readonly string[]])[];
  readonly lastId: string;
  readonly maxDeletedId: string;
  readonly added: number;
  readonly groups: readonly {
    readonly name: string;
    readonly lastId: string;
    readonly read: number | null;
    readonly pending: readonly (readonly [string, string, number, number])[];
    readonly consumers: readonly (readonly [string, number, number])[];
  }[];
}

export function* linesOf(dataset: Dataset): Generator<string> {
  for (const space of dataset.spaces()) {
    const nowMs = space.nowMs();
    for (const { key, value: entry } of space.entries.nodes()) {
      if (entry.expiresMs <= nowMs) continue;
      const expires = entry.expiresMs === Infinity ? 0 : entry.expiresMs;
      const [kind, data] = dataOf(entry.value);
      yield JSON.stringify([space.index, key, expires, kind, data] satisfies Line);
    }
  }
}

function dataOf(value: Value): readonly [string, unknown] {
  if (typeof value === 'string') return ['string', value];
  if (value instanceof ListValue) return ['list', value.items.slice(0, value.size)];
  if (value instanceof SetValue) return ['set', [...value.members.keys()]];
  if (value instanceof HashValue)
    return ['hash', [...value.fields.nodes()].map((node) => [node.key, node.value])];
  if (value instanceof SortedSet)
    return ['zset', value.all().map(({ member, score }) => [member, String(score)])];
  return ['stream', streamData(value)];
}

function streamData(stream: StreamValue): StreamData {
  return {
    entries: stream.entries().map(({ id, fields }) => [formatId(id), fields] as const),
    lastId: formatId(stream.lastId),
    maxDeletedId: formatId(stream.maxDeletedId),
    added: stream.entriesAdded,
    groups: [...stream.groups.values()].map((group) => ({
      name: group.name,
      lastId: formatId(group.lastId),
      read: group.entriesRead,
      pending: [...group.pending.values()].map(
        ({ id, consumer, deliveredMs, count }) => [formatId(id), consumer, deliveredMs, count] as const,
      ),
      consumers: [...group.consumers.values()].map(
        ({ name, seenMs, activeMs }) => [name, seenMs, activeMs] as const,
      ),
    })),
  };
}

/** Puts the key of a line into the dataset that `choose` names for it. What has expired is left out. */
export function loadLine(text: string, choose: (key: string) => Dataset): void {
  const [index, key, expires, kind, data] = JSON.parse(text) as Line;
  const space = choose(key).space(index);
  if (expires > 0 && expires <= space.nowMs()) return;
  space.set(key, valueOf(kind, data), expires > 0 ? expires : Infinity);
}

function valueOf(kind: string, data: unknown): Value {
  if (kind === 'string') return data as string;
  if (kind === 'list') return new ListValue(data as string[]);
  if (kind === 'set') return new SetValue(data as string[]);
  if (kind === 'stream') return streamOf(data as StreamData);
  const pairs = data as readonly (readonly [string, string])[];
  if (kind === 'hash') {
    const hash = new HashValue();
    for (const [field, value] of pairs) hash.set(field, value);
    return hash;
  }
  if (kind !== 'zset') throw new Error(`a snapshot holds a value of the unknown kind ${kind}`);
  return SortedSet.from(pairs.map(([member, score]) => [member, Number(score)] as const));
}

function streamOf({ entries, lastId, maxDeletedId, added, groups }: StreamData): StreamValue {
  const stream = new StreamValue();
  for (const [id, fields] of entries) stream.add({ id: streamIdOf(id, 0), fields });
  stream.lastId = streamIdOf(lastId, 0);
  stream.maxDeletedId = streamIdOf(maxDeletedId, 0);
  stream.entriesAdded = added;
  for (const group of groups) {
    const pending = group.pending.map(([id, consumer, deliveredMs, count]) => {
      return [id, { id: streamIdOf(id, 0), consumer, deliveredMs, count }] as const;
    });
    const consumers = group.consumers.map(
      ([name, seenMs, activeMs]) => [name, { name, seenMs, activeMs }] as const,
    );
    stream.groups.set(group.name, {
      name: group.name,
      lastId: streamIdOf(group.lastId, 0),
      entriesRead: group.read,
      pending: new Map(pending),
      consumers: new Map(consumers),
    });
  }
  return stream;
}
