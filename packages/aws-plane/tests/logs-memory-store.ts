// A log store in memory, until the real one is there.
import type { LogStore, ReadRequest, StoredEvent, AppendedBatch } from '@pergola/log-store';

export function memoryLogStore(): LogStore {
  const groups = new Map<string, StoredEvent[]>();
  const listeners = new Set<(batch: AppendedBatch) => void>();
  const sequences = new Map<string, number>();
  const of = (key: string) => groups.get(key) ?? [];
  const store: LogStore = {
    async append(group, stream, events, ingestedMs) {
      const first = sequences.get(group.key) ?? 0;
      sequences.set(group.key, first + events.length);
      const all = of(group.key);
      groups.set(group.key, all);
      events.forEach((event, at) =>
        all.push({
          timestampMs: event.timestampMs,
          ingestedMs,
          stream,
          message: typeof event.message === 'string' ? event.message : Buffer.from(event.message).toString(),
          sequence: first + at,
        }),
      );
      for (const listener of listeners) listener({ group, stream, ingestedMs, firstSequence: first, events });
      return { firstSequence: first };
    },
    async read(request: ReadRequest) {
      const order = (a: { timestampMs: number; sequence: number }, b: typeof a) =>
        a.timestampMs - b.timestampMs || a.sequence - b.sequence;
      const sign = request.direction === 'forward' ? 1 : -1;
      const found = of(request.group.key)
        .filter((event) => event.timestampMs >= request.fromMs && event.timestampMs < request.toMs)
        .filter((event) => !request.streams || request.streams.includes(event.stream))
        .filter((event) => event.stream.startsWith(request.streamPrefix ?? ''))
        .filter((event) => !request.pattern || event.message.includes(request.pattern))
        .sort((a, b) => sign * order(a, b))
        .filter((event) => !request.after || sign * order(event, request.after) > 0);
      const events: StoredEvent[] = [];
      let bytes = 0;
      for (const event of found) {
        bytes += Buffer.byteLength(event.message);
        if (events.length === request.limitEvents || (events.length > 0 && bytes > request.limitBytes)) break;
        events.push(event);
      }
      return { events, next: events.length < found.length ? events.at(-1) : undefined };
    },
    event: async (group, sequence) => of(group.key).find((event) => event.sequence === sequence),
    query: async () => Promise.reject(new Error('no queries in memory')),
    async stream(group, name) {
      const events = of(group.key).filter((event) => event.stream === name);
      if (events.length === 0) return undefined;
      const times = events.map((event) => event.timestampMs);
      return {
        name,
        firstEventMs: Math.min(...times),
        lastEventMs: Math.max(...times),
        lastIngestedMs: events.at(-1)?.ingestedMs ?? 0,
        events: events.length,
      };
    },
    storedBytes: async (group) =>
      of(group.key).reduce((sum, event) => sum + Buffer.byteLength(event.message) + 26, 0),
    async deleteStream(group, name) {
      groups.set(
        group.key,
        of(group.key).filter((event) => event.stream !== name),
      );
    },
    async deleteGroup(group) {
      groups.delete(group.key);
    },
    async expire(group, beforeMs) {
      groups.set(
        group.key,
        of(group.key).filter((event) => event.timestampMs >= beforeMs),
      );
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async retainOnly() {},
    async [Symbol.asyncDispose]() {},
  };
  return store;
}
