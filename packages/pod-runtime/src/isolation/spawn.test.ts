import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PipePool } from './pipes.ts';
import { spawnPlan } from './spawn.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'pergola-spawn-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

it.each([
  [false, 'its own id, whatever the container says'],
  [true, 'the id that our own stage tells'],
])('with tellsPid %j a process has %s', async (tellsPid) => {
  const command = { argv: ['true'], env: {}, cwd: '/', tty: false, stdin: false };
  const script = 'echo pid 1 >&4; echo ok >&4; exec 4>&-';
  const plan = { argv: ['sh', '/dev/fd/3'], script, command, scratch, tellsPid };
  const spawned = await spawnPlan(plan, new PipePool(join(scratch, 'pipes')));
  spawned.stdout.resume();
  spawned.stderr.resume();
  expect(await spawned.exited).toEqual({ code: 0 });
  expect(spawned.pid).toBe(tellsPid ? 1 : spawned.child.pid);
});
