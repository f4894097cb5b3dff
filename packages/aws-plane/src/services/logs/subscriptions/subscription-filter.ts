// Subscription filters: the noun, where it is kept, and which of them would make a circle.
import type { Distribution, SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import type { Reader, Transaction } from '@pergola/store';
import { groupArn } from '../arn.ts';
import { parseDestination } from './subscription-destination.ts';
import { childrenOf, findChild, findGroup, type LogGroup, putChild } from '../state.ts';

export interface StoredSubscription {
  readonly name: string;
  /** New with each PutSubscriptionFilter. */
  readonly revision: string;
  readonly pattern: string;
  readonly destinationArn: string;
  readonly roleArn?: string | undefined;
  readonly distribution: Distribution;
  readonly createdMs: number;
  /** All events of the group before this one are delivered, as far as they match. */
  readonly next: number;
}

export function subscriptionsOf(reader: Reader, group: LogGroup, prefix = ''): StoredSubscription[] {
  return childrenOf(reader, group, 'subscription-filter', { prefix });
}

export function findSubscription(
  reader: Reader,
  group: LogGroup,
  name: string,
): StoredSubscription | undefined {
  return findChild(reader, group, 'subscription-filter', name);
}

export function putSubscription(tx: Transaction, group: LogGroup, filter: StoredSubscription): void {
  putChild(tx, group, 'subscription-filter', filter);
}

/** True when what `from` holds comes to `target`, by subscription filters or because it is the same group. */
export function leadsTo(reader: Reader, from: LogGroup, target: LogGroup): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let group = open.pop(); group; group = open.pop()) {
    if (group.key === target.key) return true;
    if (seen.has(group.key)) continue;
    seen.add(group.key);
    for (const { destinationArn } of subscriptionsOf(reader, group)) {
      const destination = parseDestination(destinationArn, group);
      const next = destination.kind === 'group' ? findGroup(reader, destination.at) : undefined;
      if (next) open.push(next);
    }
  }
  return false;
}

export function subscriptionShape(group: LogGroup, filter: StoredSubscription): SubscriptionFilter {
  const { name, pattern, destinationArn, roleArn, distribution, createdMs } = filter;
  return {
    filterName: name,
    logGroupName: group.name,
    filterPattern: pattern,
    destinationArn,
    ...(roleArn !== undefined && { roleArn }),
    distribution,
    applyOnTransformedLogs: false,
    creationTime: createdMs,
  };
}

/** What policies may look at when the service delivers for a group. */
export function sourceContext(group: LogGroup): Readonly<Record<string, string>> {
  return { 'aws:SourceAccount': group.account, 'aws:SourceArn': `${groupArn(group)}:*` };
}
