// The whole proof on a machine that has Node, a shell, coreutils and util-linux, and no `aws`, `kubectl` or
// Python: the pods' `aws` is Pergola's own.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './clients.ts';
import { asNobody, makeRunnableCopy, whyNotNobody } from './runnable-copy.ts';

/** Of coreutils, util-linux and the shell, what scripts of pods and the stand-ins use. */
const programs =
  'sh cat chmod date dirname echo env false ls mkdir printf pwd readlink rm sleep tail test touch tr true wc mount umount setpriv script'.split(
    ' ',
  );

let folder: string;
let pergola: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-no-clients-'));
  chmodSync(folder, 0o755);
  pergola = makeRunnableCopy(join(folder, 'checkout'));
  path = join(folder, 'path');
  mkdirSync(path);
  symlinkSync(process.execPath, join(path, 'node'));
  for (const program of programs) {
    const source = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
      .map((each) => join(each, program))
      .find(existsSync);
    if (source) symlinkSync(source, join(path, program));
  }
  mkdirSync(join(folder, 'home'));
  chmodSync(join(folder, 'home'), 0o777);
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe('with no client on PATH', () => {
  it.each([
    ['auto', 'as we are', []],
    ['none', 'as we are', []],
    ...(whyNotNobody() === undefined ? [['auto', 'as another user', asNobody] as const] : []),
  ] as const)('all of the walkthrough holds with --isolation %s, %s', async (isolation, _who, become) => {
    const [program = '', ...args] = [...become, join(path, 'node'), pergola, 'demo', '--once', '--ephemeral'];
    const home = join(folder, 'home');
    const result = await run(program, [...args, '--isolation', isolation], {
      env: { PATH: path, HOME: home },
      cwd: home,
    });
    expect(result.stdout + result.stderr).toMatch(/(\d\d) of \1 held/);
    expect(result.code).toBe(0);
    // The session's name tells whose `aws` it was: the SDK for JavaScript's, not botocore's.
    expect(result.stdout).toMatch(/iam-app-demo-s3-role\/aws-sdk-js-session-/);
  });
});
