import { fakeClock } from '@pergola/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Container, Pod } from '../pod.ts';
import { fieldValue, resourceValue } from './downward.ts';
import { podEnvironment } from './environment.ts';
import { expandReferences } from './expand.ts';
import { ReferenceReader } from './references.ts';

const values = new Map([
  ['A', 'x'],
  ['B', '$(A)'],
]);

describe('expandReferences', () => {
  // From third_party/forked/golang/expansion/expand_test.go, by meaning.
  it.each([
    ['$(A)', 'x'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$x'],
    ['$(B)', '$(A)'],
    ['$(NONE)', '$(NONE)'],
    ['$(A', '$(A'],
    ['$', '$'],
    ['$$', '$'],
    ['a$A', 'a$A'],
    ['$(A)$(A)', 'xx'],
    ['$()', '$()'],
  ])('%s → %s', (text, wanted) => expect(expandReferences(text, values)).toBe(wanted));

  it('leaves text without dollars alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replaceAll('$', '');
        expect(expandReferences(plain, values)).toBe(plain);
        expect(expandReferences(plain.replaceAll('$', '$$'), values)).toBe(plain);
      }),
    );
  });
});

const container: Container = {
  name: 'c',
  image: 'i',
  resources: { limits: { cpu: '1500m', memory: '64Mi' } },
};
const pod: Pod = {
  metadata: { name: 'p', namespace: 'n', uid: 'u', labels: { b: '2', a: '1 "x"' } },
  spec: { containers: [container], nodeName: 'node' },
};
const context = { podIp: '127.64.0.2', hostIp: '127.0.0.1', capacity: { memory: '1Gi' } };

describe('the downward API', () => {
  it('tells fields', () => {
    expect(fieldValue(pod, 'metadata.labels', context)).toMatchObject({ value: 'a="1 \\"x\\""\nb="2"' });
    expect(fieldValue(pod, `metadata.labels['b']`, context)).toMatchObject({ value: '2' });
    expect(fieldValue(pod, 'status.podIP', context)).toMatchObject({ value: '127.64.0.2' });
    expect(fieldValue(pod, 'spec.secret', context)).toMatchObject({ ok: false });
  });

  it('rounds resources up to the divisor', () => {
    expect(resourceValue(pod, { resource: 'limits.cpu' }, container, context)).toMatchObject({ value: '2' });
    expect(
      resourceValue(
        pod,
        { resource: 'requests.memory', divisor: '1Mi', containerName: 'c' },
        undefined,
        context,
      ),
    ).toMatchObject({ value: '64' });
    expect(resourceValue(pod, { resource: 'cpu' }, container, context)).toMatchObject({ ok: false });
  });
});

describe('podEnvironment', () => {
  const references = {
    read: async (kind: string, _namespace: string, name: string) =>
      name === 'gone' ? undefined : new Map([['k', Buffer.from(`${kind}-value`)]]),
  };
  const sources = { references, downward: context };

  it('goes in order, later over earlier, expanded with what stands before', async () => {
    const env = await podEnvironment(
      pod,
      {
        ...container,
        envFrom: [
          { prefix: 'P_', secretRef: { name: 's' } },
          { configMapRef: { name: 'gone', optional: true } },
        ],
        env: [
          { name: 'X', value: '$(Y)' },
          { name: 'Y', value: '$(P_k)!' },
          { name: 'X', value: '$(Y)$(Y)' },
        ],
      },
      sources,
    );
    expect(Object.fromEntries(env)).toEqual({
      P_k: 'secret-value',
      X: 'secret-value!secret-value!',
      Y: 'secret-value!',
    });
  });

  it('says what is missing as the kubelet does', async () => {
    const missing = (name: string, key: string) =>
      podEnvironment(
        pod,
        { ...container, env: [{ name: 'X', valueFrom: { configMapKeyRef: { name, key } } }] },
        sources,
      );
    await expect(missing('gone', 'k')).rejects.toThrow('configmap "gone" not found');
    await expect(missing('there', 'other')).rejects.toThrow(`couldn't find key other in ConfigMap n/there`);
  });
});

describe('ReferenceReader', () => {
  it('shares an answer for a moment and then asks again', async () => {
    const clock = fakeClock();
    let asked = 0;
    const find = async () => ({
      metadata: { name: 's' },
      data: { k: Buffer.from(String(++asked)).toString('base64') },
    });
    const reader = new ReferenceReader({ find } as never, clock);
    const first = await reader.read('secret', 'n', 's');
    expect(await reader.read('secret', 'n', 's')).toBe(first);
    clock.advance(1000);
    expect((await reader.read('secret', 'n', 's'))?.get('k')?.toString()).toBe('2');
  });
});
