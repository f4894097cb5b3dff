// DescribeEvents, DescribeEventCategories, and event subscriptions.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeEvents.html
import type {
  AddSourceIdentifierToSubscriptionMessage,
  CreateEventSubscriptionMessage,
  DeleteEventSubscriptionMessage,
  DescribeEventCategoriesMessage,
  DescribeEventsMessage,
  DescribeEventSubscriptionsMessage,
  EventCategoriesMessage,
  EventsMessage,
  EventSubscription,
  EventSubscriptionsMessage,
  ModifyEventSubscriptionMessage,
} from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { creationChecks, homeOf, onAccount, onNamed } from '../access.ts';
import { AwsFault } from '../../../fault.ts';
import { faults } from '../faults.ts';
import { filtered } from '../filters.ts';
import { named, subscriptions } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { pageOf } from '../paging.ts';
import { countRecords, deleteRecord, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagsOf } from '../tags.ts';
import { KEPT_MS, listEvents } from './events.ts';
import { type StoredSubscription, subscriptionShape } from './subscription.ts';

const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 60;

/** By source type: what events of it may be about. */
const categories: Readonly<Record<string, readonly string[]>> = {
  'db-instance': [
    'availability',
    'backup',
    'configuration change',
    'creation',
    'deletion',
    'failover',
    'failure',
    'low storage',
    'maintenance',
    'notification',
    'read replica',
    'recovery',
    'restoration',
    'security',
    'security patching',
  ],
  'db-cluster': [
    'configuration change',
    'creation',
    'deletion',
    'failover',
    'failure',
    'global-failover',
    'maintenance',
    'migration',
    'notification',
    'serverless',
  ],
  'db-parameter-group': ['configuration change'],
  'db-security-group': ['configuration change', 'failure'],
  'db-snapshot': ['creation', 'deletion', 'notification', 'restoration'],
  'db-cluster-snapshot': ['backup', 'creation', 'deletion', 'notification', 'restoration'],
  'db-proxy': ['configuration change', 'creation', 'deletion', 'failure'],
};

interface Result {
  readonly EventSubscription: EventSubscription;
}

const describeEvents = defineOperation<DescribeEventsMessage, EventsMessage>({
  name: 'DescribeEvents',
  access: onAccount('DescribeEvents'),
  handle(call, input) {
    const { SourceIdentifier: source, SourceType: type, EventCategories } = input;
    if (source && !type)
      throw faults.invalidCombination('SourceType must be provided when SourceIdentifier is provided.');
    const end = input.EndTime?.getTime() ?? call.nowMs;
    const start = input.StartTime?.getTime() ?? end - (input.Duration ?? DEFAULT_MINUTES) * MINUTE_MS;
    if (start < call.nowMs - KEPT_MS)
      throw faults.invalidValue('Events are available for the last 14 days only.');
    const wanted = new Set(EventCategories);
    const fitting = listEvents(call.plane.store, homeOf(call))
      .filter(({ atMs }) => atMs >= start && atMs <= end)
      .filter((event) => !source || event.source === source.toLowerCase())
      .filter((event) => !type || event.sourceType === type)
      .filter((event) => wanted.size === 0 || event.categories.some((one) => wanted.has(one)));
    const page = pageOf(filtered(fitting, input.Filters, {}), ({ name }) => name, input);
    return {
      Events: page.items.map((event) => ({
        SourceIdentifier: event.source,
        SourceType: event.sourceType,
        SourceArn: event.sourceArn,
        Message: event.message,
        EventCategories: [...event.categories],
        Date: new Date(event.atMs),
      })),
      Marker: page.Marker,
    };
  },
});

const describeEventCategories = defineOperation<DescribeEventCategoriesMessage, EventCategoriesMessage>({
  name: 'DescribeEventCategories',
  access: onAccount('DescribeEventCategories'),
  handle: (_, { SourceType: type }) => ({
    EventCategoriesMapList: Object.entries(categories)
      .filter(([name]) => !type || name === type)
      .map(([SourceType, list]) => ({ SourceType, EventCategories: [...list] })),
  }),
});

const TOPIC = /^arn:aws:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/;
const SUBSCRIPTIONS_MAX = 20;

function assertCategories(type: string | undefined, wanted: readonly string[]): void {
  if (type !== undefined && !Object.hasOwn(categories, type))
    throw faults.invalidValue(`Invalid SourceType: ${type}`);
  const known = new Set(type === undefined ? Object.values(categories).flat() : categories[type]);
  const odd = wanted.find((category) => !known.has(category));
  if (odd !== undefined) throw faults.noSuchCategory(odd);
}

