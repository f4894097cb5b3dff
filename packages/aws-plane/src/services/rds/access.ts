// What the operations ask of policies: the action, the ARN and the condition keys.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
import type { Tag } from '@aws-sdk/client-rds';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { arnOf, nameIn } from './arn.ts';
import { find, type Kind } from './kinds.ts';
import type { Home, StoredResource, TagMap } from './state.ts';

type Context = Record<string, string | readonly string[]>;

/** Where a call's resources are. */
export function homeOf({ account, region }: Pick<Call, 'account' | 'region'>): Home {
  return { account, region };
}

/** The condition keys of tags that a request brings, or of the keys that it takes away. */
export function requestTags(tags: readonly Tag[] = [], goneKeys: readonly string[] = []): Context {
  const context: Context = {};
  for (const { Key = '', Value = '' } of tags) {
    context[`aws:RequestTag/${Key}`] = Value;
    context[`rds:req-tag/${Key}`] = Value;
  }
  const keys = [...tags.map(({ Key = '' }) => Key), ...goneKeys];
  return keys.length === 0 ? context : { ...context, 'aws:TagKeys': keys };
}

function resourceTags(tags: TagMap, prefix: string | undefined): Context {
  const context: Context = {};
  for (const [key, value] of Object.entries(tags)) {
    context[`aws:ResourceTag/${key}`] = value;
    if (prefix !== undefined) context[`rds:${prefix}/${key}`] = value;
  }
  return context;
}

/** One action on one resource, which may not be there: it is then asked about by its name. */
export function checkOn<T extends StoredResource>(
  call: Call,
  action: string,
  kind: Kind<T>,
  at: { readonly name: string; readonly context?: Context | undefined },
): AccessCheck {
  const home = homeOf(call);
  const found = at.name === '' ? undefined : find(call.plane.store, kind, home, at.name);
  return {
    action: `rds:${action}`,
    resource: arnFor(kind, home, found, at.name),
    context: { ...resourceTags(found?.tags ?? {}, kind.tagPrefix), ...at.context },
  };
}

/** One ARN for each resource, however it is named: a policy is about that one, and not about its spellings. */
function arnFor<T extends StoredResource>(
  kind: Kind<T>,
  home: Home,
  found: T | undefined,
  nameOrArn: string,
): string {
  if (found) return arnOf(home, kind.arnType, kind.arnName?.(found) ?? found.name);
  return arnOf(home, kind.arnType, nameIn(nameOrArn, kind.arnType, home).toLowerCase());
}

/** Describes are asked about all of a kind where none is named. */
export function onNamed<Input, T extends StoredResource>(
  action: string,
  kind: Kind<T>,
  nameOf: (input: Input) => string | undefined,
): Access<Input> {
  return { iam: (input, call) => [checkOn(call, action, kind, { name: nameOf(input) || '*' })] };
}

/** Enhanced monitoring takes roles by itself. */
export const MONITORING = 'monitoring.rds.amazonaws.com';

/** Who gives RDS a role to act in must be allowed to pass it. */
export function passRole(roleArn: string | undefined, to = 'rds.amazonaws.com'): readonly AccessCheck[] {
  if (!roleArn) return [];
  return [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': to } }];
}

/** One action that is about no resource. */
export function onAccount<Input>(action: string): Access<Input> {
  return { iam: () => [{ action: `rds:${action}`, resource: '*' }] };
}

/**
 * The checks of a creation: the action on the new resource and on those that it uses, and on tagging it when it is
 * born with tags.
 */
export function creationChecks<T extends StoredResource>(
  call: Call,
  action: string,
  kind: Kind<T>,
  made: {
    readonly name: string;
    readonly tags?: readonly Tag[] | undefined;
    readonly context?: Context | undefined;
    readonly uses?: readonly (readonly [kind: Kind<StoredResource>, name: string | undefined])[];
  },
): AccessCheck[] {
  const context = { ...made.context, ...requestTags(made.tags) };
  const uses = (made.uses ?? []).flatMap(([used, name]) =>
    name === undefined ? [] : [checkOn(call, action, used, { name, context })],
  );
  const tagging = made.tags?.length
    ? [checkOn(call, 'AddTagsToResource', kind, { name: made.name, context: requestTags(made.tags) })]
    : [];
  return [checkOn(call, action, kind, { name: made.name, context }), ...uses, ...tagging];
}
