// A server as a child process that never outlives us: a watcher in its group holds the end of a pipe, and asks the server
// to stop at once when that ends, whatever ended us.
import type { Duplex } from 'node:stream';
import type { Logger } from '@pergola/kernel';
import { type SpawnSpec, spawnProgram } from './spawn.ts';
import { killGroup } from './tool.ts';

const wordsMax = 16 * 1024;

export interface ServerProcess {
  readonly pid: number;
  readonly hasEnded: boolean;
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;
  /** The last lines that it wrote to its log. */
  lastWords(): string;
  signal(name: NodeJS.Signals): void;
}

export interface ServerSpec extends SpawnSpec {
  /** The signal by which it stops at once, without finishing anything. */
  readonly abortSignal: 'QUIT' | 'TERM' | 'KILL';
}

/** `$$` is the shell, which becomes the server. What does not end by itself is killed with the whole group. */
function watched(abortSignal: string): string {
  const watch = `read -r _ <&3; kill -${abortSignal} $$; sleep 8; kill -9 0`;
  return `( ( ${watch} ) </dev/null >/dev/null 2>&1 & ) ; exec 3<&-; exec "$@" </dev/null`;
}

export async function startServerProcess(spec: ServerSpec, logger: Logger): Promise<ServerProcess> {
  const child = await spawnProgram(spec, watched(spec.abortSignal));
  let words = '';
  const take = (chunk: Buffer) => {
    const text = chunk.toString();
    words = (words + text).slice(-wordsMax);
    logger.debug({ output: text }, 'the server says');
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  child.stdin?.destroy();
  let hasEnded = false;
  const ended = new Promise<string>((resolve) => {
    const end = (how: string) => {
      hasEnded = true;
      // First the watcher, then its pipe: otherwise it would signal a process that may be somebody else's by now.
      if (child.pid !== undefined) killGroup(child.pid);
      (child.stdio[3] as Duplex | null)?.destroy();
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal === null ? `exit code ${code}` : signal));
  });
  return {
    pid: child.pid ?? 0,
    get hasEnded() {
      return hasEnded;
    },
    ended,
    lastWords: () => words.trim(),
    signal: (name) => {
      if (!hasEnded) child.kill(name);
    },
  };
}
