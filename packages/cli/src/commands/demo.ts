// `pergola demo`: boots the sandbox, runs the walkthrough on it, says what was proved, and keeps serving.
// This is what `npm start` runs.
import { resolve } from 'node:path';
import { systemClock } from '@pergola/kernel';
import type { Sandbox } from '@pergola/sandbox';
import { bootSandbox } from '../boot-sandbox.ts';
import { exitCodes } from '../cli-error.ts';
import type { CliContext, Command } from '../command.ts';
import { addSandboxOptions, sandboxOptionsOf } from '../sandbox-options.ts';
import { serveUntilStopped } from './up.ts';

export const demo: Command = {
  path: 'demo',
  summary: 'boot, prove with real traffic what the sandbox is for, keep serving',
  configure: (command) => {
    addSandboxOptions(command);
    command.option('--once', 'end after the proof: exit code 0 when all held, 1 otherwise');
  },
  run: async (context, _args, options) => {
    const startedMs = systemClock.monotonicMs();
    const sandbox = await bootSandbox(sandboxOptionsOf(context, options));
    const bootMs = Math.round(systemClock.monotonicMs() - startedMs);
    const allHeld = await proveAll(context, sandbox, { startedMs, bootMs });
    if (options['once'] === true) {
      await sandbox[Symbol.asyncDispose]();
      return allHeld ? exitCodes.ok : exitCodes.failed;
    }
    sayHowToTalk(context, sandbox);
    await serveUntilStopped(sandbox);
    return allHeld ? exitCodes.ok : exitCodes.failed;
  },
};

async function proveAll(
  { terminal }: CliContext,
  sandbox: Sandbox,
  times: { readonly startedMs: number; readonly bootMs: number },
): Promise<boolean> {
  const { identity } = sandbox;
  terminal.print(
    terminal.paint(
      'bold',
      `Pergola: ROSA cluster ${identity.infrastructureName} on AWS account ${identity.account}`,
    ),
  );
  terminal.print(
    `  ${terminal.paint('green', '✓')} both APIs answer and pods can run ${terminal.paint('dim', `${times.bootMs} ms`)}`,
  );
  terminal.print(
    `      AWS ${sandbox.awsUrl}, Kubernetes ${sandbox.kubeUrl}, pods: ${sandbox.isolation.kind}`,
  );
  const { openClients, sectionsOf } = await loadWalkthrough();
  await using clients = await openClients(sandbox);
  const sections = sectionsOf(terminal, clients);
  let held = 0;
  for (const section of sections) {
    terminal.print();
    terminal.print(terminal.paint('bold', section.title));
    // Also after a section that failed: the sections do not build on one another.
    held += await section.run();
  }
  const steps = sections.reduce((sum, section) => sum + section.steps, 0);
  const seconds = ((systemClock.monotonicMs() - times.startedMs) / 1000).toFixed(1);
  terminal.print();
  const summary = `${held} of ${steps} held, ${seconds} s from start to proof`;
  terminal.print(terminal.paint(held === steps ? 'green' : 'red', summary));
  return held === steps;
}

/** On demand: it brings the AWS SDK, which no other command should have to load. */
async function loadWalkthrough() {
  const [clients, sections] = await Promise.all([
    import('../walkthrough/clients.ts'),
    import('../walkthrough/index.ts'),
  ]);
  return { ...clients, ...sections };
}

function sayHowToTalk({ terminal }: CliContext, sandbox: Sandbox): void {
  const where = sandbox.dataDir === resolve('.pergola') ? '' : ` --data-dir ${sandbox.dataDir}`;
  const line = (command: string, what: string) =>
    terminal.print(
      `  ${terminal.paint('bold', `npx pergola ${command}${where}`.padEnd(34 + where.length))}  ${what}`,
    );
  terminal.print();
  terminal.print('Talk to it, in another terminal:');
  line('shell', 'aws, kubectl, oc and rosa speak to this sandbox');
  line('logs tail "rosa-*"', 'what the cluster logs, from CloudWatch');
  line('explain --failed', 'the calls that were denied; explain ID says why');
  terminal.print(`State is in ${sandbox.dataDir}. Serving until Ctrl-C.`);
}
