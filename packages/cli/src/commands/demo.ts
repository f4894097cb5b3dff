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
  summary: 'boot, prove that a pod reaches S3 with its own role and nobody else does, keep serving',
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
  terminal.print();
  terminal.print(
    terminal.paint('bold', 'A pod reaches S3 with its own role (section 2.4 of the solution pattern)'),
  );
  const { openScene, runWalkthrough, s3FromAPod } = await loadWalkthrough();
  await using scene = await openScene(sandbox);
  const { held, allHeld } = await runWalkthrough(terminal, s3FromAPod, scene);
  const seconds = ((systemClock.monotonicMs() - times.startedMs) / 1000).toFixed(1);
  terminal.print();
  const summary = `${held} of ${s3FromAPod.length} held, ${seconds} s from start to proof`;
  terminal.print(allHeld ? terminal.paint('green', summary) : terminal.paint('red', summary));
  return allHeld;
}

/** On demand: it brings the AWS SDK, which no other command should have to load. */
async function loadWalkthrough() {
  const [run, steps, scene] = await Promise.all([
    import('../walkthrough/run.ts'),
    import('../walkthrough/s3-from-a-pod/index.ts'),
    import('../walkthrough/s3-from-a-pod/scene.ts'),
  ]);
  return { ...run, ...steps, ...scene };
}

function sayHowToTalk({ terminal }: CliContext, sandbox: Sandbox): void {
  const where = sandbox.dataDir === resolve('.pergola') ? '' : ` --data-dir ${sandbox.dataDir}`;
  const line = (command: string, what: string) =>
    terminal.print(`  ${terminal.paint('bold', `npx pergola ${command}${where}`.padEnd(34))}  ${what}`);
  terminal.print();
  terminal.print('Talk to it, in another terminal:');
  line('shell', 'aws, kubectl, oc and rosa speak to this sandbox');
  line('explain --failed', 'the calls that were denied; explain ID says why');
  terminal.print(`State is in ${sandbox.dataDir}. Serving until Ctrl-C.`);
}
