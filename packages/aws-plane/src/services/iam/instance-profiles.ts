// Instance profiles: finding, checking and showing them. One holds at most one role.
import type { InstanceProfile } from '@aws-sdk/client-iam';
import type { Reader, Transaction } from '@pergola/store';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { faults } from './faults.ts';
import { arnOf } from './naming.ts';
import { roleShape } from './roles.ts';
import { listRecords, readRecord, type StoredInstanceProfile, tables, writeRecord } from './state.ts';
import { resourceTagContext, tagListOf } from './tags.ts';

export interface ProfileInput {
  readonly InstanceProfileName?: string | undefined;
}

type Context = NonNullable<AccessCheck['context']>;

/** One action on a profile, there or not. */
export function onProfile<Input extends ProfileInput>(
  action: string,
  contextOf: (input: Input) => Context = () => ({}),
): Access<Input> {
  return { iam: (input, call) => [checkOnProfile(call, action, input, contextOf(input))] };
}

export function checkOnProfile(
  call: Call,
  action: string,
  { InstanceProfileName: name = '' }: ProfileInput,
  context: Context = {},
): AccessCheck {
  const known = readRecord(call.plane.store, tables.instanceProfiles, call.account, name);
  return {
    action,
    resource: known?.arn ?? arnOf(call.account, 'instance-profile', '/', name),
    context: { ...resourceTagContext(known?.tags ?? {}), ...context },
  };
}

/** The profile that `input` names, or NoSuchEntity. */
export function profileNamed(
  reader: Reader,
  account: string,
  { InstanceProfileName: name = '' }: ProfileInput,
): StoredInstanceProfile {
  const found = readRecord(reader, tables.instanceProfiles, account, name);
  if (!found) throw faults.noSuchInstanceProfile(name);
  return found;
}

/** Replaces a profile by what `change` makes of it, in one transaction. */
export async function changeProfile(
  { plane, account }: Call,
  input: ProfileInput,
  change: (profile: StoredInstanceProfile, tx: Transaction) => StoredInstanceProfile,
): Promise<object> {
  await plane.store.transact((tx) => {
    const changed = change(profileNamed(tx, account, input), tx);
    writeRecord(tx, tables.instanceProfiles, { account, name: changed.name }, changed);
  });
  return {};
}

/** Throws while a profile holds the role. */
export function assertInNoProfile(reader: Reader, account: string, roleName: string): void {
  const held = listRecords(reader, tables.instanceProfiles, account).some((one) => one.roleName === roleName);
  if (held) throw faults.mustLeaveProfilesFirst();
}

/** Lists leave out the tags. */
export function profileShape(
  { plane, account }: Call,
  profile: StoredInstanceProfile,
  detail: 'whole' | 'listed' = 'whole',
): InstanceProfile {
  const { roleName } = profile;
  const role = roleName === undefined ? undefined : readRecord(plane.store, tables.roles, account, roleName);
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdAt),
    Roles: role ? [roleShape(role, 'listed')] : [],
    ...(detail === 'whole' && { Tags: tagListOf(profile.tags) }),
  };
}
