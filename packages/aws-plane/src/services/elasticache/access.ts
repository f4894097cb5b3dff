// What the operations ask of policies: the action, the ARN and the condition keys.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { arnOf, type Kind } from './kinds.ts';
import { type Home, readRecord, type StoredResource, type TagMap } from './state.ts';

type Context = Record<string, string | readonly string[]>;

export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function homeOf({ account, region }: Pick<Call, 'account' | 'region'>): Home {
  return { account, region };
}

/** The condition keys of tags that a request brings, or of the keys that it takes away. */
export function requestTags(tags: readonly Tag[] = [], goneKeys: readonly string[] = []): Context {
  const context: Context = {};
  for (const { Key = '', Value = '' } of tags) context[`aws:RequestTag/${Key}`] = Value;
  const keys = [...tags.map(({ Key = '' }) => Key), ...goneKeys];
  return keys.length === 0 ? context : { ...context, 'aws:TagKeys': keys };
}

function resourceTags(tags: TagMap): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}

type AnyKind = Kind<StoredResource>;

/** One action on one resource, which may not be there: it is then asked about by its name. */
export function checkOn<T extends StoredResource>(
  call: Call,
  action: string,
  kind: Kind<T>,
  at: { readonly name: string; readonly context?: Context | undefined },
): AccessCheck {
  const home = homeOf(call);
  const found =
    at.name === '' || at.name === '*' ? undefined : readRecord(call.plane.store, kind, home, at.name);
  return {
    action: `elasticache:${action}`,
    resource: found?.arn ?? arnOf(home, kind.noun, at.name.toLowerCase()),
    context: { ...resourceTags(found?.tags ?? {}), ...at.context },
  };
}

/** Describes are asked about all of a kind where none is named. */
export function onNamed<Input, T extends StoredResource>(
  action: string,
  kind: Kind<T>,
  nameOf: (input: Input) => string | undefined,
): Access<Input> {
  return { iam: (input, call) => [checkOn(call, action, kind, { name: nameOf(input) || '*' })] };
}

/** One action that is about no resource. */
export function onAccount<Input>(action: string): Access<Input> {
  return { iam: () => [{ action: `elasticache:${action}`, resource: '*' }] };
}

/** A kind with the name of one of it; an undefined name asks nothing. */
export type Use = readonly [kind: AnyKind, name: string | undefined];

export function use<T extends StoredResource>(kind: Kind<T>, name: string | undefined): Use {
  return [kind, name];
}

/** The checks of a creation: the action on the new resource and on those that it uses, and on tagging it. */
export function creationChecks<T extends StoredResource>(
  call: Call,
  action: string,
  kind: Kind<T>,
  made: {
    readonly name: string | undefined;
    readonly tags?: readonly Tag[] | undefined;
    readonly context?: Context | undefined;
    readonly uses?: readonly Use[];
  },
): AccessCheck[] {
  const name = made.name ?? '';
  const context = { ...made.context, ...requestTags(made.tags) };
  const uses = (made.uses ?? []).flatMap(([used, of]) =>
    of === undefined ? [] : [checkOn(call, action, used, { name: of, context })],
  );
  const tagging = made.tags?.length
    ? [checkOn(call, 'AddTagsToResource', kind, { name, context: requestTags(made.tags) })]
    : [];
  return [checkOn(call, action, kind, { name, context }), ...uses, ...tagging];
}

/** Condition keys from values that may be missing. */
export function conditions(values: Readonly<Record<string, string | number | boolean | undefined>>): Context {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[`elasticache:${key}`, String(value)]],
    ),
  );
}
