// What a lifecycle rule says of one version: whether it is meant, and when its time has come.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
import type { LifecycleRule, LifecycleRuleAndOperator, LifecycleRuleFilter } from '@aws-sdk/client-s3';
import { isDeleteMarker, type VersionRecord } from '../version-state.ts';

const DAY_MS = 86_400_000;

/** A version among its siblings. */
export interface Sibling {
  readonly key: string;
  readonly version: VersionRecord;
  /** Since when it is not the newest; absent for the newest. */
  readonly noncurrentMs?: number | undefined;
  /** How many versions that are not the newest are newer. */
  readonly newerNoncurrent: number;
}

/** What is to be done: delete as a client without a version id would, or take this version away. */
export type Verdict = 'expire' | 'remove' | 'remove if alone' | undefined;

export function verdictOn(rules: readonly LifecycleRule[], sibling: Sibling, nowMs: number): Verdict {
  for (const rule of rules) {
    if (!isMeant(rule, sibling)) continue;
    const verdict =
      sibling.noncurrentMs === undefined ? onNewest(rule, sibling, nowMs) : onOlder(rule, sibling, nowMs);
    if (verdict) return verdict;
  }
  return undefined;
}

function onNewest({ Expiration: action = {} }: LifecycleRule, { version }: Sibling, nowMs: number): Verdict {
  const isDue =
    isPast(version.modifiedMs, action.Days, nowMs) || (action.Date && action.Date.getTime() <= nowMs);
  if (!isDeleteMarker(version)) return isDue ? 'expire' : undefined;
  return isDue || action.ExpiredObjectDeleteMarker === true ? 'remove if alone' : undefined;
}

function onOlder(rule: LifecycleRule, sibling: Sibling, nowMs: number): Verdict {
  const { NoncurrentDays, NewerNoncurrentVersions = 0 } = rule.NoncurrentVersionExpiration ?? {};
  const isDue = isPast(sibling.noncurrentMs ?? nowMs, NoncurrentDays, nowMs);
  return isDue && sibling.newerNoncurrent >= NewerNoncurrentVersions ? 'remove' : undefined;
}

/** Days are counted to the midnight (UTC) that follows. */
export function isPast(sinceMs: number, days: number | undefined, nowMs: number): boolean {
  return days !== undefined && Math.ceil((sinceMs + days * DAY_MS) / DAY_MS) * DAY_MS <= nowMs;
}

export function prefixOf({ Prefix, Filter }: LifecycleRule): string {
  return Prefix ?? conditionsOf(Filter).Prefix ?? '';
}

/** A filter says the same in two forms: one condition by itself, or several under `And`. */
function conditionsOf(filter: LifecycleRuleFilter = {}): LifecycleRuleAndOperator {
  return filter.And ?? { ...filter, Tags: filter.Tag && [filter.Tag] };
}

function isMeant(rule: LifecycleRule, { key, version }: Sibling): boolean {
  if (!key.startsWith(prefixOf(rule))) return false;
  const { Tags = [], ObjectSizeGreaterThan, ObjectSizeLessThan } = conditionsOf(rule.Filter);
  const asksForMore = Tags.length > 0 || (ObjectSizeGreaterThan ?? ObjectSizeLessThan) !== undefined;
  // A marker has neither size nor tags: rules that ask for them do not mean it.
  if (isDeleteMarker(version)) return !asksForMore;
  const { sizeBytes, tags = [] } = version;
  if (sizeBytes <= (ObjectSizeGreaterThan ?? -1) || sizeBytes >= (ObjectSizeLessThan ?? Infinity))
    return false;
  return Tags.every(({ Key, Value }) => tags.some((tag) => tag.Key === Key && tag.Value === Value));
}
