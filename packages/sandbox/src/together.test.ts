import { expect, it } from 'vitest';
import { together } from './together.ts';

it('gives the results in order', async () => {
  expect(await together([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
});

it('rejects with the failure only when the slower task has ended', async () => {
  let opened = false;
  const open = async () => {
    await new Promise((done) => setImmediate(done));
    opened = true;
  };
  await expect(together([Promise.reject(new Error('taken')), open()])).rejects.toThrow('taken');
  expect(opened).toBe(true);
});
