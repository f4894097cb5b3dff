// CreateRole: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
import type { CreateRoleRequest, CreateRoleResponse } from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { assertBoundary } from './boundaries.ts';
import { checkTrust } from './documents.ts';
import { faults } from './faults.ts';
import { addIdentity, creationChecks, LINKED_PATH, roles } from './identities.ts';
import { arnOf, drawId, pathOf } from './naming.ts';
import { roleShape } from './roles.ts';
import type { StoredRole } from './state.ts';
import { withTags } from './tags.ts';
import { assertTrusteesExist } from './trust-principals.ts';
import { timestampOf } from './timestamp.ts';

const SESSION_SECONDS = 3_600;

export const createRole = defineOperation<CreateRoleRequest, CreateRoleResponse>({
  name: 'CreateRole',
  access: { iam: (input, call) => creationChecks(call, roles, input) },
  validate({ AssumeRolePolicyDocument = '', Path, Tags }) {
    if (pathOf(Path).startsWith(LINKED_PATH)) throw faults.reservedPath(pathOf(Path));
    checkTrust(AssumeRolePolicyDocument);
    withTags({}, Tags);
  },
  async handle(call, input) {
    const { account, plane } = call;
    const { RoleName: name = '', AssumeRolePolicyDocument: trust = '', Description } = input;
    const { MaxSessionDuration, PermissionsBoundary } = input;
    const path = pathOf(input.Path);
    const role: StoredRole = {
      name,
      path,
      id: drawId(plane.random, 'role'),
      arn: arnOf(account, 'role', path, name),
      createdAt: timestampOf(call.nowMs),
      trust,
      maxSessionDurationSeconds: MaxSessionDuration ?? SESSION_SECONDS,
      tags: withTags({}, input.Tags),
      attached: [],
      inline: {},
      ...(Description === undefined ? {} : { description: Description }),
      ...(PermissionsBoundary ? { boundary: PermissionsBoundary } : {}),
    };
    await plane.store.transact((tx) => {
      assertBoundary(tx, account, PermissionsBoundary);
      assertTrusteesExist(tx, account, checkTrust(trust));
      addIdentity(tx, account, roles, role);
    });
    // As recorded from AWS: the answer to creation leaves out what was not given.
    const { RoleLastUsed: _, MaxSessionDuration: seconds, ...Role } = roleShape(role);
    return { Role: { ...Role, ...(MaxSessionDuration ? { MaxSessionDuration: seconds } : {}) } };
  },
});
