import { expect, it } from 'vitest';
import { readReview, type Review } from './review.ts';

const review = (version: Review['version']): Review => ({ version, uid: 'u', body: {} });
const v1 = (response: object) => ({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response });
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

it('wants a v1 answer to name itself and the question', () => {
  expect(readReview({ response: { allowed: true } }, review('v1'), 'mutating')).toEqual({
    ok: false,
    error: 'expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind=',
  });
  expect(readReview(v1({ uid: 'other', allowed: true }), review('v1'), 'mutating')).toEqual({
    ok: false,
    error: 'expected response.uid="u", got "other"',
  });
  expect(readReview(v1({ uid: 'u', allowed: true }), review('v1'), 'mutating')).toMatchObject({ ok: true });
});

it('takes v1beta1 answers as they come', () => {
  const answer = { response: { allowed: true, patch: base64([{ op: 'add', path: '/a', value: 1 }]) } };
  expect(readReview(answer, review('v1beta1'), 'mutating')).toMatchObject({
    ok: true,
    value: { allowed: true, patch: [{ op: 'add', path: '/a', value: 1 }] },
  });
});

it('refuses patches that are none', () => {
  const read = (response: object, kind: 'mutating' | 'validating' = 'mutating') =>
    readReview(v1({ uid: 'u', allowed: true, ...response }), review('v1'), kind);
  expect(read({ patch: base64([]) })).toMatchObject({
    ok: false,
    error: expect.stringContaining('patchType'),
  });
  expect(read({ patch: '!!', patchType: 'JSONPatch' })).toMatchObject({ ok: false });
  expect(read({ patch: base64([]), patchType: 'JSONPatch' }, 'validating')).toMatchObject({ ok: false });
  expect(readReview('x', review('v1'), 'mutating')).toMatchObject({ ok: false });
  expect(readReview(v1(null as unknown as object), review('v1'), 'mutating')).toMatchObject({ ok: false });
});
