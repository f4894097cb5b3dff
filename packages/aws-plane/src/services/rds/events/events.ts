// What has happened to instances, clusters, snapshots and groups: the last 14 days of it, as DescribeEvents tells.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
import type { SourceType } from '@aws-sdk/client-rds';
import type { Reader, Transaction } from '@pergola/store';
import { type Home, tableOf } from '../state.ts';

export interface StoredEvent {
  readonly name: string;
  readonly source: string;
  readonly sourceType: SourceType;
  readonly sourceArn: string;
  readonly message: string;
  readonly categories: readonly string[];
  readonly atMs: number;
}

const table = tableOf<StoredEvent>('event');
const prefixOf = ({ account, region }: Home) => `aws/rds/${table.noun}/${account}/${region}/`;

const DAY_MS = 86_400_000;
export const KEPT_MS = 14 * DAY_MS;
/** So many are kept in one region at most. */
const KEPT_MAX = 1_000;

/** Appends an event, and forgets the oldest where there are too many. */
export function addEvent(tx: Transaction, home: Home, event: Omit<StoredEvent, 'name'>): void {
  const prefix = prefixOf(home);
  const known = tx.list(prefix);
  for (const old of known.slice(0, Math.max(0, known.length + 1 - KEPT_MAX))) tx.delete(old.key);
  const last = known.at(-1)?.key.slice(prefix.length) ?? '';
  // Numbered by time; events of one millisecond one after the other.
  const time = String(event.atMs).padStart(15, '0');
  const number = last.startsWith(time) ? Number(last.slice(16)) + 1 : 0;
  const name = `${time}-${String(number).padStart(6, '0')}`;
  tx.put(prefix + name, JSON.stringify({ ...event, name }));
}

/** From the oldest. */
export function listEvents(reader: Reader, home: Home): StoredEvent[] {
  return reader.list(prefixOf(home)).map(({ value }) => JSON.parse(value) as StoredEvent);
}
