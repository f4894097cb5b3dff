// The sandbox in a process of its own, and what it used: CPU seconds and resident memory, from /proc.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askControl, NotRunningError, stateDirOf } from '@pergola/sandbox';

const pergola = resolve(import.meta.dirname, '../bin/pergola.mjs');
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

export interface SandboxProcess extends AsyncDisposable {
  readonly dataDir: string;
  readonly awsUrl: string;
  readonly kubeUrl: string;
  /** From spawn until both APIs answered. */
  readonly answering: Moment;
  /** From spawn until pods could run. */
  readonly ready: Moment;
  /** CPU seconds, user and system, since the start. */
  cpuSeconds(): number;
  residentMiB(): number;
  pid: number;
}

export interface Moment {
  readonly wallMs: number;
  readonly cpuSeconds: number;
}

interface Status {
  readonly pid: number;
  readonly awsUrl: string;
  readonly kubeUrl: string;
}

/** Boots one on `dataDir`, or on a new folder that goes with it. */
export async function bootSandbox(dataDir?: string): Promise<SandboxProcess> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'pergola-bench-'));
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    [pergola, 'up', '--data-dir', folder, '--aws-port', '0', '--kube-port', '0'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const moment = () => ({
    wallMs: performance.now() - startedMs,
    cpuSeconds: child.pid === undefined ? 0 : cpuSecondsOf(child.pid),
  });
  // Written when both APIs listen, and anew at each start: one of an earlier start must not be taken for it.
  const kubeconfig = stateDirOf(folder).kubeconfig;
  rmSync(kubeconfig, { force: true });
  while (child.exitCode === null && !existsSync(kubeconfig)) await sleep(2);
  const answering = moment();
  const status = await waitForStatus(folder, child);
  const ready = moment();
  return {
    dataDir: folder,
    awsUrl: status.awsUrl,
    kubeUrl: status.kubeUrl,
    answering,
    ready,
    pid: status.pid,
    cpuSeconds: () => cpuSecondsOf(status.pid),
    residentMiB: () => residentMiBOf(status.pid),
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function waitForStatus(folder: string, child: ChildProcess): Promise<Status> {
  while (child.exitCode === null) {
    try {
      return (await askControl(stateDirOf(folder).controlSocket, 'GET', '/status')) as Status;
    } catch (error) {
      if (!(error instanceof NotRunningError)) throw error;
      await sleep(2);
    }
  }
  throw new Error(`the sandbox ended with ${child.exitCode}`);
}

/** Fields 14 and 15 of /proc/PID/stat, counted after the name in parentheses. */
export function cpuSecondsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Now, or `VmHWM`: at its largest. */
export function residentMiBOf(pid: number, what: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = new RegExp(`${what}:\\s+(\\d+) kB`).exec(text);
  return Number(line?.[1] ?? 0) / 1024;
}
