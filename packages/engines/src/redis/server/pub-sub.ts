// Channels, patterns and who listens to them: one for all nodes of a cache.
import { globMatcher } from '../data/glob.ts';

interface Pattern<S> {
  readonly matches: (channel: string) => boolean;
  readonly listeners: Set<S>;
}

/** `deliver` sends a message to a listener; `pattern` is the one it was found by. */
export interface Delivery<S> {
  (listener: S, channel: string, message: string, pattern?: string): void;
}

export class PubSub<S> {
  readonly #channels = new Map<string, Set<S>>();
  readonly #shardChannels = new Map<string, Set<S>>();
  readonly #patterns = new Map<string, Pattern<S>>();

  subscribe(listener: S, channel: string): void {
    addTo(this.#channels, channel, listener);
  }

  unsubscribe(listener: S, channel: string): void {
    dropFrom(this.#channels, channel, listener);
  }

  subscribeShard(listener: S, channel: string): void {
    addTo(this.#shardChannels, channel, listener);
  }

  unsubscribeShard(listener: S, channel: string): void {
    dropFrom(this.#shardChannels, channel, listener);
  }

  subscribePattern(listener: S, pattern: string): void {
    const known = this.#patterns.get(pattern);
    if (known) known.listeners.add(listener);
    else this.#patterns.set(pattern, { matches: globMatcher(pattern), listeners: new Set([listener]) });
  }

  unsubscribePattern(listener: S, pattern: string): void {
    const known = this.#patterns.get(pattern);
    if (known?.listeners.delete(listener) && known.listeners.size === 0) this.#patterns.delete(pattern);
  }

  /** Returns how many got it. */
  publish(channel: string, message: string, deliver: Delivery<S>): number {
    let count = 0;
    for (const listener of this.#channels.get(channel) ?? []) {
      deliver(listener, channel, message);
      count++;
    }
    for (const [pattern, { matches, listeners }] of this.#patterns) {
      if (!matches(channel)) continue;
      for (const listener of listeners) deliver(listener, channel, message, pattern);
      count += listeners.size;
    }
    return count;
  }

  publishShard(channel: string, message: string, deliver: Delivery<S>): number {
    const listeners = this.#shardChannels.get(channel);
    for (const listener of listeners ?? []) deliver(listener, channel, message);
    return listeners?.size ?? 0;
  }

  channels(kind: 'channel' | 'shard'): string[] {
    return [...(kind === 'shard' ? this.#shardChannels : this.#channels).keys()];
  }

  listenersOf(kind: 'channel' | 'shard', channel: string): number {
    return (kind === 'shard' ? this.#shardChannels : this.#channels).get(channel)?.size ?? 0;
  }

  get patternCount(): number {
    return this.#patterns.size;
  }
}

function addTo<S>(map: Map<string, Set<S>>, name: string, listener: S): void {
  const set = map.get(name);
  if (set) set.add(listener);
  else map.set(name, new Set([listener]));
}

function dropFrom<S>(map: Map<string, Set<S>>, name: string, listener: S): void {
  const set = map.get(name);
  if (set?.delete(listener) && set.size === 0) map.delete(name);
}
