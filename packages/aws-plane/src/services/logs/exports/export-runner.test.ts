import { fakeClock, type Logger, silentLogger } from '@pergola/kernel';
import type { LogStore } from '@pergola/log-store';
import type { Reader } from '@pergola/store';
import { expect, it } from 'vitest';
import type { PlaneContext } from '../../../plane-context.ts';
import { ExportRunner } from './export-runner.ts';
import type { ExportRecord } from './export-task.ts';

const task: ExportRecord = {
  account: '123456789012',
  region: 'us-east-1',
  id: 't1',
  name: undefined,
  groupName: 'absent',
  streamPrefix: undefined,
  fromMs: 0,
  toMs: 1,
  bucket: 'b',
  prefix: 'p',
  status: 'PENDING',
  message: '',
  createdMs: 0,
  endedMs: undefined,
};

/** A plane whose store refuses its first `failures` transactions; they are counted. */
function openRunner(failures: number) {
  const errors: object[] = [];
  const entries = new Map<string, string>();
  let transactions = 0;
  const reader = {
    get: (key: string) => (entries.has(key) ? { value: entries.get(key) } : undefined),
  } as unknown as Reader;
  const store = {
    ...reader,
    transact: async (work: (tx: Reader) => unknown) => {
      transactions++;
      if (transactions <= failures) throw new Error('the disk is full');
      return { value: work(reader) };
    },
  };
  const logger: Logger = { ...silentLogger, error: (fields: object) => errors.push(fields) };
  const plane = { store, clock: fakeClock(), logger } as unknown as PlaneContext;
  const runner = new ExportRunner(plane, {} as LogStore);
  return { runner, errors, count: () => transactions };
}

it('a task whose end cannot be kept does not stop those behind it', async () => {
  const { runner, errors, count } = openRunner(2);
  runner.start(task);
  runner.start({ ...task, id: 't2' });
  // Two for each: that it runs, and that it has failed, for its group is not there.
  await expect.poll(count).toBe(4);
  await runner.close();
  expect(errors).toContainEqual(expect.objectContaining({ task: 't1' }));
});

it('takes in nothing after its end', async () => {
  const { runner, count } = openRunner(0);
  await runner.close();
  runner.start(task);
  await runner.close();
  expect(count()).toBe(0);
});
