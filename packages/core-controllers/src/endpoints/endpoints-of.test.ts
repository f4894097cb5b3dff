import type { KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { backendsOf, slicesOf, subsetsOf } from './endpoints-of.ts';

const pod = (name: string, ip: string | undefined, ready: boolean, rest: object = {}): KubeResource => ({
  metadata: { name, namespace: 'a', uid: name, ...rest },
  spec: {
    nodeName: 'n',
    containers: [{ ports: [{ name: 'http', containerPort: name === 'old' ? 9090 : 8080 }] }],
  },
  status: { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const service = (spec: object = {}): KubeResource => ({
  metadata: { name: 's' },
  spec: { ports: [{ name: 'web', port: 80, targetPort: 'http' }], ...spec },
});
const pods = [pod('b', '127.0.0.2', false), pod('a', '127.0.0.1', true), pod('c', undefined, true)];

test('ready and unready pods stand apart, those without an address nowhere', () => {
  expect(subsetsOf(backendsOf(service(), pods))).toEqual([
    {
      addresses: [
        { ip: '127.0.0.1', nodeName: 'n', targetRef: { kind: 'Pod', namespace: 'a', name: 'a', uid: 'a' } },
      ],
      notReadyAddresses: [
        { ip: '127.0.0.2', nodeName: 'n', targetRef: { kind: 'Pod', namespace: 'a', name: 'b', uid: 'b' } },
      ],
      ports: [{ name: 'web', port: 8080, protocol: 'TCP' }],
    },
  ]);
  const published = subsetsOf(backendsOf(service({ publishNotReadyAddresses: true }), pods));
  expect(published[0]).not.toHaveProperty('notReadyAddresses');
});

test('a named port may be another number in each pod, and a pod without it lacks the port', () => {
  const backends = backendsOf(service(), [pod('a', '127.0.0.1', true), pod('old', '127.0.0.3', true)]);
  expect(subsetsOf(backends)).toHaveLength(2);
  const missing = backendsOf(service({ ports: [{ port: 80, targetPort: 'grpc' }] }), pods);
  expect(missing[0]?.ports).toEqual([]);
  expect(backendsOf(service({ ports: [{ port: 80 }] }), pods)[0]?.ports).toEqual([
    { name: '', port: 80, protocol: 'TCP' },
  ]);
});

test('slices keep terminating pods, with what they still can do', () => {
  const leaving = pod('a', '127.0.0.1', true, { deletionTimestamp: 'now' });
  const [slice] = slicesOf(backendsOf(service(), [leaving]));
  expect(slice?.endpoints).toMatchObject([
    { conditions: { ready: false, serving: true, terminating: true } },
  ]);
  expect(subsetsOf(backendsOf(service(), [leaving]))).toEqual([]);
});
