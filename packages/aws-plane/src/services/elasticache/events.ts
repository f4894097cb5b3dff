// What happened to caches and their groups in the last two weeks: DescribeEvents.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ECEvents.Viewing.html
import type { DescribeEventsMessage, EventsMessage, SourceType } from '@aws-sdk/client-elasticache';
import type { Transaction } from '@pergola/store';
import { defineOperation } from '../../operation.ts';
import type { PlaneContext } from '../../plane-context.ts';
import { homeOf, onAccount } from './access.ts';
import { faults } from './faults.ts';
import { pageOf } from './paging.ts';
import type { StoredEvent } from './records.ts';
import { deleteRecord, type Home, listRecords, type Table, writeRecord } from './state.ts';

const events: Table<StoredEvent> = { noun: 'event' };
const KEPT_MS = 14 * 86_400_000;
const KEPT_EVENTS = 1000;
const HOUR_MS = 3_600_000;

const sourceTypes: Readonly<Record<string, string>> = {
  cluster: 'cache-cluster',
  replicationgroup: 'replication-group',
  serverlesscache: 'serverless-cache',
  parametergroup: 'cache-parameter-group',
  subnetgroup: 'cache-subnet-group',
  user: 'user',
  usergroup: 'user-group',
};

/** Notes that something happened to `source`; the oldest of many go. */
export function addEvent(
  { clock, random }: Pick<PlaneContext, 'clock' | 'random'>,
  tx: Transaction,
  home: Home,
  { noun, name, message }: { readonly noun: string; readonly name: string; readonly message: string },
): void {
  const nowMs = clock.nowMs();
  const kept = listRecords(tx, events, home);
  const old = kept.filter(
    ({ at }, index) => Date.parse(at) < nowMs - KEPT_MS || index < kept.length - KEPT_EVENTS,
  );
  for (const event of old) deleteRecord(tx, events, home, event.name);
  writeRecord(tx, events, home, {
    name: `${String(nowMs).padStart(14, '0')}-${random.text(6, 'abcdefghijklmnopqrstuvwxyz')}`,
    sourceName: name,
    sourceType: sourceTypes[noun] ?? noun,
    message,
    at: new Date(nowMs).toISOString(),
  });
}

export const describeEvents = defineOperation<DescribeEventsMessage, EventsMessage>({
  name: 'DescribeEvents',
  access: onAccount('DescribeEvents'),
  handle(call, { SourceIdentifier, SourceType, StartTime, EndTime, Duration, ...page }) {
    if (SourceIdentifier !== undefined && SourceType === undefined) {
      throw faults.invalidCombination('SourceIdentifier cannot be specified without SourceType.');
    }
    const until = EndTime?.getTime() ?? call.nowMs;
    const from = StartTime?.getTime() ?? until - (Duration === undefined ? HOUR_MS : Duration * 60_000);
    const found = listRecords(call.plane.store, events, homeOf(call)).filter(
      (event) =>
        Date.parse(event.at) >= from &&
        Date.parse(event.at) <= until &&
        (SourceType === undefined || event.sourceType === SourceType) &&
        (SourceIdentifier === undefined || event.sourceName === SourceIdentifier.toLowerCase()),
    );
    const { items, Marker } = pageOf(found, ({ name }) => name, page);
    const Events = items.map(({ sourceName, sourceType, message, at }) => ({
      SourceIdentifier: sourceName,
      SourceType: sourceType as SourceType,
      Message: message,
      Date: new Date(at),
    }));
    return { Marker, Events };
  },
});
