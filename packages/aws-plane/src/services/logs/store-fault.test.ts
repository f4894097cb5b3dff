import { type Logger, silentLogger } from '@pergola/kernel';
import { AppendError, GroupDeletedError } from '@pergola/log-store';
import { expect, it } from 'vitest';
import { storeFault } from './store-fault.ts';

it('tells clients what they may do: try again, or not', () => {
  const logged: unknown[] = [];
  const logger: Logger = { ...silentLogger, error: (fields) => void logged.push(fields) };
  expect(storeFault(new GroupDeletedError('gone'), logger)).toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
  expect(logged).toEqual([]);
  const full = new AppendError(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  expect(storeFault(full, logger)).toMatchObject({ code: 'ServiceUnavailableException', status: 503 });
  expect(logged).toEqual([{ error: full }]);
  const bug = new TypeError('bug');
  expect(storeFault(bug, logger)).toBe(bug);
});
