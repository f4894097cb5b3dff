// The log store as a list in memory: what the real one must look like from outside, whatever its files do.
import type { NewEvent, Place, ReadRequest, StoredEvent, StreamFacts } from '../src/contract.ts';

export class GroupModel {
  events: StoredEvent[] = [];
  next = 0;

  append(stream: string, events: readonly NewEvent[], ingestedMs: number): number {
    const first = this.next;
    for (const { timestampMs, message } of events) {
      const text = typeof message === 'string' ? message : Buffer.from(message).toString('utf8');
      this.events.push({ timestampMs, ingestedMs, stream, message: text, sequence: this.next++ });
    }
    return first;
  }

  expire(beforeMs: number): void {
    this.events = this.events.filter((event) => event.timestampMs >= beforeMs);
  }

  deleteStream(stream: string): void {
    this.events = this.events.filter((event) => event.stream !== stream);
  }

  /** All that a request asks for, without its limits. */
  read(request: Omit<ReadRequest, 'group' | 'limitEvents' | 'limitBytes'>): StoredEvent[] {
    const sign = request.direction === 'forward' ? 1 : -1;
    return this.events
      .filter(({ timestampMs }) => timestampMs >= request.fromMs && timestampMs < request.toMs)
      .filter(({ stream }) => !request.streams || request.streams.includes(stream))
      .filter(({ stream }) => request.streamPrefix === undefined || stream.startsWith(request.streamPrefix))
      .sort((left, right) => sign * compare(left, right))
      .filter((event) => !request.after || sign * compare(event, request.after) > 0);
  }

  stream(name: string): StreamFacts | undefined {
    const events = this.events.filter(({ stream }) => stream === name);
    if (events.length === 0) return undefined;
    const times = events.map(({ timestampMs }) => timestampMs);
    return {
      name,
      firstEventMs: Math.min(...times),
      lastEventMs: Math.max(...times),
      lastIngestedMs: Math.max(...events.map(({ ingestedMs }) => ingestedMs)),
      events: events.length,
    };
  }

  storedBytes(): number {
    return this.events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
  }
}

function compare(left: Place, right: Place): number {
  return left.timestampMs - right.timestampMs || left.sequence - right.sequence;
}
