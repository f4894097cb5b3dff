import { pbkdf2 } from 'node:crypto';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { serverAccount } from './account.ts';
import { runTool } from './tool.ts';

const spec = (program: string, words: readonly string[] = []) => ({
  program,
  words: () => words,
  folders: [tmpdir()],
  account: serverAccount(),
});

test('resolves with what the program wrote, and rejects with its words', async () => {
  expect(await runTool(spec('/bin/cat'), 'some text')).toBe('some text');
  await expect(runTool(spec('/bin/sh', ['-c', 'echo no >&2; exit 3']))).rejects.toThrow(
    '/bin/sh ended with 3: no',
  );
});

test('hears of the end of a program that is faster than the closing of its folders', async () => {
  // Files are opened and closed by the threads that these keep busy.
  const derive = promisify(pbkdf2);
  const tools: Promise<string>[] = [];
  const busy: Promise<Buffer>[] = [];
  for (let round = 0; round < 20; round++) {
    tools.push(runTool(spec('/bin/echo', ['done'])));
    for (let job = 0; job < 6; job++) busy.push(derive('password', 'salt', 60_000, 32, 'sha256'));
  }
  expect(await Promise.all(tools)).toEqual(tools.map(() => 'done\n'));
  await Promise.all(busy);
});
