import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-logger-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('writes errors with message and stack, one JSON object a line, for its owner only', async () => {
  const path = join(folder, 'log');
  const logger = createLogger('warn', path);
  logger.info({}, 'not this');
  logger.child({ part: 'x' }).error({ error: new TypeError('boom\nfake line') }, 'a bug');
  logger.warn({ error: 'a mere text' }, 'no bug');
  await expect.poll(() => readFileSync(path, 'utf8').trimEnd().split('\n').length).toBe(2);
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { part: 'x', msg: 'a bug', error: { type: 'TypeError', message: 'boom\nfake line' } },
    { msg: 'no bug', error: 'a mere text' },
  ]);
  expect(lines[0].error.stack).toContain('logger.test.ts');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
