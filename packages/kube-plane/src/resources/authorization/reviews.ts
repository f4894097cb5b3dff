// The reviews of authorization.k8s.io: may this user do that. Nothing is stored.
import { isRecord } from '@pergola/kernel';
import type {
  AuthorizationAttributes,
  Handler,
  PolicyRule,
  ResourceDefinition,
  UserInfo,
} from '../../contract.ts';
import { faults } from '../../faults.ts';
import { objectAnswer } from '../../render/object-answer.ts';
import { decodeBody } from '../../request/body.ts';
import { defineResource } from '../define.ts';

type Fields = Record<string, unknown>;

const group = 'authorization.k8s.io';

function accessReview(kind: string, whose: 'self' | 'other'): Handler {
  return async (call, definition, plane) => {
    const { value } = await decodeBody(call);
    const spec = fields(fields(value)['spec']);
    const user = whose === 'self' ? call.user : userOf(spec);
    const attributes = attributesOf(spec, user);
    if (kind === 'LocalSubjectAccessReview' && attributes.namespace !== call.info.namespace) {
      throw faults.badRequest(
        `spec.resourceAttributes.namespace must match namespace: ${attributes.namespace} != ${call.info.namespace}`,
      );
    }
    const { allowed, reason } = plane.authorizer.authorize(attributes);
    const object = {
      kind,
      apiVersion: `${group}/v1`,
      metadata: {},
      spec,
      status: { allowed, ...(reason === '' ? {} : { reason }) },
    };
    return objectAnswer(call, definition, plane, { status: 201, object });
  };
}

const rulesReview: Handler = async (call, definition, plane) => {
  const { value } = await decodeBody(call);
  const spec = fields(fields(value)['spec']);
  const namespace = String(spec['namespace'] ?? '');
  if (namespace === '') throw faults.badRequest('no namespace on request');
  const rules = call.user.groups.includes('system:masters')
    ? [EVERYTHING, EVERY_PATH]
    : plane.authorizer.rulesFor(call.user, namespace);
  const object = {
    kind: 'SelfSubjectRulesReview',
    apiVersion: `${group}/v1`,
    metadata: {},
    spec: {},
    status: {
      resourceRules: rules.filter((rule) => (rule.nonResourceURLs ?? []).length === 0),
      nonResourceRules: rules
        .filter((rule) => (rule.nonResourceURLs ?? []).length > 0)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
    },
  };
  return objectAnswer(call, definition, plane, { status: 201, object });
};

const EVERYTHING: PolicyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
const EVERY_PATH: PolicyRule = { verbs: ['*'], nonResourceURLs: ['*'] };

function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function userOf(spec: Fields): UserInfo {
  const username = String(spec['user'] ?? '');
  const groups = Array.isArray(spec['groups']) ? spec['groups'].map(String) : [];
  if (username === '' && groups.length === 0) {
    throw faults.badRequest('spec: at least one of user or group must be specified');
  }
  return { username, groups };
}

/** Throws 400 unless exactly one of the two kinds of attributes is given. */
function attributesOf(spec: Fields, user: UserInfo): AuthorizationAttributes {
  const resource = spec['resourceAttributes'];
  const path = spec['nonResourceAttributes'];
  if (isRecord(resource) === isRecord(path)) {
    throw faults.badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified');
  }
  const given = fields(resource ?? path);
  const text = (name: string) => String(given[name] ?? '');
  return {
    user,
    verb: text('verb'),
    group: text('group'),
    version: text('version'),
    resource: text('resource'),
    subresource: text('subresource'),
    namespace: text('namespace'),
    name: text('name'),
    path: isRecord(path) ? text('path') : undefined,
  };
}

function review(kind: string, namespaced: boolean, create: Handler): ResourceDefinition {
  const plural = `${kind.toLowerCase()}s`;
  return defineResource({
    group,
    version: 'v1',
    kind,
    plural,
    namespaced,
    verbs: ['create'],
    handlers: { create },
  });
}

export const subjectAccessReviews = review(
  'SubjectAccessReview',
  false,
  accessReview('SubjectAccessReview', 'other'),
);
export const selfSubjectAccessReviews = review(
  'SelfSubjectAccessReview',
  false,
  accessReview('SelfSubjectAccessReview', 'self'),
);
export const localSubjectAccessReviews = review(
  'LocalSubjectAccessReview',
  true,
  accessReview('LocalSubjectAccessReview', 'other'),
);
export const selfSubjectRulesReviews = review('SelfSubjectRulesReview', false, rulesReview);
