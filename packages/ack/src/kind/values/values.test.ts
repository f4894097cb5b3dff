// Values go to AWS's shapes and come back as they were.
import { loadConstraints, loadModel } from '@pergola/aws-model';
import { beforeAll, expect, test } from 'vitest';
import type { FieldType } from '../model/field-type.ts';
import { TypeCatalogue } from '../model/type-catalogue.ts';
import { fromAws } from './from-aws.ts';
import { select } from './select.ts';
import { toAws } from './to-aws.ts';

let s3: TypeCatalogue;
beforeAll(async () => {
  s3 = new TypeCatalogue(await loadModel('s3'), await loadConstraints('s3'));
});

test('members get the names of AWS, dates and numbers their types', () => {
  const type = s3.named('LifecycleRule');
  const json = {
    id: 'old',
    status: 'Enabled',
    expiration: { date: '2026-01-01T00:00:00Z' },
    transitions: [{ days: 30, storageClass: 'GLACIER' }],
  };
  const aws = toAws(type, json);
  expect(aws).toEqual({
    ID: 'old',
    Status: 'Enabled',
    Expiration: { Date: new Date('2026-01-01T00:00:00Z') },
    Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
  });
  expect(fromAws(type, aws)).toEqual(json);
});

test('bytes are text in base64', () => {
  const blob: FieldType = { kind: 'blob' };
  expect(toAws(blob, 'AAEC')).toEqual(Buffer.from([0, 1, 2]));
  expect(fromAws(blob, new Uint8Array([0, 1, 2]))).toBe('AAEC');
});

test('what the type does not know is not shown, and secrets never are', () => {
  const type: FieldType = { kind: 'map', value: { kind: 'secret' } };
  expect(fromAws(type, { a: 'hidden' })).toEqual({ a: undefined });
  expect(fromAws(s3.named('LifecycleRule'), { ID: 'a', Unheard: 1 })).toEqual({ id: 'a' });
});

test('what the type does not know is passed on as it is', () => {
  expect(toAws(s3.named('LifecycleRule'), { id: 'a', unheard: 1 })).toEqual({ ID: 'a', unheard: 1 });
});

test.each([
  ['', { A: 1 }, { A: 1 }],
  ['A.B', { A: { B: 1 } }, 1],
  ['A[0].B', { A: [{ B: 1 }] }, 1],
  ['A[].B', { A: [{ B: 1 }, {}, { B: 2 }] }, [1, 2]],
  ['A[]', { A: [1] }, [1]],
  ['A.B', { A: null }, undefined],
  ['A.B', undefined, undefined],
  ['constructor', {}, undefined],
])('%j of %j is %j', (path, value, found) => {
  expect(select(value, path)).toEqual(found);
});
