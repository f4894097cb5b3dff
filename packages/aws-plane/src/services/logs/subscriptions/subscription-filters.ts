// PutSubscriptionFilter, DescribeSubscriptionFilters and DeleteSubscriptionFilter.
import type {
  DeleteSubscriptionFilterRequest,
  DescribeSubscriptionFiltersRequest,
  DescribeSubscriptionFiltersResponse,
  PutSubscriptionFilterRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { assert } from '@pergola/kernel';
import { parseFilterPattern } from '@pergola/log-language';
import type { Transaction } from '@pergola/store';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { AwsFault } from '../../../fault.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOnGroup, onGroup } from '../access.ts';
import { faults } from '../faults.ts';
import { assertFewRegexes, assertServed } from '../filter-limits.ts';
import { groupAt, groupOf, homeOf, nameOf } from '../groups.ts';
import { logsOf } from '../logs-context.ts';
import { pageByKey } from '../paging.ts';
import { assertPattern } from '../pattern.ts';
import { deleteChild, type LogGroup, refOf } from '../state.ts';
import { putDelivered } from './subscription-bucket.ts';
import { deliveriesOf } from './subscription-deliveries.ts';
import { type Destination, parseDestination } from './subscription-destination.ts';
import {
  findSubscription,
  leadsTo,
  putSubscription,
  type StoredSubscription,
  subscriptionShape,
  subscriptionsOf,
} from './subscription-filter.ts';
import { controlObject } from './subscription-payload.ts';

const FILTERS_MAX = 2;
const PAGE_FILTERS = 50;
const SERVICE = 'logs.amazonaws.com';

export const putSubscriptionFilter = defineOperation<PutSubscriptionFilterRequest, object>({
  name: 'PutSubscriptionFilter',
  access: { iam: checksOf },
  validate(input, call) {
    assertServed(input);
    assertPattern(input.filterPattern ?? '');
    assertRole(destinationOf(input, call), input);
  },
  async handle(call, input) {
    const { plane } = call;
    const group = groupOf(call, { logGroupName: input.logGroupName });
    const destination = destinationOf(input, call);
    if (destination.kind === 'bucket') await assertDelivers(call, input, { group, destination });
    const next = await logsOf(plane).events.nextSequence(refOf(group));
    const name = nameIn(input);
    const deliveries = deliveriesOf(plane);
    // What is under way comes to its end first, so that nothing is delivered twice or out of order.
    const head = await deliveries.stop(group.key, name);
    try {
      await plane.store.transact((tx) => {
        // Another group may have the name by now.
        if (groupAt(tx, group).key !== group.key) throw faults.noSuchGroup();
        assertRoom(tx, group, { input, destination });
        const known = findSubscription(tx, group, name);
        putSubscription(tx, group, filterOf(call, input, { known, next }));
      });
    } finally {
      const current = findSubscription(plane.store, group, name);
      if (current) deliveries.start(group, current, head);
    }
    return {};
  },
});

export const describeSubscriptionFilters = defineOperation<
  DescribeSubscriptionFiltersRequest,
  DescribeSubscriptionFiltersResponse
>({
  name: 'DescribeSubscriptionFilters',
  access: onGroup('logs:DescribeSubscriptionFilters'),
  handle(call, input) {
    const group = groupOf(call, { logGroupName: input.logGroupName });
    const { filterNamePrefix: prefix = '', limit = PAGE_FILTERS } = input;
    const all = subscriptionsOf(call.plane.store, group, prefix);
    const scope = `DescribeSubscriptionFilters/${group.key}/${prefix}`;
    const page = pageByKey({ tokens: logsOf(call.plane).tokens, scope }, input, {
      all,
      limit,
      keyOf: ({ name }) => name,
    });
    return {
      subscriptionFilters: page.items.map((filter) => subscriptionShape(group, filter)),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

export const deleteSubscriptionFilter = defineOperation<DeleteSubscriptionFilterRequest, object>({
  name: 'DeleteSubscriptionFilter',
  access: onGroup('logs:DeleteSubscriptionFilter'),
  async handle(call, { logGroupName, filterName = '' }) {
    const at = nameOf(call, { logGroupName });
    const { value: group } = await call.plane.store.transact((tx) => {
      const found = groupAt(tx, at);
      if (!findSubscription(tx, found, filterName)) throw faults.noSuchSubscriptionFilter();
      deleteChild(tx, found, 'subscription-filter', filterName);
      return found;
    });
    await deliveriesOf(call.plane).stop(group.key, filterName);
    return {};
  },
});

const nameIn = ({ filterName = '' }: PutSubscriptionFilterRequest) => filterName;

function destinationOf({ destinationArn = '' }: PutSubscriptionFilterRequest, call: Call): Destination {
  return parseDestination(destinationArn, homeOf(call));
}

/** The caller must be allowed to hand the role to the service, or to write to the group that it names. */
function checksOf(input: PutSubscriptionFilterRequest, call: Call): readonly AccessCheck[] {
  const { roleArn } = input;
  const at = nameOf(call, { logGroupName: input.logGroupName });
  const checks = [checkOnGroup(call, 'logs:PutSubscriptionFilter', at)];
  const destination = destinationOf(input, call);
  if (destination.kind === 'group')
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
      checks.push(checkOnGroup(call, action, destination.at));
  if (roleArn !== undefined)
    checks.push({
      action: 'iam:PassRole',
      resource: roleArn,
      context: { 'iam:PassedToService': SERVICE },
    });
  return checks;
}

function assertRole({ kind }: Destination, { roleArn }: PutSubscriptionFilterRequest): void {
  if (kind === 'bucket' && roleArn === undefined)
    throw faults.invalidParameter('destinationArn for vendor s3 cannot be used without roleArn');
  if (kind === 'group' && roleArn !== undefined)
    throw faults.invalidParameter('destinationArn for vendor logs cannot be used with roleArn');
}

interface Wanted {
  readonly input: PutSubscriptionFilterRequest;
  readonly destination: Destination;
}

function assertRoom(tx: Transaction, group: LogGroup, { input, destination }: Wanted): void {
  const name = nameIn(input);
  if (group.class !== 'STANDARD') throw faults.classRefuses('subscription filters', group.class);
  const others = subscriptionsOf(tx, group).filter((filter) => filter.name !== name);
  if (others.length >= FILTERS_MAX) throw faults.resourceLimit();
  assertFewRegexes(tx, group, {
    kind: 'subscription-filter',
    name,
    pattern: input.filterPattern ?? '',
  });
  if (destination.kind === 'group' && leadsTo(tx, groupAt(tx, destination.at), group))
    throw faults.invalidParameter(
      'The destination leads back to the log group: what is delivered would be delivered without end.',
    );
}

/** Writes the control message, as AWS does before it keeps a filter. */
async function assertDelivers(
  { plane, nowMs }: Call,
  input: PutSubscriptionFilterRequest,
  {
    group,
    destination,
  }: { readonly group: LogGroup; readonly destination: Destination & { kind: 'bucket' } },
): Promise<void> {
  const parsed = parseFilterPattern(input.filterPattern ?? '');
  assert(parsed.ok, 'the pattern has been checked');
  const { bucket, prefix } = destination;
  const subscribed = { group, filterName: nameIn(input), pattern: parsed.value, prefix };
  try {
    const object = await controlObject(subscribed, nowMs);
    await putDelivered(plane, { group, bucket, roleArn: input.roleArn ?? '' }, [object]);
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    throw faults.invalidParameter(
      `Could not deliver test message to specified S3 bucket. Check that the bucket exists, that the role trusts ${SERVICE} and that it allows s3:PutObject. ${error.code}: ${error.message}`,
    );
  }
}

function filterOf(
  { plane, nowMs }: Call,
  input: PutSubscriptionFilterRequest,
  { known, next }: { readonly known: StoredSubscription | undefined; readonly next: number },
): StoredSubscription {
  return {
    name: nameIn(input),
    revision: plane.random.uuid(),
    pattern: input.filterPattern ?? '',
    destinationArn: input.destinationArn ?? '',
    roleArn: input.roleArn,
    distribution: input.distribution ?? 'ByLogStream',
    createdMs: known?.createdMs ?? nowMs,
    next: known?.next ?? next,
  };
}
