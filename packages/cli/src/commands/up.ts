// `pergola up`: boots the sandbox and serves until Ctrl-C, or in the background with --detach.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { systemClock } from '@pergola/kernel';
import type { Sandbox } from '@pergola/sandbox';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext, Command } from '../command.ts';
import { bootSandbox } from '../boot-sandbox.ts';
import { nextSignal } from '../next-signal.ts';
import { findStatus, type SandboxStatus } from '../running-sandbox.ts';
import { addSandboxOptions, dataDirOf, sandboxOptionsOf } from '../sandbox-options.ts';

const DETACHED_START_MS = 60_000;

export const up: Command = {
  path: 'up',
  summary: 'boot the sandbox and serve until Ctrl-C',
  configure: (command) => {
    addSandboxOptions(command);
    command.option('--detach', 'return when both APIs answer, and serve in the background');
  },
  run: async (context, _args, options) => {
    if (options['detach'] === true) return startDetached(context, options);
    const startedMs = systemClock.monotonicMs();
    const sandbox = await bootSandbox(sandboxOptionsOf(context, options));
    const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
    announce(context, sandbox, tookMs);
    await serveUntilStopped(sandbox);
    return exitCodes.ok;
  },
};

/** Says where everything is and how to talk to it. */
function announce({ terminal }: CliContext, sandbox: Sandbox, tookMs: number): void {
  const { identity } = sandbox;
  terminal.print(`${terminal.paint('green', '✓')} sandbox ready in ${tookMs} ms`);
  terminal.print(
    `  cluster         ${identity.infrastructureName} (${identity.topology}), account ${identity.account}, ${identity.region}`,
  );
  terminal.print(`  AWS endpoint    ${sandbox.awsUrl}`);
  terminal.print(`  Kubernetes API  ${sandbox.kubeUrl}`);
  terminal.print(`  issuer          ${identity.issuer}`);
  terminal.print(`  pods            ${sandbox.isolation.kind}: ${sandbox.isolation.reason}`);
  terminal.print(`  state           ${sandbox.dataDir}`);
  terminal.print(
    `Talk to it: ${terminal.paint('bold', 'npx pergola shell')} (in another terminal). Ctrl-C stops it.`,
  );
}

/** Serves until SIGINT, SIGTERM or `pergola down`, then stops in order. A second signal stops at once. */
export async function serveUntilStopped(sandbox: Sandbox): Promise<void> {
  await nextSignal(sandbox.stopRequested);
  process.once('SIGINT', () => process.exit(130));
  await sandbox[Symbol.asyncDispose]();
}

async function startDetached(
  context: CliContext,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { terminal } = context;
  if (options['ephemeral'] === true && typeof options['dataDir'] !== 'string') {
    throw new CliError({
      what: 'an ephemeral sandbox in the background could not be found again',
      fix: 'name its folder',
      command: 'pergola up --detach --ephemeral --data-dir /tmp/my-sandbox',
      exitCode: exitCodes.usage,
    });
  }
  const dataDir = dataDirOf(context, options);
  const child = spawn(process.execPath, [join(context.home, 'bin', 'pergola.mjs'), ...withoutDetach()], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const messages: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => messages.push(chunk));
  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  const status = await waitForStart(dataDir, child.pid, () => exited);
  if (!status) {
    process.stderr.write(Buffer.concat(messages));
    return child.exitCode ?? exitCodes.failed;
  }
  child.stderr.destroy();
  child.unref();
  terminal.print(
    `${terminal.paint('green', '✓')} sandbox ready (process ${status.pid}): ${status.awsUrl} and ${status.kubeUrl}`,
  );
  terminal.print('  pergola shell talks to it, pergola down stops it');
  return exitCodes.ok;
}

function withoutDetach(): string[] {
  return process.argv.slice(2).filter((argument) => argument !== '--detach');
}

async function waitForStart(
  dataDir: string,
  pid: number | undefined,
  hasExited: () => boolean,
): Promise<SandboxStatus | undefined> {
  const deadlineMs = systemClock.monotonicMs() + DETACHED_START_MS;
  while (!hasExited() && systemClock.monotonicMs() < deadlineMs) {
    const status = await findStatus(dataDir);
    if (status?.pid === pid) return status;
    await systemClock.sleep(20);
  }
  return undefined;
}
