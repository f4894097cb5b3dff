// The fallback where namespaces are refused (macOS, locked containers): a child process in its own process
// group. It sees the whole host; volumes exist only at their source, so environment values that name a
// mount path are rewritten to it.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  type Command,
  type Isolation,
  type Launch,
  LaunchError,
  type Mount,
  type RunAs,
  type RunningProcess,
} from './isolation.ts';
import { PipePool } from './pipes.ts';
import { commandScript } from './shell.ts';
import { type Spawned, spawnPlan } from './spawn.ts';

/** Kills the group when descriptor 5 ends: when the container's main process has ended, or when we have. */
const lifeline =
  '( ( cat <&5 >/dev/null 2>&1; kill -9 0 ) </dev/null >/dev/null 2>&1 3<&- 4>&- & ) ; exec 5<&-; . /dev/fd/3';

/** `value` with every mount path in it replaced by the source of that mount. What was put in is not looked at again. */
export function rewritePaths(value: string, mounts: readonly Mount[]): string {
  const byLength = [...mounts].sort((a, b) => b.target.length - a.target.length);
  let text = '';
  let at = 0;
  while (at < value.length) {
    const mount = startsPath(value, at)
      ? byLength.find(({ target }) => isPathAt(value, at, target))
      : undefined;
    text += mount ? mount.source : value[at];
    at += mount ? mount.target.length : 1;
  }
  return text;
}

/** A path begins at a slash that continues no other one: in `/var/tmp` no `/tmp` begins, in `file:///tmp` one does. */
function startsPath(value: string, at: number): boolean {
  if (value[at] !== '/') return false;
  const before = value[at - 1];
  if (before === '/') return value.slice(0, at).endsWith('://');
  return before === undefined || !/[\w.-]/.test(before);
}

function isPathAt(value: string, at: number, target: string): boolean {
  if (!value.startsWith(target, at)) return false;
  const after = value[at + target.length];
  return after === undefined || '/:;, "\''.includes(after);
}

/** Folders of programs that a volume covers but does not hold are still where they were. */
export function rewriteSearchPath(value: string, mounts: readonly Mount[]): string {
  const place = (entry: string) => {
    const rewritten = rewritePaths(entry, mounts);
    return existsSync(rewritten) ? rewritten : entry;
  };
  return value.split(':').map(place).join(':');
}

export class PlainIsolation implements Isolation {
  readonly kind = 'none';
  readonly reason: string;
  readonly #pipes: PipePool;
  readonly #directory: string;
  readonly #mounts = new WeakMap<RunningProcess, Launch>();
  readonly #groups = new Set<number>();

  constructor(directory: string, reason: string) {
    this.reason = reason;
    this.#directory = directory;
    this.#pipes = new PipePool(join(directory, 'pipes'));
  }

  async launch(launch: Launch): Promise<RunningProcess> {
    const running = await this.#start(launch, launch);
    this.#mounts.set(running, launch);
    return running;
  }

  async enter(container: RunningProcess, command: Command): Promise<RunningProcess> {
    const launch = this.#mounts.get(container);
    if (!launch) throw new LaunchError('container not found');
    return await this.#start(command, launch);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const group of this.#groups) killGroup(group);
  }

  async #start(command: Command, launch: Launch): Promise<RunningProcess> {
    refuseRunAs(command.runAs);
    const home = join(launch.scratch, 'home');
    const temporary = join(launch.scratch, 'tmp');
    for (const path of [home, temporary]) mkdirSync(path, { recursive: true, mode: 0o700 });
    const rewritten = Object.entries(command.env).map(([name, value]) => [
      name,
      name === 'PATH' ? rewriteSearchPath(value, launch.mounts) : rewritePaths(value, launch.mounts),
    ]);
    const env = { ...Object.fromEntries(rewritten), HOME: home, TMPDIR: temporary };
    const plain = { ...command, env, cwd: rewritePaths(command.cwd, launch.mounts) };
    const script = commandScript(plain, process.platform === 'linux' ? 'script' : undefined);
    const argv = ['sh', '-c', lifeline];
    const plan = { argv, script, command: plain, scratch: this.#directory, lifeline: true };
    return this.#running(await spawnPlan(plan, this.#pipes));
  }

  #running(spawned: Spawned): RunningProcess {
    const { pid } = spawned;
    this.#groups.add(pid);
    let ended = false;
    const onExit = () => {
      ended = true;
      this.#groups.delete(pid);
      (spawned.child.stdio as readonly unknown[] as readonly (Duplex | undefined)[])[5]?.destroy();
      killGroup(pid);
    };
    void spawned.exited.then(onExit);
    return {
      pid,
      stdin: spawned.stdin,
      stdout: spawned.stdout,
      stderr: spawned.stderr,
      exited: spawned.exited,
      signal: (name) => {
        if (!ended) spawned.child.kill(name);
      },
      kill: () => killGroup(pid),
      resize: (columns, rows) => {
        if (!spawned.ttyDevice || ended) return;
        execFile('stty', ['-F', spawned.ttyDevice, 'cols', String(columns), 'rows', String(rows)], () => {}); // NOTE: a courtesy, see namespaces.ts.
      },
    };
  }
}

function refuseRunAs(runAs: RunAs | undefined): void {
  if (runAs && runAs.uid !== process.getuid?.()) {
    throw new LaunchError(`runAsUser ${runAs.uid} needs Pergola to run as root on a machine with namespaces`);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty already.
  }
}
