import { expect, it } from 'vitest';
import { Leases } from './leases.ts';

function removalsOf(leases: Leases, names: readonly string[]) {
  const removed: string[] = [];
  for (const name of names) {
    leases.condemn(() => {
      removed.push(name);
      return Promise.resolve();
    });
  }
  return removed;
}

it('removes at once when nobody reads', () => {
  expect(removalsOf(new Leases(), ['a', 'b'])).toEqual(['a', 'b']);
});

it('waits for those who had begun, and for nobody else', () => {
  const leases = new Leases();
  const endFirst = leases.begin();
  const endSecond = leases.begin();
  const removed = removalsOf(leases, ['a']);
  const endLater = leases.begin();
  endFirst();
  endFirst();
  expect(removed).toEqual([]);
  endSecond();
  expect(removed).toEqual(['a']);
  endLater();
  expect(removed).toEqual(['a']);
});

it('survives a removal that fails', async () => {
  const leases = new Leases();
  leases.condemn(() => Promise.reject(new Error('busy')));
  await leases.settled();
  expect(removalsOf(leases, ['next'])).toEqual(['next']);
});
