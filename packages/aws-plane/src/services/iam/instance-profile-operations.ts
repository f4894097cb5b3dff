// Instance profiles: made, listed, given a role, deleted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
import type {
  AddRoleToInstanceProfileRequest,
  CreateInstanceProfileRequest,
  CreateInstanceProfileResponse,
  DeleteInstanceProfileRequest,
  GetInstanceProfileRequest,
  GetInstanceProfileResponse,
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesForRoleResponse,
  ListInstanceProfilesRequest,
  ListInstanceProfilesResponse,
  RemoveRoleFromInstanceProfileRequest,
} from '@aws-sdk/client-iam';
import type { AccessCheck } from '../../access-check.ts';
import { defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';
import { checkOn, named, onIdentity, roles } from './identities.ts';
import { changeProfile, checkOnProfile, onProfile, profileNamed, profileShape } from './instance-profiles.ts';
import { arnOf, drawId, pathOf } from './naming.ts';
import { pageOf } from './paging.ts';
import { quotas } from './quotas.ts';
import { listRecords, readRecord, type StoredInstanceProfile, tables, writeRecord } from './state.ts';
import { requestTagContext, withTags } from './tags.ts';
import { timestampOf } from './timestamp.ts';

export const createInstanceProfile = defineOperation<
  CreateInstanceProfileRequest,
  CreateInstanceProfileResponse
>({
  name: 'CreateInstanceProfile',
  access: {
    iam({ InstanceProfileName: name = '', Path = '/', Tags }, { account }) {
      const create: AccessCheck = {
        action: 'iam:CreateInstanceProfile',
        resource: arnOf(account, 'instance-profile', Path, name),
        context: requestTagContext(Tags),
      };
      return Tags?.length ? [create, { ...create, action: 'iam:TagInstanceProfile' }] : [create];
    },
  },
  validate({ Path, Tags }) {
    pathOf(Path);
    withTags({}, Tags);
  },
  async handle(call, { InstanceProfileName: name = '', Path, Tags }) {
    const { account, plane } = call;
    const path = pathOf(Path);
    const profile: StoredInstanceProfile = {
      name,
      path,
      id: drawId(plane.random, 'instance-profile'),
      arn: arnOf(account, 'instance-profile', path, name),
      createdAt: timestampOf(call.nowMs),
      tags: withTags({}, Tags),
    };
    await plane.store.transact((tx) => {
      if (readRecord(tx, tables.instanceProfiles, account, name)) throw faults.instanceProfileExists(name);
      if (listRecords(tx, tables.instanceProfiles, account).length >= quotas.InstanceProfiles)
        throw faults.quota('InstanceProfilesPerAccount', quotas.InstanceProfiles);
      writeRecord(tx, tables.instanceProfiles, { account, name }, profile);
    });
    return { InstanceProfile: profileShape(call, profile) };
  },
});

export const getInstanceProfile = defineOperation<GetInstanceProfileRequest, GetInstanceProfileResponse>({
  name: 'GetInstanceProfile',
  access: onProfile('iam:GetInstanceProfile'),
  handle: (call, input) => ({
    InstanceProfile: profileShape(call, profileNamed(call.plane.store, call.account, input)),
  }),
});

export const listInstanceProfiles = defineOperation<
  ListInstanceProfilesRequest,
  ListInstanceProfilesResponse
>({
  name: 'ListInstanceProfiles',
  access: iam(
    'iam:ListInstanceProfiles',
    ({ PathPrefix = '/' }, { account }) => `arn:aws:iam::${account}:instance-profile${PathPrefix}`,
  ),
  handle(call, input) {
    const { PathPrefix = '/' } = input;
    const below = listRecords(call.plane.store, tables.instanceProfiles, call.account).filter(({ path }) =>
      path.startsWith(PathPrefix),
    );
    const { items, ...page } = pageOf(below, ({ name }) => name, input);
    return { InstanceProfiles: items.map((profile) => profileShape(call, profile, 'listed')), ...page };
  },
});

export const listInstanceProfilesForRole = defineOperation<
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesForRoleResponse
>({
  name: 'ListInstanceProfilesForRole',
  access: onIdentity(roles, 'iam:ListInstanceProfilesForRole'),
  handle(call, input) {
    const { plane, account } = call;
    const role = named(plane.store, account, roles, input);
    const holding = listRecords(plane.store, tables.instanceProfiles, account).filter(
      ({ roleName }) => roleName === role.name,
    );
    const { items, ...page } = pageOf(holding, ({ name }) => name, input);
    return { InstanceProfiles: items.map((profile) => profileShape(call, profile, 'listed')), ...page };
  },
});

/** Whoever puts a role into a profile hands it on, and needs the right to pass it. */
export const addRoleToInstanceProfile = defineOperation<AddRoleToInstanceProfileRequest, object>({
  name: 'AddRoleToInstanceProfile',
  access: {
    iam(input, call) {
      const { RoleName: name = '' } = input;
      const identity = readRecord(call.plane.store, tables.roles, call.account, name);
      return [
        checkOnProfile(call, 'iam:AddRoleToInstanceProfile', input),
        checkOn(call, roles, { action: 'iam:PassRole', identity, name }),
      ];
    },
  },
  handle: (call, input) =>
    changeProfile(call, input, (profile, tx) => {
      const role = named(tx, call.account, roles, input);
      if (profile.roleName !== undefined) throw faults.quota('InstanceSessionsPerInstanceProfile', 1);
      return { ...profile, roleName: role.name };
    }),
});

export const removeRoleFromInstanceProfile = defineOperation<RemoveRoleFromInstanceProfileRequest, object>({
  name: 'RemoveRoleFromInstanceProfile',
  access: onProfile('iam:RemoveRoleFromInstanceProfile'),
  handle: (call, input) =>
    changeProfile(call, input, (profile, tx) => {
      const role = named(tx, call.account, roles, input);
      if (profile.roleName !== role.name) throw faults.roleNotInProfile(role.name, profile.name);
      return { ...profile, roleName: undefined };
    }),
});

export const deleteInstanceProfile = defineOperation<DeleteInstanceProfileRequest, object>({
  name: 'DeleteInstanceProfile',
  access: onProfile('iam:DeleteInstanceProfile'),
  async handle({ plane, account }, input) {
    await plane.store.transact((tx) => {
      const profile = profileNamed(tx, account, input);
      if (profile.roleName !== undefined) throw faults.mustLeaveProfilesFirst();
      tx.delete(tables.instanceProfiles.key(account, profile.name));
    });
    return {};
  },
});
