import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeToken } from '@pergola/oidc';
import { ISSUER, startTestPlane, type TestPlane, USER_TOKEN } from './harness.ts';

const SA = '/api/v1/namespaces/default/serviceaccounts';
const as = (token: string) => ({ Authorization: `Bearer ${token}` });
let test: TestPlane;
let token: string;

const tokenFor = async (name: string, spec: Record<string, unknown> = {}) =>
  test.call('POST', `${SA}/${name}/token`, { spec });

beforeAll(async () => {
  test = await startTestPlane();
  for (const name of ['default', 'robot', 'mortal']) await test.call('POST', SA, { metadata: { name } });
  token = (await tokenFor('robot')).body.status.token;
});
afterAll(() => test[Symbol.asyncDispose]());

describe('authentication', () => {
  it('refuses wrong tokens, and lets anonymous read only what is public', async () => {
    const wrong = await test.call('GET', '/api/v1/namespaces', undefined, as('wrong'));
    expect(wrong.body).toMatchObject({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
    const malformed = await test.call('GET', '/api/v1/namespaces', undefined, {
      Authorization: 'Basic eA==',
    });
    expect(malformed.status).toBe(401);
    const none = { Authorization: '' };
    const secret = await test.call('GET', '/api/v1/namespaces/default/secrets', undefined, none);
    expect(secret.body.message).toBe(
      'secrets is forbidden: User "system:anonymous" cannot list resource "secrets" in API group "" in the namespace "default"',
    );
    for (const path of [
      '/healthz',
      '/version',
      '/.well-known/openid-configuration',
      '/openid/v1/jwks',
      '/.well-known/oauth-authorization-server',
    ]) {
      expect((await test.call('GET', path, undefined, none)).status, path).toBe(200);
    }
    for (const path of ['/api', '/openapi/v2', '/api/clusters_mgmt/v1/clusters', '/nowhere']) {
      expect((await test.call('GET', path, undefined, none)).body.message).toBe(
        `forbidden: User "system:anonymous" cannot get path "${path}"`,
      );
    }
  });

  it('knows service accounts by their tokens', async () => {
    const { body } = await test.call(
      'POST',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      {},
      as(token),
    );
    expect(body.status.userInfo).toMatchObject({
      username: 'system:serviceaccount:default:robot',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    });
  });

  it('ends a token with its account', async () => {
    const mortal = (await tokenFor('mortal')).body.status.token;
    const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    expect((await test.call('POST', review, {}, as(mortal))).status).toBe(201);
    await test.call('DELETE', `${SA}/mortal`);
    await test.call('POST', SA, { metadata: { name: 'mortal' } });
    expect((await test.call('POST', review, {}, as(mortal))).status).toBe(401);
  });

  it('accepts a token only for its audience', async () => {
    const other = (await tokenFor('robot', { audiences: ['sts.amazonaws.com'] })).body.status.token;
    expect((await test.call('GET', '/api/v1/namespaces', undefined, as(other))).status).toBe(401);
    const review = (audiences: string[]) =>
      test.call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: other, audiences } });
    expect((await review(['sts.amazonaws.com'])).body.status).toMatchObject({
      authenticated: true,
      audiences: ['sts.amazonaws.com'],
    });
    expect((await review(['else'])).body.status.authenticated).toBe(false);
  });

  it('takes the fixed tokens of the cluster for its own audiences only', async () => {
    const review = (audiences?: string[]) =>
      test.call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
        spec: { token: USER_TOKEN, audiences },
      });
    expect((await review()).body.status).toMatchObject({ authenticated: true, user: { username: 'jane' } });
    expect((await review(['sts.amazonaws.com'])).body.status.authenticated).toBe(false);
  });

  it('impersonates for those who may', async () => {
    const headers = { 'Impersonate-User': 'system:serviceaccount:a:b' };
    const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { body } = await test.call('POST', review, {}, headers);
    expect(body.status.userInfo).toMatchObject({
      username: 'system:serviceaccount:a:b',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'],
    });
    const refused = await test.call('POST', review, {}, { ...headers, ...as(USER_TOKEN) });
    expect(refused.body.message).toBe(
      'serviceaccounts "b" is forbidden: User "jane" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "a"',
    );
  });
});

