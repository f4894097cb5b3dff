// What a subscription filter writes into a bucket: the messages that AWS sends to its destinations, as gzip objects.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FilterPattern } from '@pergola/log-language';
import type { StoredEvent } from '@pergola/log-store';
import { eventIdOf } from '../event-id.ts';
import type { LogGroup } from '../state.ts';

export interface DeliveredObject {
  readonly key: string;
  readonly body: Buffer;
}

export interface Subscribed {
  readonly group: LogGroup;
  readonly filterName: string;
  readonly pattern: FilterPattern;
  /** Of the keys: empty, or ends with `/`. */
  readonly prefix: string;
}

const compress = promisify(gzip);
const SEQUENCE_DIGITS = 16;
const NAME_CHARS_MAX = 48;
const OWNER_CHARS = 10;

/** The matching events of one stream. The same events always make the same object under the same key. */
export async function dataObject(
  subscribed: Subscribed,
  events: readonly [StoredEvent, ...StoredEvent[]],
): Promise<DeliveredObject> {
  const { group, filterName, pattern } = subscribed;
  const [first] = events;
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: group.account,
    logGroup: group.name,
    logStream: first.stream,
    subscriptionFilters: [filterName],
    logEvents: events.map((event) => ({
      id: eventIdOf(event),
      timestamp: event.timestampMs,
      message: event.message,
      ...extractedFields(pattern, event.message),
    })),
  };
  const sequence = String(first.sequence).padStart(SEQUENCE_DIGITS, '0');
  return objectOf(subscribed, message, { atMs: first.ingestedMs, name: sequence });
}

/** What shows at once that a destination can be written to. */
export function controlObject(subscribed: Subscribed, nowMs: number): Promise<DeliveredObject> {
  const message = {
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [
      {
        id: '',
        timestamp: nowMs,
        message: 'CWL CONTROL MESSAGE: Checking health of destination S3 bucket.',
      },
    ],
  };
  return objectOf(subscribed, message, { atMs: nowMs, name: `control-${nowMs}` });
}

async function objectOf(
  { group, filterName, prefix }: Subscribed,
  message: object,
  { atMs, name }: { readonly atMs: number; readonly name: string },
): Promise<DeliveredObject> {
  const hour = new Date(atMs).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
  const folder = `${prefix}${group.name.replaceAll('/', '.')}/${hour}`;
  // Other groups may have a name that reads alike: in another account or region, or one that has been deleted.
  const owner = group.key.slice(0, OWNER_CHARS);
  return {
    key: `${folder}/${keyPart(filterName)}-${owner}-${name}.gz`,
    body: await compress(JSON.stringify(message)),
  };
}

/** A filter's name where it is fit for a key, else as much of it as is, and what tells it from others. */
function keyPart(name: string): string {
  const fit = name.replaceAll(/[^\w.-]/g, '-').slice(0, NAME_CHARS_MAX);
  return fit === name ? name : `${fit}-${hash('sha256', name, 'hex').slice(0, 8)}`;
}

/** The columns that a pattern for columns names, as AWS adds them. */
function extractedFields(pattern: FilterPattern, message: string): { readonly extractedFields?: object } {
  if (!pattern.source.startsWith('[')) return {};
  const columns = Object.entries(pattern.extract(message) ?? {});
  return { extractedFields: Object.fromEntries(columns.map(([name, value]) => [name.slice(1), value])) };
}