const createEventSubscription = defineOperation<CreateEventSubscriptionMessage, Result>({
  name: 'CreateEventSubscription',
  access: {
    iam: ({ SubscriptionName: name = '', Tags: tags }, call) =>
      creationChecks(call, 'CreateEventSubscription', subscriptions, { name, tags }),
  },
  async handle(call, input) {
    const home = homeOf(call);
    const {
      SnsTopicArn: topicArn = '',
      SourceType: sourceType,
      SourceIds = [],
      EventCategories = [],
    } = input;
    if (!TOPIC.test(topicArn)) throw faults.invalidTopic();
    assertCategories(sourceType, EventCategories);
    if (SourceIds.length > 0 && sourceType === undefined)
      throw faults.invalidCombination('SourceType must be provided when SourceIds are provided.');
    const made: StoredSubscription = {
      name: identifierOf(input.SubscriptionName, 'SubscriptionName', 255),
      tags: tagsOf(input.Tags),
      topicArn,
      sourceType,
      sourceIds: SourceIds,
      categories: EventCategories,
      enabled: input.Enabled ?? true,
      createdAt: new Date(call.nowMs).toISOString(),
    };
    await call.plane.store.transact((tx) => {
      if (readRecord(tx, subscriptions.table, home, made.name)) throw faults.subscriptionExists(made.name);
      if (countRecords(tx, subscriptions.table, home) >= SUBSCRIPTIONS_MAX)
        throw new AwsFault(
          'EventSubscriptionQuotaExceeded',
          400,
          'You have reached the maximum number of event subscriptions.',
        );
      writeRecord(tx, subscriptions.table, home, made);
    });
    return { EventSubscription: subscriptionShape(home, made) };
  },
});

async function change(
  call: Call,
  name: string | undefined,
  next: (known: StoredSubscription) => StoredSubscription,
): Promise<Result> {
  const home = homeOf(call);
  const { value } = await call.plane.store.transact((tx) =>
    writeRecord(tx, subscriptions.table, home, next(named(tx, subscriptions, home, name))),
  );
  return { EventSubscription: subscriptionShape(home, value) };
}

const modifyEventSubscription = defineOperation<ModifyEventSubscriptionMessage, Result>({
  name: 'ModifyEventSubscription',
  access: onNamed('ModifyEventSubscription', subscriptions, ({ SubscriptionName }) => SubscriptionName),
  handle(call, input) {
    if (input.SnsTopicArn !== undefined && !TOPIC.test(input.SnsTopicArn)) throw faults.invalidTopic();
    return change(call, input.SubscriptionName, (known) => {
      const sourceType = input.SourceType ?? known.sourceType;
      assertCategories(sourceType, input.EventCategories ?? []);
      return {
        ...known,
        topicArn: input.SnsTopicArn ?? known.topicArn,
        sourceType,
        categories: input.EventCategories ?? known.categories,
        enabled: input.Enabled ?? known.enabled,
      };
    });
  },
});

const describeEventSubscriptions = defineOperation<
  DescribeEventSubscriptionsMessage,
  EventSubscriptionsMessage
>({
  name: 'DescribeEventSubscriptions',
  access: onNamed('DescribeEventSubscriptions', subscriptions, ({ SubscriptionName }) => SubscriptionName),
  handle(call, input) {
    const home = homeOf(call);
    const { store } = call.plane;
    const all = input.SubscriptionName
      ? [named(store, subscriptions, home, input.SubscriptionName)]
      : listRecords(store, subscriptions.table, home);
    const page = pageOf(filtered(all, input.Filters, {}), ({ name }) => name, input);
    return {
      EventSubscriptionsList: page.items.map((one) => subscriptionShape(home, one)),
      Marker: page.Marker,
    };
  },
});

const deleteEventSubscription = defineOperation<DeleteEventSubscriptionMessage, Result>({
  name: 'DeleteEventSubscription',
  access: onNamed('DeleteEventSubscription', subscriptions, ({ SubscriptionName }) => SubscriptionName),
  async handle(call, input) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const known = named(tx, subscriptions, home, input.SubscriptionName);
      deleteRecord(tx, subscriptions.table, home, known.name);
      return known;
    });
    return { EventSubscription: { ...subscriptionShape(home, value), Status: 'deleting' } };
  },
});

const addSourceIdentifier = defineOperation<AddSourceIdentifierToSubscriptionMessage, Result>({
  name: 'AddSourceIdentifierToSubscription',
  access: onNamed(
    'AddSourceIdentifierToSubscription',
    subscriptions,
    ({ SubscriptionName }) => SubscriptionName,
  ),
  handle: (call, { SubscriptionName, SourceIdentifier = '' }) =>
    change(call, SubscriptionName, (known) => ({
      ...known,
      sourceIds: [...new Set([...known.sourceIds, SourceIdentifier])],
    })),
});

const removeSourceIdentifier = defineOperation<AddSourceIdentifierToSubscriptionMessage, Result>({
  name: 'RemoveSourceIdentifierFromSubscription',
  access: onNamed(
    'RemoveSourceIdentifierFromSubscription',
    subscriptions,
    ({ SubscriptionName }) => SubscriptionName,
  ),
  handle: (call, { SubscriptionName, SourceIdentifier = '' }) =>
    change(call, SubscriptionName, (known) => {
      if (!known.sourceIds.includes(SourceIdentifier)) throw faults.noSuchSource(SourceIdentifier);
      return { ...known, sourceIds: known.sourceIds.filter((id) => id !== SourceIdentifier) };
    }),
});

export const eventOperations: readonly AnyOperation[] = [
  describeEvents,
  describeEventCategories,
  createEventSubscription,
  modifyEventSubscription,
  describeEventSubscriptions,
  deleteEventSubscription,
  addSourceIdentifier,
  removeSourceIdentifier,
];
