// What the operations ask of policies: the action, the ARN, the tags and the resource policies that take part.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { groupArn, type GroupName, streamArn } from './arn.ts';
import { type GroupInput, homeOf, nameOf } from './groups.ts';
import { policyFor } from './resource-policy.ts';
import { findGroup } from './state.ts';

type Context = Record<string, string | readonly string[]>;

/** One action on a group, named by `resource`. */
function check(call: Call, action: string, at: GroupName, resource: string): AccessCheck {
  const tags = findGroup(call.plane.store, at)?.tags ?? {};
  const context: Context = {};
  for (const [key, value] of Object.entries(tags)) context[`aws:ResourceTag/${key}`] = value;
  return { action, resource, context, resourceAccount: at.account, resourcePolicy: policyFor(call, at) };
}

/** A check on a group as a whole. IAM sees it as a group's stream without a name, as AWS's denials show. */
export function checkOnGroup(call: Call, action: string, at: GroupName): AccessCheck {
  return check(call, action, at, streamArn(at));
}

/** A check on a group by its own ARN, as the tagging operations have it. */
export function checkOnTags(call: Call, action: string, at: GroupName): AccessCheck {
  return check(call, action, at, groupArn(at));
}

interface Unmasking {
  readonly unmask?: boolean | undefined;
}

/** One action on the group that the input names. */
export function onGroup<Input extends GroupInput & Unmasking>(action: string): Access<Input> {
  return {
    iam(input, call) {
      const at = nameOf(call, input);
      return [checkOnGroup(call, action, at), ...unmasking(call, input, at)];
    },
  };
}

/** One action on a stream. */
export function onStream<
  Input extends GroupInput & Unmasking & { readonly logStreamName?: string | undefined },
>(action: string): Access<Input> {
  return {
    iam(input, call) {
      const at = nameOf(call, input);
      return [check(call, action, at, streamArn(at, input.logStreamName)), ...unmasking(call, input, at)];
    },
  };
}

/** Seeing masked data needs a right of its own, also where nothing is masked. */
function unmasking(call: Call, { unmask }: Unmasking, at: GroupName): AccessCheck[] {
  return unmask === true ? [checkOnGroup(call, 'logs:Unmask', at)] : [];
}

/** One action that is not about one group: on all groups of the account and region. */
export function onAccount<Input>(action: string): Access<Input> {
  return {
    iam: (_, call) => [{ action, resource: streamArn({ ...homeOf(call), name: '' }) }],
  };
}

/** The condition keys of tags that a request brings, or of the keys that it takes away. */
export function requestTags(
  tags: Readonly<Record<string, string>>,
  goneKeys: readonly string[] = [],
): Context {
  const keys = [...Object.keys(tags), ...goneKeys];
  if (keys.length === 0) return {};
  const values = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value] as const);
  return { ...Object.fromEntries(values), 'aws:TagKeys': keys };
}
