// Copies of values, for COPY: nothing is shared with the original.
import { HashValue, ListValue, SetValue } from './collections.ts';
import type { Value } from './keyspace.ts';
import { SortedSet } from './sorted-set.ts';
import { StreamValue } from './stream.ts';

export function copyOf(value: Value): Value {
  if (typeof value === 'string') return value;
  if (value instanceof ListValue) return new ListValue(value.items.slice(0, value.size));
  if (value instanceof SetValue) return new SetValue(value.members.keys());
  if (value instanceof HashValue) return copyOfHash(value);
  if (value instanceof SortedSet) return copyOfSorted(value);
  return copyOfStream(value);
}

function copyOfHash(value: HashValue): HashValue {
  const copy = new HashValue();
  for (const { key, value: text } of value.fields.nodes()) copy.set(key, text);
  return copy;
}

function copyOfSorted(value: SortedSet): SortedSet {
  return SortedSet.from(value.all().map(({ member, score }) => [member, score] as const));
}

function copyOfStream(value: StreamValue): StreamValue {
  const copy = new StreamValue();
  for (const entry of value.entries()) copy.add(entry);
  copy.lastId = value.lastId;
  copy.maxDeletedId = value.maxDeletedId;
  copy.entriesAdded = value.entriesAdded;
  for (const [name, group] of value.groups) {
    const pending = [...group.pending].map(([id, entry]) => [id, { ...entry }] as const);
    const consumers = [...group.consumers].map(([id, consumer]) => [id, { ...consumer }] as const);
    copy.groups.set(name, { ...group, pending: new Map(pending), consumers: new Map(consumers) });
  }
  return copy;
}
