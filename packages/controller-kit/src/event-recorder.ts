// Events for people: what happened to an object and why. Repeated ones count up instead of piling up, after
// client-go's EventCorrelator.
import { type Clock, LruMap, type Logger } from '@pergola/kernel';
import { hasCode, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';

const remembered = 4_096;
const messageLengthMax = 1_024;
/** Per object: so many at once, then one in five minutes. */
const burstMax = 25;
const refillMs = 300_000;
const queuedMax = 1_000;

export interface RecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The `source.component` of the events, e.g. `deployment-controller`. */
  readonly component: string;
}

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase word. */
  readonly reason: string;
  readonly message: string;
}

/** Records events in the background, in order. An event that cannot be written is logged and forgotten. */
export interface EventRecorder {
  record(object: KubeResource, text: EventText): void;
  /** Resolves when all events recorded so far are written or given up. */
  flush(): Promise<void>;
}

interface Seen {
  readonly name: string;
  count: number;
}

/** Events written before, by what makes two of them the same, and a number for names. */
interface Memory {
  readonly seen: LruMap<string, Seen>;
  sequence: number;
}

export function createEventRecorder(options: RecorderOptions): EventRecorder {
  const { clock, logger } = options;
  const memory: Memory = { seen: new LruMap(remembered), sequence: 0 };
  const allowances = new LruMap<string, { tokens: number; atMs: number }>(remembered);
  let queued = 0;
  let tail: Promise<void> = Promise.resolve();

  const permitted = (uid: string): boolean => {
    const nowMs = clock.nowMs();
    const entry = allowances.get(uid) ?? { tokens: burstMax, atMs: nowMs };
    entry.tokens = Math.min(burstMax, entry.tokens + (nowMs - entry.atMs) / refillMs);
    entry.atMs = nowMs;
    allowances.set(uid, entry);
    if (entry.tokens < 1) return false;
    entry.tokens--;
    return true;
  };

  return {
    record(object, text) {
      if (queued >= queuedMax || !permitted(`${object.metadata.uid}`)) return;
      queued++;
      const { namespace = '', name } = object.metadata;
      const { reason, message } = text;
      logger.info(
        { object: `${namespace}/${name}`, kind: object.kind, reason, event: message },
        'Event occurred',
      );
      const nowMs = clock.nowMs();
      tail = tail
        .then(() => write(options, memory, { object, text, nowMs }))
        .catch((error: unknown) => {
          logger.debug({ because: String(error), reason: text.reason }, 'an event could not be recorded');
        })
        .then(() => {
          queued--;
          return undefined;
        });
    },
    flush: () => tail,
  };
}

interface Happening {
  readonly object: KubeResource;
  readonly text: EventText;
  readonly nowMs: number;
}

async function write(
  { client, component }: RecorderOptions,
  memory: Memory,
  { object, text, nowMs }: Happening,
): Promise<void> {
  const { type, reason } = text;
  const message = text.message.slice(0, messageLengthMax);
  const { uid, name, namespace = 'default' } = object.metadata;
  const identity = [uid, type, reason, message].join('\u0000');
  const timestamp = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  const earlier = memory.seen.get(identity);
  if (earlier) {
    earlier.count++;
    const body = { count: earlier.count, lastTimestamp: timestamp };
    try {
      await client.patch(resourceTypes.events, { namespace, name: earlier.name }, { kind: 'merge', body });
      return;
    } catch (error) {
      // Events live for a while only; one that has gone is begun again.
      if (!hasCode(error, 404)) throw error;
    }
  }
  // As client-go names them: the object's name and a time in nanoseconds, here made unique by a count.
  const nanoseconds = BigInt(nowMs) * 1_000_000n + BigInt(memory.sequence++);
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${nanoseconds.toString(16)}`, namespace },
    involvedObject: referenceTo(object),
    reason,
    message,
    type,
    count: 1,
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
  };
  await client.create(resourceTypes.events, event);
  memory.seen.set(identity, { name: event.metadata.name, count: 1 });
}

/** The reference by which events and other objects name `object`. */
export function referenceTo(object: KubeResource): Record<string, string | undefined> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name, uid, resourceVersion };
}
