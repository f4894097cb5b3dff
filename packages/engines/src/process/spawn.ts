// How servers and their tools are spawned: without our environment, as their own user, with folders handed over open.
//
// A server's user may not be able to walk to its folder: a sandbox of root keeps its data in a folder of mode 0700, in a
// home that is often closed too. So folders are opened by us and inherited; /proc/self/fd/N leads into them from anywhere.
import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import type { Account } from './account.ts';
import { toolPath } from '../files/folders.ts';

export interface SpawnSpec {
  readonly program: string;
  /** `words` gets the paths under which the process sees `folders`. */
  readonly words: (folders: readonly string[]) => readonly string[];
  readonly variables?: (folders: readonly string[]) => Readonly<Record<string, string>>;
  readonly folders: readonly string[];
  readonly account: Account | undefined;
}

const firstFolder = 4;

/**
 * Spawns `sh -c script sh program words…`. Descriptor 3 is a pipe that ends with us; `script` may watch it, and begins
 * the program with `exec "$@"`.
 */
export async function spawnProgram(spec: SpawnSpec, script: string): Promise<ChildProcess> {
  const handles: FileHandle[] = [];
  try {
    for (const folder of spec.account ? spec.folders : []) handles.push(await open(folder, 'r'));
    const seen = spec.account
      ? handles.map((_, index) => `/proc/self/fd/${firstFolder + index}`)
      : spec.folders;
    return spawn('/bin/sh', ['-c', script, 'sh', spec.program, ...spec.words(seen)], {
      env: { PATH: toolPath, LC_ALL: 'C', TZ: 'UTC', ...spec.variables?.(seen) },
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...handles.map(({ fd }) => fd)],
      ...spec.account,
    });
  } finally {
    // Not waited for: what is quick would have ended before its caller listens for the end, and be waited for for ever.
    for (const handle of handles) void handle.close().catch(() => {}); // NOTE: the child has its own of it.
  }
}
