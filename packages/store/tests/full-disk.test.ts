// A disk that is full: transactions are refused as a whole, what was answered stays, and the process goes on.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pergola-full-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

/** Of kilobytes: the limit of a file's length stands for the end of the disk. */
const LIMIT = 4_000;

it('refuses what does not fit, and keeps what did', { timeout: 60_000 }, () => {
  const writer = join(import.meta.dirname, 'full-disk-writer.ts');
  const script = `trap '' XFSZ; ulimit -f ${LIMIT}; exec "$0" --import tsx "$1" "$2"`;
  const { status, stdout } = spawnSync('bash', ['-c', script, process.execPath, writer, path], {
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect({ status, told: stdout.slice(0, 1) }).toEqual({ status: 0, told: '{' });
  const { text, bytes } = JSON.parse(stdout) as Record<'text' | 'bytes', Record<string, number>>;
  expect(text).toMatchObject({ refused: 3, kept: text?.['written'], revision: (text?.['written'] ?? 0) + 1 });
  expect(text?.['written']).toBeGreaterThan(5);
  expect(bytes).toMatchObject({ refused: 3, first: 3, last: 3, next: 0 });
});
