// Users, roles and groups as one noun: finding, changing and protecting any of them by its name.
import type { Tag } from '@aws-sdk/client-iam';
import type { Reader, Transaction } from '@pergola/store';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { faults, type Owner } from './faults.ts';
import { arnOf } from './naming.ts';
import { quotas } from './quotas.ts';
import {
  listRecords,
  readRecord,
  type StoredActor,
  type StoredGroup,
  type StoredIdentity,
  type StoredRole,
  type StoredUser,
  type Table,
  tables,
  writeRecord,
} from './state.ts';
import { requestTagContext, resourceTagContext } from './tags.ts';

/** One of the three kinds. `word` begins the names of its operations and input members. */
export interface IdentityKind<Stored extends StoredIdentity> {
  readonly noun: Owner;
  readonly word: 'Role' | 'User' | 'Group';
  readonly table: Table<Stored>;
}

export const roles: IdentityKind<StoredRole> = { noun: 'role', word: 'Role', table: tables.roles };
export const users: IdentityKind<StoredUser> = { noun: 'user', word: 'User', table: tables.users };
export const groups: IdentityKind<StoredGroup> = { noun: 'group', word: 'Group', table: tables.groups };

/** The input members that name an identity; an operation on one kind reads only its own. */
export interface IdentityName {
  readonly RoleName?: string | undefined;
  readonly UserName?: string | undefined;
  readonly GroupName?: string | undefined;
}

type AnyKind = IdentityKind<StoredIdentity>;

export function nameOf({ word }: Pick<AnyKind, 'word'>, input: IdentityName): string {
  return input[`${word}Name`] ?? '';
}

/** The identity that `input` names, or NoSuchEntity. */
export function named<Stored extends StoredIdentity>(
  reader: Reader,
  account: string,
  kind: IdentityKind<Stored>,
  input: IdentityName,
): Stored {
  const name = nameOf(kind, input);
  const found = readRecord(reader, kind.table, account, name);
  if (!found) throw faults.noSuchIdentity(kind.noun, name);
  return found;
}

/** Replaces an identity by what `change` makes of it, in one transaction. Its name stays. */
export async function changeIdentity<Stored extends StoredIdentity>(
  call: Call,
  kind: IdentityKind<Stored>,
  input: IdentityName,
  change: (identity: Stored, tx: Transaction) => Stored,
): Promise<Stored> {
  const { account, plane } = call;
  const { value } = await plane.store.transact((tx) => {
    const changed = change(named(tx, account, kind, input), tx);
    writeRecord(tx, kind.table, { account, name: changed.name }, changed);
    return changed;
  });
  return value;
}

/** Writes a new identity. Throws when its name is taken or the account is full. */
export function addIdentity<Stored extends StoredIdentity>(
  tx: Transaction,
  account: string,
  kind: IdentityKind<Stored>,
  identity: Stored,
): void {
  const { table, word } = kind;
  const { name } = identity;
  if (readRecord(tx, table, account, name)) throw faults.exists(word, name);
  const most = quotas[`${word}s`];
  if (tx.list(table.prefix(account)).length >= most) throw faults.quota(`${word}sPerAccount`, most);
  writeRecord(tx, table, { account, name }, identity);
}

/** Throws unless nothing is attached any more. */
export function assertBare({ attached, inline }: StoredIdentity): void {
  if (attached.length > 0) throw faults.mustDetachFirst();
  if (Object.keys(inline).length > 0) throw faults.mustDeleteInlineFirst();
}

/** Where roles live that services of AWS made for themselves. */
export const LINKED_PATH = '/aws-service-role/';

/** Throws for a role that only its service may change. */
export function assertUnprotected({ path, name }: StoredIdentity): void {
  if (path.startsWith(LINKED_PATH)) throw faults.protectedRole(name);
}

/** Those of a kind whose path begins with `prefix`. */
export function listBelow<Stored extends StoredIdentity>(
  { plane, account }: Call,
  kind: IdentityKind<Stored>,
  prefix = '/',
): Stored[] {
  return listRecords(plane.store, kind.table, account).filter(({ path }) => path.startsWith(prefix));
}

type ContextOf<Input, Stored> = (
  input: Input,
  identity: Stored | undefined,
) => NonNullable<AccessCheck['context']>;

/**
 * Policies decide on the identity's own ARN, path included, and see its tags. One that is not there is asked
 * about by its name, so that it is not the denial that tells whether it is there.
 */
export function onIdentity<Input extends IdentityName, Stored extends StoredIdentity>(
  kind: IdentityKind<Stored>,
  action: string,
  contextOf?: ContextOf<Input, Stored>,
): Access<Input> {
  return {
    iam(input, call) {
      const identity = readRecord(call.plane.store, kind.table, call.account, nameOf(kind, input));
      return [
        checkOn(call, kind, { action, identity, name: nameOf(kind, input) }, contextOf?.(input, identity)),
      ];
    },
  };
}

/** The check of one action on one identity, there or not. */
export function checkOn<Stored extends StoredIdentity>(
  call: Call,
  kind: IdentityKind<Stored>,
  asked: { readonly action: string; readonly identity: Stored | undefined; readonly name: string },
  context: AccessCheck['context'] = {},
): AccessCheck {
  const { action, identity, name } = asked;
  const tags = identity && 'tags' in identity ? (identity as unknown as StoredActor).tags : {};
  return {
    action,
    resource: identity?.arn ?? arnOf(call.account, kind.noun, '/', name),
    context: { ...resourceTagContext(tags), ...context },
  };
}

/** For operations on a user that mean the caller when they name nobody. */
export function onOwnUser<Input extends IdentityName>(action: string): Access<Input> {
  return {
    iam(input, call) {
      const { facts } = call.principal;
      const name = input.UserName ?? (facts.kind === 'user' ? facts.userName : '*');
      const identity = readRecord(call.plane.store, tables.users, call.account, name);
      return [checkOn(call, users, { action, identity, name })];
    },
  };
}

interface Creation extends IdentityName {
  readonly Path?: string | undefined;
  readonly PermissionsBoundary?: string | undefined;
  readonly Tags?: readonly Tag[] | undefined;
}

/** Making an identity with tags needs the right to tag it, too. */
export function creationChecks(call: Call, kind: AnyKind, input: Creation): readonly AccessCheck[] {
  const { Path = '/', PermissionsBoundary, Tags } = input;
  const create: AccessCheck = {
    action: `iam:Create${kind.word}`,
    resource: arnOf(call.account, kind.noun, Path, nameOf(kind, input)),
    context: {
      ...requestTagContext(Tags),
      ...(PermissionsBoundary ? { 'iam:PermissionsBoundary': PermissionsBoundary } : {}),
    },
  };
  if (!Tags?.length) return [create];
  return [create, { ...create, action: `iam:Tag${kind.word}`, context: requestTagContext(Tags) }];
}

/** `iam:PermissionsBoundary`, which guards changes to what an identity may do. */
export function boundaryContext(identity: StoredIdentity | undefined): Readonly<Record<string, string>> {
  const boundary = (identity as StoredActor | undefined)?.boundary;
  return boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary };
}
