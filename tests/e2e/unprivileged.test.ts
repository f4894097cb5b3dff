// The whole proof as a user without any privilege: in a user namespace where the machine gives them, and
// without isolation.
import { mkdirSync, mkdtempSync, rmSync, chmodSync, chownSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './clients.ts';
import { asNobody, makeRunnableCopy, nobody, whyNotNobody } from './runnable-copy.ts';

const whyNot = whyNotNobody();

let folder: string;
let pergola: string;
let home: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-unprivileged-'));
  chmodSync(folder, 0o755);
  if (whyNot === undefined) pergola = makeRunnableCopy(join(folder, 'checkout'));
  home = join(folder, 'home');
  mkdirSync(home);
  if (whyNot === undefined) chownSync(home, nobody, nobody);
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe.skipIf(whyNot)(`as another user${whyNot ? ` (skipped: ${whyNot})` : ''}`, () => {
  it.each(['auto', 'none'])('all of the walkthrough holds with --isolation %s', async (isolation) => {
    const [program = '', ...become] = asNobody;
    const demo = [process.execPath, pergola, 'demo', '--once', '--ephemeral', '--isolation', isolation];
    const env = { PATH: process.env['PATH'], HOME: home };
    const result = await run(program, [...become, ...demo], { env, cwd: home });
    expect(result.stdout + result.stderr).toMatch(/(\d\d) of \1 held/);
    expect(result.code).toBe(0);
    if (isolation === 'none') expect(result.stdout).toContain('pods: none');
    else expect(result.stdout).toMatch(/pods: (namespaces-user|none)/);
  });
});
