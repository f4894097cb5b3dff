// The groups and streams that a call is about: found by the names or ARNs that it gives.
import type { Reader } from '@pergola/store';
import type { Call } from '../../call.ts';
import { type GroupName, type Home, parseGroupIdentifier } from './arn.ts';
import { faults } from './faults.ts';
import { findChild, findGroup, type LogGroup, type LogStream } from './state.ts';

/** Members by which requests name a group: one of them. */
export interface GroupInput {
  readonly logGroupName?: string | undefined;
  /** Name or ARN. */
  readonly logGroupIdentifier?: string | undefined;
}

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;

/** The account and region that a call acts in. */
export function homeOf({ account, region }: Call): Home {
  if (!REGION.test(region)) throw faults.invalidParameter(`'${region.slice(0, 64)}' is not a region.`);
  return { account, region };
}

/** The name that a request gives, before it is known whether there is such a group. */
export function nameOf(call: Call, input: GroupInput): GroupName {
  const { logGroupName, logGroupIdentifier } = input;
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) throw faults.needsGroup();
  return identifiedName(call, logGroupIdentifier ?? logGroupName ?? '');
}

/** Reads a group's name or ARN. A group of another region is asked for there, where that region's policies count. */
export function identifiedName(call: Call, identifier: string): GroupName {
  const home = homeOf(call);
  const found = parseGroupIdentifier(identifier, home);
  if (found?.region !== home.region) throw faults.invalidArn();
  return found;
}

/** The group of that name, or ResourceNotFoundException. */
export function groupAt(reader: Reader, at: GroupName): LogGroup {
  const group = findGroup(reader, at);
  if (!group) throw faults.noSuchGroup();
  return group;
}

/** The group that a request names. */
export function groupOf(call: Call, input: GroupInput): LogGroup {
  return groupAt(call.plane.store, nameOf(call, input));
}

/** A stream of a group, or ResourceNotFoundException. */
export function streamOf(call: Call, group: LogGroup, name: string): LogStream {
  const stream = findChild<LogStream>(call.plane.store, group, 'stream', name);
  if (!stream) throw faults.noSuchStream();
  return stream;
}

const DAY_MS = 86_400_000;

/** Events before this instant have expired. */
export function expiryMsOf(group: LogGroup, nowMs: number): number {
  return group.retentionDays === undefined ? 0 : nowMs - group.retentionDays * DAY_MS;
}
