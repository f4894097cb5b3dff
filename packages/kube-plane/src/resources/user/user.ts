// user.openshift.io users: only `~`, the caller.
import type { Handler } from '../../contract.ts';
import { faults } from '../../faults.ts';
import { objectAnswer } from '../../render/object-answer.ts';
import { defineResource } from '../define.ts';

const get: Handler = async (call, definition, plane) => {
  const { name } = call.info;
  if (name !== '~' && name !== call.user.username) {
    throw faults.notFound({ group: 'user.openshift.io', resource: 'users' }, name);
  }
  const object = {
    kind: 'User',
    apiVersion: 'user.openshift.io/v1',
    metadata: { name: call.user.username, ...(call.user.uid ? { uid: call.user.uid } : {}) },
    fullName: call.user.username,
    identities: null,
    groups: call.user.groups,
  };
  return objectAnswer(call, definition, plane, { status: 200, object });
};

export const users = defineResource({
  group: 'user.openshift.io',
  version: 'v1',
  kind: 'User',
  plural: 'users',
  namespaced: false,
  verbs: ['get'],
  handlers: { get },
});
