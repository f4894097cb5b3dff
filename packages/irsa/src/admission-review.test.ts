import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReview, renderAllowed, renderRefused } from './admission-review.ts';

const review = (apiVersion: string, request: unknown = { uid: 'u1', namespace: 'a', object: { spec: {} } }) =>
  JSON.stringify({ kind: 'AdmissionReview', apiVersion, request });

test.each(['v1', 'v1beta1'])('%s is answered in its own version', (version) => {
  const parsed = parseReview(review(`admission.k8s.io/${version}`));
  if (!parsed.ok) throw new Error(parsed.error.message);
  expect(renderAllowed(parsed.value, undefined)).toBe(
    `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/${version}","response":{"uid":"u1","allowed":true}}`,
  );
  const patched = JSON.parse(renderAllowed(parsed.value, [{ op: 'add', path: '/x', value: 1 }]));
  expect(patched.response.patchType).toBe('JSONPatch');
  expect(Buffer.from(patched.response.patch, 'base64').toString()).toBe(
    '[{"op":"add","path":"/x","value":1}]',
  );
});

test.each([
  ['', "couldn't get version/kind; json parse error:"],
  ['{}', "Object 'Kind' is missing in '{}'"],
  ['{"kind":"AdmissionReview"}', "Object 'apiVersion' is missing in"],
  ['{"kind":"Pod","apiVersion":"v1"}', 'no kind "Pod" is registered for version "v1"'],
  [
    review('admission.k8s.io/v2'),
    'no kind "AdmissionReview" is registered for version "admission.k8s.io/v2"',
  ],
  [review('admission.k8s.io/v1', null), 'bad content'],
  [review('admission.k8s.io/v1', { uid: 'u' }), 'unexpected end of JSON input'],
  [
    review('admission.k8s.io/v1', { object: { spec: { containers: {} } } }),
    'cannot unmarshal Pod.spec.containers',
  ],
  [
    review('admission.k8s.io/v1', { object: { spec: {}, metadata: { annotations: { a: 1 } } } }),
    'cannot unmarshal Pod.metadata.annotations',
  ],
])('%s is refused: %s', (body, message) => {
  const parsed = parseReview(body);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) {
    expect(parsed.error.message).toContain(message);
    expect(JSON.parse(renderRefused(parsed.error)).response).toMatchObject({ allowed: false, status: {} });
  }
});

test('no body makes it throw', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((o) => review('admission.k8s.io/v1', { object: o })),
  );
  fc.assert(fc.property(anything, (body) => typeof parseReview(body).ok === 'boolean'));
});
