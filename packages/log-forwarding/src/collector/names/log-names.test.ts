import { describe, expect, it } from 'vitest';
import type { NamingConfig } from '../../config/collector-config.ts';
import type { ContainerMetadata } from '../metadata/container-metadata.ts';
import { isVaryingTemplate, type LogOrigin, namesOf } from './log-names.ts';

const web: ContainerMetadata = {
  namespace: 'shop',
  podName: 'web-1',
  podUid: 'uid-1',
  container: 'main',
  attempt: 3,
  logType: 'application',
  namespaceUid: 'ns-uid',
};
const app: LogOrigin = { kind: 'container', container: web };
const infra: LogOrigin = {
  kind: 'container',
  container: { ...web, namespace: 'openshift-dns', logType: 'infrastructure' },
};
const audit = (source: 'auditd' | 'kubeAPI' | 'openshiftAPI' | 'ovn'): LogOrigin => ({
  kind: 'audit',
  source,
});

function names(naming: NamingConfig, origin: LogOrigin, record: object = {}): [string, string] {
  const { group, stream } = namesOf(naming, origin, { hostname: 'ip-10-0-1-2', record });
  return [group, stream];
}

describe('names in the style of v1', () => {
  const by = (groupBy: 'logType' | 'namespaceName' | 'namespaceUUID', prefix = 'rosa-x') =>
    ({ style: 'v1', groupBy, prefix }) as const;
  it.each<[NamingConfig, LogOrigin, [string, string]]>([
    [by('logType'), app, ['rosa-x.application', 'kubernetes.var.log.pods.shop_web-1_uid-1.main.3.log']],
    [by('namespaceName'), app, ['rosa-x.shop', 'kubernetes.var.log.pods.shop_web-1_uid-1.main.3.log']],
    [by('namespaceUUID'), app, ['rosa-x.ns-uid', 'kubernetes.var.log.pods.shop_web-1_uid-1.main.3.log']],
    [by('namespaceName', ''), app, ['shop', 'kubernetes.var.log.pods.shop_web-1_uid-1.main.3.log']],
    [
      by('namespaceName'),
      infra,
      ['rosa-x.infrastructure', 'ip-10-0-1-2.kubernetes.var.log.pods.openshift-dns_web-1_uid-1.main.3.log'],
    ],
    [by('namespaceName'), { kind: 'node' }, ['rosa-x.infrastructure', 'ip-10-0-1-2.journal.system']],
    [by('namespaceUUID'), audit('auditd'), ['rosa-x.audit', 'ip-10-0-1-2.linux-audit.log']],
    [by('logType'), audit('kubeAPI'), ['rosa-x.audit', 'ip-10-0-1-2.k8s-audit.log']],
    [by('logType'), audit('openshiftAPI'), ['rosa-x.audit', 'ip-10-0-1-2.openshift-audit.log']],
    [by('logType', ''), audit('ovn'), ['audit', 'ip-10-0-1-2.ovn-audit.log']],
  ])('%j: %#', (naming, origin, expected) => {
    expect(names(naming, origin)).toEqual(expected);
  });
});

describe('names in the style of observability.openshift.io', () => {
  const template = (groupName: string) => ({ style: 'observability', groupName }) as const;
  const record = {
    log_type: 'application',
    kubernetes: { namespace_name: 'shop', labels: { app_kubernetes_io_name: 'we b*' } },
  };

  it.each<[string, string]>([
    ['foo-{.log_type||"none"}', 'foo-application'],
    ['{.kubernetes.namespace_name||"x"}', 'shop'],
    ['{.missing||.kubernetes.namespace_name||"x"}/logs', 'shop/logs'],
    ['a.{.missing||"none"}', 'a.none'],
    ['{.kubernetes||"no-object"}', 'no-object'],
    ['{.kubernetes.labels."app.kubernetes.io/name"||"none"}', 'we_b_'],
    ['plain', 'plain'],
  ])('%s is %s', (groupName, expected) => {
    expect(names(template(groupName), app, record)[0]).toBe(expected);
  });

  it.each<[LogOrigin, string]>([
    [app, 'shop_web-1_main'],
    [infra, 'ip-10-0-1-2.openshift-dns_web-1_main'],
    [{ kind: 'node' }, 'ip-10-0-1-2.journal.system'],
    [audit('auditd'), 'ip-10-0-1-2.auditd'],
    [audit('kubeAPI'), 'ip-10-0-1-2.kubeapi'],
    [audit('openshiftAPI'), 'ip-10-0-1-2.openshiftapi'],
    [audit('ovn'), 'ip-10-0-1-2.ovn'],
  ])('%j streams to %s', (origin, expected) => {
    expect(names(template('g'), origin)[1]).toBe(expected);
  });

  it('are asked for each record only where records differ', () => {
    expect(isVaryingTemplate(template('{.log_type||"x"}'), true)).toBe(false);
    expect(isVaryingTemplate(template('{.kubernetes.labels.app||"x"}'), true)).toBe(false);
    expect(isVaryingTemplate(template('{.kubernetes.labels.app||"x"}'), false)).toBe(true);
    expect(isVaryingTemplate(template('{.level||"x"}'), true)).toBe(true);
    expect(isVaryingTemplate(template('{.user.username||"x"}'), true, false)).toBe(true);
  });
});
