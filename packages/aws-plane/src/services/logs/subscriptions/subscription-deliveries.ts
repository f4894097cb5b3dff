// All subscription filters at work: a worker for each, woken by what is appended to its group.
import { assert } from '@pergola/kernel';
import { parseFilterPattern } from '@pergola/log-language';
import type { LogStore, StoredEvent } from '@pergola/log-store';
import type { PlaneContext } from '../../../plane-context.ts';
import { logsOf } from '../logs-context.ts';
import { allGroups, type LogGroup, refOf } from '../state.ts';
import { type BucketDelivery, putDelivered } from './subscription-bucket.ts';
import { type Destination, parseDestination } from './subscription-destination.ts';
import { type StoredSubscription, subscriptionsOf } from './subscription-filter.ts';
import { copyInto } from './subscription-group.ts';
import { dataObject, type Subscribed } from './subscription-payload.ts';
import { type Deliver, SubscriptionWorker } from './subscription-worker.ts';

export class SubscriptionDeliveries {
  readonly #plane: PlaneContext;
  readonly #events: LogStore;
  /** By the group's key, then by the filter's name. */
  readonly #workers = new Map<string, Map<string, SubscriptionWorker>>();
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(plane: PlaneContext, events: LogStore) {
    this.#plane = plane;
    this.#events = events;
    this.#unsubscribe = events.onAppend(({ group, firstSequence, events: { length } }) => {
      const workers = this.#workers.get(group.key);
      if (workers) for (const worker of workers.values()) worker.appended(firstSequence + length);
    });
  }

  /** Takes up all filters there are, before anything can be appended. */
  async resume(): Promise<void> {
    const { store } = this.#plane;
    for (const group of allGroups(store)) {
      const filters = subscriptionsOf(store, group);
      const head = filters.length > 0 ? await this.#events.nextSequence(refOf(group)) : 0;
      for (const filter of filters) this.start(group, filter, head);
    }
  }

  /** Begins to deliver for a filter, in place of the one of that name. Events before `head` are known to be there. */
  start(group: LogGroup, filter: StoredSubscription, head?: number): void {
    if (this.#closed) return;
    void this.stop(group.key, filter.name);
    const workers = this.#workers.get(group.key) ?? new Map<string, SubscriptionWorker>();
    this.#workers.set(group.key, workers);
    const deliver = this.#deliverOf(group, filter);
    const parts = { plane: this.#plane, events: this.#events, group, filter, deliver, head };
    workers.set(filter.name, new SubscriptionWorker(parts));
  }

  /** Ends the delivery of one filter. Returns the number before which its group's events are known to be there. */
  async stop(groupKey: string, name: string): Promise<number | undefined> {
    const workers = this.#workers.get(groupKey);
    const worker = workers?.get(name);
    workers?.delete(name);
    if (workers?.size === 0) this.#workers.delete(groupKey);
    await worker?.close();
    return worker?.head;
  }

  /** Ends the delivery of all filters of a group. */
  async stopAll(groupKey: string): Promise<void> {
    const names = [...(this.#workers.get(groupKey)?.keys() ?? [])];
    await Promise.all(names.map((name) => this.stop(groupKey, name)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    await Promise.all([...this.#workers.keys()].map((key) => this.stopAll(key)));
  }

  #deliverOf(group: LogGroup, filter: StoredSubscription): Deliver {
    const destination = parseDestination(filter.destinationArn, group);
    if (destination.kind === 'group') return (events) => this.#intoGroup(destination, events);
    const { bucket, prefix } = destination;
    const parsed = parseFilterPattern(filter.pattern);
    assert(parsed.ok, 'the pattern of a filter is checked before it is kept');
    const subscribed: Subscribed = { group, filterName: filter.name, pattern: parsed.value, prefix };
    const delivery: BucketDelivery = { group, bucket, roleArn: filter.roleArn ?? '' };
    return (events) => this.#intoBucket(delivery, subscribed, events);
  }

  async #intoBucket(
    delivery: BucketDelivery,
    subscribed: Subscribed,
    events: readonly StoredEvent[],
  ): Promise<void> {
    const objects = [];
    for (const [first, ...others] of byStream(events)) {
      if (first) objects.push(await dataObject(subscribed, [first, ...others]));
    }
    await putDelivered(this.#plane, delivery, objects);
  }

  async #intoGroup({ at }: Destination & { kind: 'group' }, events: readonly StoredEvent[]): Promise<void> {
    const to = { plane: this.#plane, events: this.#events };
    for (const stretch of byStream(events)) await copyInto(to, at, stretch);
  }
}

function byStream(events: readonly StoredEvent[]): readonly (readonly StoredEvent[])[] {
  const streams = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const stretch = streams.get(event.stream);
    if (stretch) stretch.push(event);
    else streams.set(event.stream, [event]);
  }
  return [...streams.values()];
}

const opened = new WeakMap<PlaneContext, SubscriptionDeliveries>();

/** Starts to deliver; ends with the plane. */
export async function startSubscriptions(plane: PlaneContext): Promise<void> {
  const deliveries = new SubscriptionDeliveries(plane, logsOf(plane).events);
  opened.set(plane, deliveries);
  plane.disposal.defer(() => deliveries.close());
  await deliveries.resume();
}

/** What `startSubscriptions` has opened for `plane`. */
export function deliveriesOf(plane: PlaneContext): SubscriptionDeliveries {
  const deliveries = opened.get(plane);
  assert(deliveries, 'subscription filters have been started');
  return deliveries;
}
