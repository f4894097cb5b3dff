// CreateUser: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
import type { CreateUserRequest, CreateUserResponse } from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { assertBoundary } from './boundaries.ts';
import { addIdentity, creationChecks, users } from './identities.ts';
import { arnOf, drawId, pathOf } from './naming.ts';
import type { StoredUser } from './state.ts';
import { withTags } from './tags.ts';
import { userShape } from './users.ts';
import { timestampOf } from './timestamp.ts';

export const createUser = defineOperation<CreateUserRequest, CreateUserResponse>({
  name: 'CreateUser',
  access: { iam: (input, call) => creationChecks(call, users, input) },
  validate({ Path, Tags }) {
    pathOf(Path);
    withTags({}, Tags);
  },
  async handle({ plane, account, nowMs }, input) {
    const { UserName: name = '', PermissionsBoundary } = input;
    const path = pathOf(input.Path);
    const user: StoredUser = {
      name,
      path,
      id: drawId(plane.random, 'user'),
      arn: arnOf(account, 'user', path, name),
      createdAt: timestampOf(nowMs),
      tags: withTags({}, input.Tags),
      attached: [],
      inline: {},
      ...(PermissionsBoundary ? { boundary: PermissionsBoundary } : {}),
    };
    await plane.store.transact((tx) => {
      assertBoundary(tx, account, PermissionsBoundary);
      addIdentity(tx, account, users, user);
    });
    return { User: userShape(user) };
  },
});
