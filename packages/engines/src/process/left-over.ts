// What a server of an earlier process has left: its pid file, and perhaps itself, still on its way out.
import { readFile, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

/**
 * Waits for the end of a server that still runs on `data`, makes it end when it does not, and removes the pid file: the
 * number in it may be another program's by now, and the server would not start. Nobody else uses the folder: we hold it.
 */
export async function clearLeftOver(data: string, pidFile: string): Promise<void> {
  const path = join(data, pidFile);
  const pid = await readPid(path);
  if (pid === undefined) return;
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    if (!(await runsOn(pid, data))) break;
    try {
      process.kill(pid, signal);
    } catch {
      break; // It has just ended.
    }
    await eventually(async () => ((await runsOn(pid, data)) ? undefined : true), {
      limitMs: 6_000,
      everyMs: 10,
    });
  }
  await rm(path, { force: true });
}

async function readPid(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Servers work in their data folder. Where that cannot be seen (macOS), the server's own check has to do. */
async function runsOn(pid: number, data: string): Promise<boolean> {
  try {
    await readlink(`/proc/${pid}/cwd`);
    const [working, ours] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(data)]);
    return working.ino === ours.ino && working.dev === ours.dev;
  } catch {
    return false;
  }
}
