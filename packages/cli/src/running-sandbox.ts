// The sandbox that runs on a data folder, asked through its control socket.
import { resolve } from 'node:path';
import type { RecordedCall } from '@pergola/explain';
import { CliError, exitCodes } from './cli-error.ts';

/** What `GET /status` answers. */
export interface SandboxStatus {
  readonly pid: number;
  readonly startedAt: string;
  readonly dataDir: string;
  readonly awsUrl: string;
  readonly kubeUrl: string;
  readonly cluster: string;
  readonly infrastructureName: string;
  readonly account: string;
  readonly region: string;
  readonly topology: string;
  readonly issuer: string;
  readonly isolation: { readonly kind: string; readonly reason: string };
  readonly memoryBytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** The status, or undefined when none runs there. */
export async function findStatus(dataDir: string): Promise<SandboxStatus | undefined> {
  // Loaded here: commands that have nothing to do with a sandbox start without it.
  const { askControl, NotRunningError, stateDirOf } = await import('@pergola/sandbox');
  try {
    const socket = stateDirOf(resolve(dataDir)).controlSocket;
    return (await askControl(socket, 'GET', '/status')) as SandboxStatus;
  } catch (error) {
    if (error instanceof NotRunningError) return undefined;
    throw error;
  }
}

/** The status, or the error that says how to start one. */
export async function requireStatus(dataDir: string): Promise<SandboxStatus> {
  const status = await findStatus(dataDir);
  if (status) return status;
  throw new CliError({
    what: `no sandbox runs on ${resolve(dataDir)}`,
    fix: 'start one',
    command: 'pergola up --detach',
    exitCode: exitCodes.notRunning,
  });
}

export async function findRecord(dataDir: string, requestId: string): Promise<RecordedCall | undefined> {
  return (await ask(dataDir, 'GET', `/records/${requestId}`)) as RecordedCall | undefined;
}

export async function listRecords(dataDir: string, limit: number): Promise<readonly RecordedCall[]> {
  return (await ask(dataDir, 'GET', `/records?limit=${limit}`)) as readonly RecordedCall[];
}

export async function askToStop(dataDir: string): Promise<void> {
  await ask(dataDir, 'POST', '/stop');
}

async function ask(dataDir: string, method: 'GET' | 'POST', path: string): Promise<unknown> {
  const { askControl, stateDirOf } = await import('@pergola/sandbox');
  return askControl(stateDirOf(resolve(dataDir)).controlSocket, method, path);
}
