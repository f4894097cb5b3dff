import { expect, test } from 'vitest';
import { OwnWrites } from './own-writes.ts';

const version = (resourceVersion: string, uid = 'u') => ({ metadata: { name: 'n', uid, resourceVersion } });

test('stands in for what the watch has not told yet, over several writes', () => {
  const writes = new OwnWrites();
  expect(writes.latest('k', version('1'))).toEqual(version('1'));
  writes.wrote('k', version('1'), version('2'));
  expect(writes.latest('k', version('1'))).toEqual(version('2'));
  writes.wrote('k', version('2'), version('3'));
  expect(writes.latest('k', version('1'))).toEqual(version('3'));
  expect(writes.latest('k', version('2'))).toEqual(version('3'));
});

test('gives way to what the watch tells, and to another object of the name', () => {
  const writes = new OwnWrites();
  writes.wrote('k', version('1'), version('2'));
  expect(writes.latest('k', version('4'))).toEqual(version('4'));
  expect(writes.latest('k', version('1'))).toEqual(version('1'));
  writes.wrote('k', version('1'), version('2'));
  expect(writes.latest('k', version('1', 'other'))).toEqual(version('1', 'other'));
});

test('knows nothing of a write that changed nothing, or that was forgotten', () => {
  const writes = new OwnWrites();
  writes.wrote('k', version('1'), version('1'));
  expect(writes.latest('k', version('1'))).toEqual(version('1'));
  writes.wrote('k', version('1'), version('2'));
  writes.forget('k');
  expect(writes.latest('k', version('1'))).toEqual(version('1'));
});
