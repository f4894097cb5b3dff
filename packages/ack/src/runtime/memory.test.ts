import { seededRandom } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { Dependents } from './cluster/dependents.ts';
import { Memory } from './memory.ts';

test('its own writes are known, and awaited until the watch shows them', () => {
  const memory = new Memory(seededRandom());
  memory.wrote('k', '5', true);
  memory.wrote('k', '7', false);
  expect([memory.isOwnWrite('k', '5'), memory.isOwnWrite('k', '7'), memory.isOwnWrite('other', '5')]).toEqual(
    [true, false, false],
  );
  memory.saw('k', '5');
  expect(memory.isBehind('k')).toBe(true);
  memory.saw('k', '7');
  expect(memory.isBehind('k')).toBe(false);
});

test('digests differ from one process to the next', () => {
  const [one, other] = [new Memory(seededRandom(1)), new Memory(seededRandom(2))];
  expect(one.digest('word')).toBe(one.digest('word'));
  expect(one.digest('word')).not.toBe(other.digest('word'));
});

test('who depends on what follows each run, and counts while it goes on', () => {
  const dependents = new Dependents();
  const first = dependents.track('a');
  first.add('secret/x');
  expect(dependents.of('secret/x')).toEqual(['a']);
  first.add('secret/y');
  dependents.set('a', first);
  const second = dependents.track('a');
  second.add('secret/y');
  expect(dependents.of('secret/x')).toEqual(['a']);
  dependents.set('a', second);
  expect([dependents.of('secret/x'), dependents.of('secret/y')]).toEqual([[], ['a']]);
  dependents.forget('a');
  expect(dependents.of('secret/y')).toEqual([]);
});
