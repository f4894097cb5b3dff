// One start of a process: pipes, the unlinked stage-two script, the report on descriptor 4, the exit.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { type Command, type Exit, LaunchError } from './isolation.ts';
import { type Pipe, type PipePool, toolPath } from './pipes.ts';

const reportLimitBytes = 16 * 1024;

/** What to spawn; `script` is handed over as descriptor 3. */
export interface SpawnPlan {
  readonly argv: readonly string[];
  readonly script: string;
  readonly command: Command;
  /** A directory of ours in which the script is born and unlinked. */
  readonly scratch: string;
  /**
   * The script's first stage, which is ours alone, reports the process id. Elsewhere such a line can only come from
   * the container, and what it names would be signalled in the process's place.
   */
  readonly tellsPid?: boolean;
  /** Start in a process group of its own, with a pipe as descriptor 5 that ends with us. */
  readonly lifeline?: boolean;
}

/** A process that has reported `ok`. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<Exit>;
  /** The process id that the script reported, or the child's own. */
  readonly pid: number;
  readonly ttyDevice: string | undefined;
}

/** The streams of one process, and the descriptors that its child inherits. */
interface Stdio {
  readonly stdin: Pipe<Writable> | undefined;
  readonly stdout: Pipe<Readable>;
  /** None with a tty. */
  readonly stderr: Pipe<Readable> | undefined;
}

/** Spawns and waits until the script says `ok`. Rejects with LaunchError and the script's own words. */
export async function spawnPlan(plan: SpawnPlan, pipes: PipePool): Promise<Spawned> {
  const stdio = await openStdio(plan.command, pipes);
  const { stdin, stdout, stderr } = stdio;
  try {
    const child = spawnChild(plan, stdio, join(plan.scratch, pipes.freshName()));
    const exited = exitOf(child);
    const report = await readReport(child);
    if (!report.ok)
      throw new LaunchError(report.text || `it ended with code ${(await exited).code} before it started`);
    return {
      child,
      stdin: stdin?.stream,
      stdout: stdout.stream,
      stderr: stderr?.stream ?? new PassThrough().end(),
      exited,
      pid: (plan.tellsPid && report.pid) || (child.pid ?? 0),
      ttyDevice: report.tty,
    };
  } catch (error) {
    for (const pipe of [stdin, stdout, stderr]) pipe?.stream.destroy();
    throw error;
  }
}

async function openStdio(command: Command, pipes: PipePool): Promise<Stdio> {
  const stdout = await pipes.output();
  const stderr = command.tty ? undefined : await pipes.output();
  const stdin = command.stdin ? await pipes.input() : undefined;
  stdin?.stream.on('error', () => {}); // NOTE: EPIPE only says that the program stopped reading.
  return { stdin, stdout, stderr };
}

function spawnChild(plan: SpawnPlan, { stdin, stdout, stderr }: Stdio, scriptPath: string): ChildProcess {
  const scriptFd = unlinkedFile(scriptPath, plan.script);
  const [file = '', ...args] = plan.argv;
  try {
    return spawn(file, args, {
      env: { PATH: toolPath },
      cwd: '/',
      detached: true,
      stdio: [
        stdin?.childFd ?? 'ignore',
        stdout.childFd,
        stderr?.childFd ?? stdout.childFd,
        scriptFd,
        'pipe',
        ...(plan.lifeline ? (['pipe'] as const) : []),
      ],
    });
  } finally {
    for (const fd of [stdin?.childFd, stdout.childFd, stderr?.childFd, scriptFd])
      if (fd !== undefined) closeSync(fd);
  }
}

function unlinkedFile(path: string, text: string): number {
  // 0444: the program may run as another user, and nobody can reach the file once it is unlinked.
  const writer = openSync(path, 'wx', 0o444);
  try {
    writeSync(writer, text);
    return openSync(path, 'r');
  } finally {
    closeSync(writer);
    rmSync(path);
  }
}

interface Report {
  readonly ok: boolean;
  readonly pid: number | undefined;
  readonly tty: string | undefined;
  readonly text: string;
}

async function readReport(child: ChildProcess): Promise<Report> {
  const stream = child.stdio[4] as Readable;
  let text = '';
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  const ended = (async () => {
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.endsWith('\nok\n') || text === 'ok\n' || text.length > reportLimitBytes) break;
    }
  })();
  const error = await Promise.race([failure, ended.then(() => undefined)]);
  if (error) throw new LaunchError(error.message);
  const lines = text.split('\n').filter((line) => line !== '');
  const valueOf = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const pid = valueOf('pid');
  const words = lines.filter((line) => line !== 'ok' && !/^(pid|tty) /.test(line));
  return {
    ok: lines.includes('ok'),
    pid: pid === undefined ? undefined : Number(pid),
    tty: valueOf('tty'),
    text: words.join('; '),
  };
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 128 }));
    child.once('exit', (code, signalName) => {
      if (signalName === null) {
        resolve({ code: code ?? 0 });
        return;
      }
      const signal = constants.signals[signalName];
      resolve({ code: 128 + signal, signal });
    });
  });
}
