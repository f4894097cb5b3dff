// Programs that do one thing and end: initdb, a server in single-user mode.
import type { Duplex } from 'node:stream';
import { type SpawnSpec, spawnProgram } from './spawn.ts';

const outputMax = 64 * 1024;

/** Runs one to its end; resolves with what it wrote. Rejects with its own words when it fails. */
export async function runTool(spec: SpawnSpec, input = ''): Promise<string> {
  // The watcher ends the group when we do; its own end is that of the pipe, a moment after the program's.
  const child = await spawnProgram(
    spec,
    '( ( read -r _ <&3; kill -9 0 ) </dev/null >/dev/null 2>&1 & ) ; exec 3<&-; exec "$@"',
  );
  let output = '';
  const take = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-outputMax);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  child.stdin?.on('error', () => {}); // NOTE: EPIPE only says that the program stopped reading; its exit says why.
  child.stdin?.end(input);
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      if (child.pid !== undefined) killGroup(child.pid);
      (child.stdio[3] as Duplex | null)?.destroy();
    });
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  if (code === 0) return output;
  throw new Error(`${spec.program} ended with ${code}: ${output.trim().slice(-2_000)}`);
}

/** Kills what is left of a process group; an empty one is nothing to do. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty already.
  }
}