describe('TokenRequest', () => {
  it('mints the claims of Kubernetes', async () => {
    const { status, body } = await tokenFor('robot', { audiences: ['a', 'b'], expirationSeconds: 700 });
    expect(status).toBe(201);
    const decoded = decodeToken(body.status.token);
    expect(decoded.ok && decoded.value.header.alg).toBe('RS256');
    const claims = decoded.ok ? decoded.value.claims : {};
    expect(claims).toMatchObject({
      iss: ISSUER,
      aud: ['a', 'b'],
      sub: 'system:serviceaccount:default:robot',
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(700);
    expect(claims['kubernetes.io']).toMatchObject({
      namespace: 'default',
      serviceaccount: { name: 'robot' },
    });
    expect(body.spec).toMatchObject({ audiences: ['a', 'b'], expirationSeconds: 700 });
  });

  it('binds to a pod and dies with it', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const spec = { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'i' }] };
    const { body: pod } = await test.call('POST', pods, { metadata: { name: 'p' }, spec });
    const reference = { kind: 'Pod', apiVersion: 'v1', name: 'p', uid: pod.metadata.uid };
    const { body } = await tokenFor('robot', { boundObjectRef: reference });
    const bound = body.status.token;
    const decoded = decodeToken(bound);
    expect(decoded.ok && decoded.value.claims['kubernetes.io']).toMatchObject({
      pod: { name: 'p', uid: pod.metadata.uid },
    });
    const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { body: who } = await test.call('POST', review, {}, as(bound));
    expect(who.status.userInfo.extra).toMatchObject({ 'authentication.kubernetes.io/pod-name': ['p'] });
    await test.call('DELETE', `${pods}/p`, { gracePeriodSeconds: 0 });
    expect((await test.call('POST', review, {}, as(bound))).status).toBe(401);
  });

  it('refuses lifetimes and bindings out of bounds', async () => {
    const short = await tokenFor('robot', { expirationSeconds: 60 });
    expect(short.body.message).toBe(
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    );
    expect((await tokenFor('nobody')).status).toBe(404);
    expect((await tokenFor('robot', { boundObjectRef: { kind: 'Pod', name: 'zz' } })).status).toBe(404);
    await test.call('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 's' } });
    const stale = await tokenFor('robot', { boundObjectRef: { kind: 'Secret', name: 's', uid: 'old' } });
    expect(stale.status).toBe(409);
  });
});

describe('authorization', () => {
  const RBAC = '/apis/rbac.authorization.k8s.io/v1';

  it('grants by role and names, and refuses in RBAC’s words', async () => {
    const read = () => test.call('GET', '/api/v1/namespaces/default/configmaps/one', undefined, as(token));
    expect((await read()).body.message).toBe(
      'configmaps "one" is forbidden: User "system:serviceaccount:default:robot" cannot get resource "configmaps" in API group "" in the namespace "default"',
    );
    await test.call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'one' } });
    await test.call('POST', `${RBAC}/namespaces/default/roles`, {
      metadata: { name: 'reader' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get'] }],
    });
    await test.call('POST', `${RBAC}/namespaces/default/rolebindings`, {
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }],
    });
    expect((await read()).status).toBe(200);
    expect(
      (await test.call('GET', '/api/v1/namespaces/default/configmaps', undefined, as(token))).status,
    ).toBe(403);
    const can = await test.call(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        spec: {
          resourceAttributes: { namespace: 'default', verb: 'get', resource: 'configmaps', name: 'one' },
        },
      },
      as(token),
    );
    expect(can.body.status).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by RoleBinding "reader/default" of Role "reader" to ServiceAccount "robot/default"',
    });
  });

  it('names what allows, and the roles that are missing', async () => {
    const bound = (name: string, role: string) =>
      test.call('POST', `${RBAC}/clusterrolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ann' }],
      });
    await bound('ann-views', 'view');
    await bound('ann-waits', 'to-come');
    const may = async (verb: string) => {
      const spec = { user: 'ann', resourceAttributes: { namespace: 'default', verb, resource: 'pods' } };
      const { body } = await test.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec,
      });
      return body.status;
    };
    expect(await may('list')).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "ann-views" of ClusterRole "view" to User "ann"',
    });
    expect(await may('delete')).toEqual({
      allowed: false,
      reason: 'RBAC: clusterrole.rbac.authorization.k8s.io "to-come" not found',
    });
  });

  it('does not let anyone grant what they do not hold', async () => {
    const project = await test.call(
      'POST',
      '/apis/project.openshift.io/v1/projectrequests',
      { metadata: { name: 'janes' } },
      as(USER_TOKEN),
    );
    expect(project.status).toBe(201);
    expect(project.body).toMatchObject({
      kind: 'Project',
      metadata: { annotations: { 'openshift.io/requester': 'jane' } },
    });
    const grant = (rules: unknown[]) =>
      test.call(
        'POST',
        `${RBAC}/namespaces/janes/roles`,
        { metadata: { generateName: 'r-' }, rules },
        as(USER_TOKEN),
      );
    expect(
      (await grant([{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['create'] }])).status,
    ).toBe(201);
    const beyond = await grant([{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }]);
    expect(beyond.body.message).toContain(
      'is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["get"]}',
    );
    const bind = await test.call(
      'POST',
      `${RBAC}/namespaces/janes/rolebindings`,
      { metadata: { name: 'x' }, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [] },
      as(USER_TOKEN),
    );
    expect(bind.status).toBe(403);
    const projects = await test.call(
      'GET',
      '/apis/project.openshift.io/v1/projects',
      undefined,
      as(USER_TOKEN),
    );
    expect(projects.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([
      'janes',
    ]);
  });

  it('aggregates cluster roles by label', async () => {
    await test.call('POST', `${RBAC}/clusterroles`, {
      metadata: { name: 'widgets-view', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      rules: [{ apiGroups: ['example.com'], resources: ['widgets'], verbs: ['get'] }],
    });
    const review = {
      spec: {
        resourceAttributes: { namespace: 'janes', verb: 'get', group: 'example.com', resource: 'widgets' },
      },
    };
    const can = await test.call(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      review,
      as(USER_TOKEN),
    );
    expect(can.body.status.allowed).toBe(true);
  });
});
