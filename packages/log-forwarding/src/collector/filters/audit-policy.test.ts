import { describe, expect, it } from 'vitest';
import type { AuditPolicy, AuditRule } from '../../config/collector-config.ts';
import { compileAuditPolicy } from './audit-policy.ts';

const event = {
  auditID: '1',
  level: 'RequestResponse',
  stage: 'ResponseComplete',
  verb: 'update',
  requestURI: '/api/v1/namespaces/shop/pods/web/status?x=1',
  user: { username: 'alice', groups: ['devs', 'system:authenticated'] },
  objectRef: { apiGroup: '', resource: 'pods', subresource: 'status', namespace: 'shop', name: 'web' },
  responseStatus: { code: 200 },
  requestObject: { metadata: { name: 'web', managedFields: [] } },
  responseObject: { metadata: { name: 'web', managedFields: [] } },
};

/** The level that is left, or `dropped`. */
function levelAfter(policy: Partial<AuditPolicy>, changes: object = {}): unknown {
  const record = structuredClone({ ...event, ...changes });
  const kept = compileAuditPolicy({ rules: [], omitStages: [], omitResponseCodes: [], ...policy })(record);
  return kept ? record.level : 'dropped';
}

const rule = (changes: Partial<AuditRule>): { rules: AuditRule[] } => ({
  rules: [{ level: 'Metadata', ...changes }],
});

describe('the audit policy', () => {
  it.each<[string, Partial<AuditPolicy>, object, unknown]>([
    ['no rule', {}, {}, 'RequestResponse'],
    ['a rule for all', rule({}), {}, 'Metadata'],
    ['level None', rule({ level: 'None' }), {}, 'dropped'],
    ['an omitted stage', { omitStages: ['ResponseComplete'] }, {}, 'dropped'],
    ['an omitted code', { omitResponseCodes: [200] }, {}, 'dropped'],
    ['a stage that the rule omits', rule({ omitStages: ['ResponseComplete'] }), {}, 'dropped'],
    ['verbs', rule({ verbs: ['get'] }), {}, 'RequestResponse'],
    ['users with a star', rule({ users: ['al*'] }), {}, 'Metadata'],
    ['groups', rule({ userGroups: ['*:authenticated'] }), {}, 'Metadata'],
    ['namespaces', rule({ namespaces: ['sh*'] }), {}, 'Metadata'],
    ['another namespace', rule({ namespaces: ['kube-*'] }), {}, 'RequestResponse'],
    [
      'a resource without its subresource',
      rule({ resources: [{ resources: ['pods'] }] }),
      {},
      'RequestResponse',
    ],
    ['a subresource', rule({ resources: [{ resources: ['pods/status'] }] }), {}, 'Metadata'],
    ['any subresource', rule({ resources: [{ resources: ['pods/*'] }] }), {}, 'Metadata'],
    ['another group', rule({ resources: [{ group: 'apps' }] }), {}, 'RequestResponse'],
    ['names', rule({ resources: [{ resources: ['*'], resourceNames: ['we*'] }] }), {}, 'Metadata'],
    ['paths of no resource', rule({ nonResourceURLs: ['/healthz*'] }), {}, 'RequestResponse'],
    [
      'a path',
      rule({ nonResourceURLs: ['/healthz*'] }),
      { objectRef: undefined, requestURI: '/healthz/x?y' },
      'Metadata',
    ],
    [
      'the first rule that fits',
      { rules: [{ level: 'None', users: ['bob'] }, { level: 'Request' }] },
      {},
      'Request',
    ],
    ['reads of the system', {}, { user: { username: 'system:node' }, verb: 'list' }, 'dropped'],
    ['writes at home', {}, { user: { username: 'system:serviceaccount:shop:x' } }, 'dropped'],
    [
      'failed writes at home',
      {},
      { user: { username: 'system:serviceaccount:shop:x' }, responseStatus: { code: 500 } },
      'Request',
    ],
    ['writes of the system', {}, { user: { username: 'system:kube-scheduler' } }, 'Request'],
    ['nobody', {}, { user: {}, verb: 'get' }, 'dropped'],
  ])('with %s', (_, policy, changes, expected) => {
    expect(levelAfter(policy, changes)).toBe(expected);
  });

  it('leaves of bodies what the level allows', () => {
    const bodies = (level: AuditRule['level'], omitManagedFields = false) => {
      const record = structuredClone(event);
      compileAuditPolicy({ rules: [{ level, omitManagedFields }], omitStages: [], omitResponseCodes: [] })(
        record,
      );
      return [record.requestObject, record.responseObject];
    };
    expect(bodies('Metadata')).toEqual([undefined, undefined]);
    expect(bodies('Request')).toEqual([event.requestObject, undefined]);
    expect(bodies('RequestResponse', true)).toEqual([
      { metadata: { name: 'web' } },
      { metadata: { name: 'web' } },
    ]);
  });

  it('passes what is no audit event', () => {
    const policy = compileAuditPolicy({ rules: [{ level: 'None' }], omitStages: [], omitResponseCodes: [] });
    expect(policy({ message: 'x' })).toBe(true);
  });
});
