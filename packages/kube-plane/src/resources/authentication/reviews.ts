// The reviews of authentication.k8s.io: who am I, and whose token is this. Nothing is stored.
import { isRecord } from '@pergola/kernel';
import { wireUser } from '../../authn/wire-user.ts';
import type { Handler } from '../../contract.ts';
import { faults, fieldFaults } from '../../faults.ts';
import { objectAnswer } from '../../render/object-answer.ts';
import { decodeBody } from '../../request/body.ts';
import { timestamp } from '../../verbs/write.ts';
import { defineResource } from '../define.ts';

const group = 'authentication.k8s.io';
const review = { group, version: 'v1', namespaced: false, verbs: ['create'] } as const;

const selfSubjectReview: Handler = async (call, definition, plane) => {
  await decodeBody(call);
  const object = {
    kind: 'SelfSubjectReview',
    apiVersion: `${group}/v1`,
    metadata: { creationTimestamp: timestamp(plane) },
    status: { userInfo: wireUser(call.user) },
  };
  return objectAnswer(call, definition, plane, { status: 201, object });
};

const tokenReview: Handler = async (call, definition, plane) => {
  const { value } = await decodeBody(call);
  const spec = isRecord(value) && isRecord(value['spec']) ? value['spec'] : {};
  const token = String(spec['token'] ?? '');
  if (token === '') {
    throw faults.invalid({ group, kind: 'TokenReview' }, '', [
      fieldFaults.required('spec.token', 'token is required for TokenReview in authentication'),
    ]);
  }
  const audiences = Array.isArray(spec['audiences']) ? spec['audiences'].map(String) : undefined;
  const identity = await plane.authenticator.authenticate(token, audiences);
  const status = identity
    ? {
        authenticated: true,
        user: wireUser({ ...identity.user, groups: [...identity.user.groups, 'system:authenticated'] }),
        audiences: identity.audiences,
      }
    : { authenticated: false, error: 'invalid bearer token' };
  const object = {
    kind: 'TokenReview',
    apiVersion: `${group}/v1`,
    metadata: {},
    spec: { audiences },
    status,
  };
  return objectAnswer(call, definition, plane, { status: 201, object });
};

export const selfSubjectReviews = defineResource({
  ...review,
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  handlers: { create: selfSubjectReview },
});

export const tokenReviews = defineResource({
  ...review,
  kind: 'TokenReview',
  plural: 'tokenreviews',
  handlers: { create: tokenReview },
});
