import { describe, expect, it } from 'vitest';
import type { ApplicationInput, InputConfig, LabelSelector } from '../../config/collector-config.ts';
import { type ContainerMetadata, logTypeOf, parsePodLogPath } from '../metadata/container-metadata.ts';
import { inputTakes, selectorTakes } from './input-match.ts';

function taken(input: InputConfig, namespace: string, container = 'main'): boolean {
  const metadata: ContainerMetadata = {
    namespace,
    podName: 'p',
    podUid: 'u',
    container,
    attempt: 0,
    logType: logTypeOf(namespace),
  };
  return inputTakes(input, { kind: 'container', container: metadata });
}

const application = (changes: Partial<ApplicationInput> = {}): ApplicationInput => ({
  name: 'a',
  type: 'application',
  includes: [],
  excludes: [],
  ...changes,
});

describe('an input', () => {
  it.each<[InputConfig, string, boolean]>([
    [application(), 'shop', true],
    [application(), 'openshift-dns', false],
    [application(), 'openshift', false],
    [application(), 'default', false],
    [application(), 'kubernetes-lab', true],
    [application(), 'openshifty', true],
    [application({ includes: [{ namespace: 'sh*' }] }), 'shop', true],
    [application({ includes: [{ namespace: 'sh*' }] }), 'bank', false],
    [application({ includes: [{ namespace: '*' }] }), 'kube-system', false],
    [application({ includes: [{ namespace: 'kube-*' }] }), 'kube-system', true],
    [application({ includes: [{ container: 'main' }] }), 'shop', true],
    [application({ includes: [{ namespace: 'shop', container: 'side*' }] }), 'shop', false],
    [application({ excludes: [{ namespace: 'shop' }] }), 'shop', false],
    [application({ excludes: [{ namespace: 'shop', container: 'side' }] }), 'shop', true],
    [{ name: 'i', type: 'infrastructure', sources: ['container'] }, 'kube-system', true],
    [{ name: 'i', type: 'infrastructure', sources: ['node'] }, 'kube-system', false],
    [{ name: 'i', type: 'infrastructure', sources: ['container'] }, 'shop', false],
    [{ name: 'x', type: 'audit', sources: ['kubeAPI'] }, 'shop', false],
  ])('%j takes %s: %s', (input, namespace, expected) => {
    expect(taken(input, namespace)).toBe(expected);
  });

  it('takes the node and its audit logs by source', () => {
    const node: InputConfig = { name: 'i', type: 'infrastructure', sources: ['node'] };
    const audit: InputConfig = { name: 'x', type: 'audit', sources: ['ovn'] };
    expect(inputTakes(node, { kind: 'node' })).toBe(true);
    expect(inputTakes(audit, { kind: 'node' })).toBe(false);
    expect(inputTakes(audit, { kind: 'audit', source: 'ovn' })).toBe(true);
    expect(inputTakes(audit, { kind: 'audit', source: 'auditd' })).toBe(false);
  });
});

const labels = { app: 'web', tier: 'front' };

it.each<[LabelSelector, Record<string, string> | undefined, boolean]>([
  [{}, undefined, true],
  [{ matchLabels: { app: 'web' } }, undefined, false],
  [{ matchLabels: { app: 'web', tier: 'front' } }, labels, true],
  [{ matchLabels: { app: 'db' } }, labels, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, labels, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, labels, false],
  [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['web'] }] }, labels, true],
  [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, labels, true],
  [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, labels, false],
])('the selector %j fits %j: %s', (selector, of, expected) => {
  expect(selectorTakes(selector, of)).toBe(expected);
});

it.each([
  [
    'shop_web-1_uid/main/3.log',
    { namespace: 'shop', podName: 'web-1', podUid: 'uid', container: 'main', attempt: 3 },
  ],
  ['shop_web-1_uid/main/3.log.20260102', undefined],
  ['shop_web/main/3.log', undefined],
])('reads the path %s', (path, expected) => {
  expect(parsePodLogPath(path)).toEqual(expected);
});
