// Bodies that are hostile, or that only look so: bombs, depth, values in a wrong coding, nulls that clients send.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlane, type TestPlane } from './harness.ts';

const NAMESPACE = '/api/v1/namespaces/default';
const yaml = { 'Content-Type': 'application/yaml' };
let test: TestPlane;

beforeAll(async () => {
  test = await startTestPlane();
  await test.call('POST', `${NAMESPACE}/serviceaccounts`, { metadata: { name: 'default' } });
});
afterAll(() => test[Symbol.asyncDispose]());

it('refuses YAML whose aliases multiply, and YAML without end', async () => {
  const levels = Array.from({ length: 20 }, (_, level) => {
    const parts = Array.from({ length: 10 }, () => (level === 0 ? 'x' : `*a${level - 1}`));
    return `a${level}: &a${level} [${parts.join(',')}]`;
  });
  const bomb = await test.call('POST', `${NAMESPACE}/configmaps`, levels.join('\n'), yaml);
  expect(bomb.status, bomb.text).toBe(400);
  expect(bomb.body.message).toContain('error converting YAML to JSON: yaml: ');
  const deep = await test.call('POST', `${NAMESPACE}/configmaps`, `a: ${'['.repeat(50_000)}`, yaml);
  expect(deep.status, deep.text.slice(0, 300)).toBe(400);
});

it('takes YAML that repeats itself within reason', async () => {
  const text = 'metadata: {name: repeats}\ndata: {a: &text hello, b: *text, c: *text}\n';
  const made = await test.call('POST', `${NAMESPACE}/configmaps`, text, yaml);
  expect(made.body.data).toEqual({ a: 'hello', b: 'hello', c: 'hello' });
});

it('refuses a Secret whose data is not base64 as one that it cannot read', async () => {
  const made = await test.call('POST', `${NAMESPACE}/secrets`, {
    metadata: { name: 's' },
    data: { k: 'a*b=' },
  });
  expect(made.body).toMatchObject({
    code: 400,
    message: 'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 1',
  });
});

it('reads the nulls in conditions as absent', async () => {
  const spec = { containers: [{ name: 'main', image: 'busybox' }] };
  expect((await test.call('POST', `${NAMESPACE}/pods`, { metadata: { name: 'p' }, spec })).status).toBe(201);
  const condition = { type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: null };
  const { body: pod } = await test.call('GET', `${NAMESPACE}/pods/p`);
  const status = { ...pod.status, conditions: [condition] };
  const put = await test.call('PUT', `${NAMESPACE}/pods/p/status?fieldValidation=Strict`, { ...pod, status });
  expect(put.status, put.text).toBe(200);
  expect(put.body.status.conditions).toMatchObject([{ type: 'Ready', status: 'True' }]);
  const merge = { 'Content-Type': 'application/strategic-merge-patch+json' };
  const patch = { status: { conditions: [{ ...condition, status: 'False' }] } };
  const patched = await test.call('PATCH', `${NAMESPACE}/pods/p/status`, patch, merge);
  expect(patched.body.status.conditions).toMatchObject([{ type: 'Ready', status: 'False' }]);
});

it('reads no grace period that is none, and none beyond a lifetime', async () => {
  await test.call('POST', `${NAMESPACE}/pods`, {
    metadata: { name: 'long', finalizers: ['example.com/hold'] },
    spec: { containers: [{ name: 'main', image: 'busybox' }], nodeName: 'x' },
  });
  const remove = (gracePeriodSeconds: unknown) =>
    test.call('DELETE', `${NAMESPACE}/pods/long`, { kind: 'DeleteOptions', gracePeriodSeconds });
  for (const wrong of [1.5, '30']) expect((await remove(wrong)).status).toBe(400);
  const { body } = await remove(1e300);
  expect(Date.parse(body.metadata.deletionTimestamp)).toBeGreaterThan(Date.parse('2080-01-01T00:00:00Z'));
});

it('answers a write with what a read then shows, byte for byte', async () => {
  const path = `${NAMESPACE}/configmaps`;
  const made = await test.call('POST', path, { data: { k: 'v' }, metadata: { name: 'same' } });
  expect((await test.call('GET', `${path}/same`)).text).toBe(made.text);
  const put = await test.call('PUT', `${path}/same`, { ...made.body, data: { k: 'w' } });
  expect((await test.call('GET', `${path}/same`)).text).toBe(put.text);
  const merge = { 'Content-Type': 'application/merge-patch+json' };
  const patched = await test.call('PATCH', `${path}/same`, { data: { more: 'x' } }, merge);
  expect((await test.call('GET', `${path}/same`)).text).toBe(patched.text);
});

it('bounds the warnings of an answer, however many fields are unknown', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`unknown${index}`, 1]));
  const made = await test.call('POST', `${NAMESPACE}/configmaps`, { metadata: { name: 'w' }, ...unknown });
  expect(made.status).toBe(201);
  expect(String(made.headers['warning']).length).toBeLessThan(8192);
});
