// Runs a walkthrough with live progress.
import { systemClock } from '@pergola/kernel';
import type { Terminal } from '../output/terminal.ts';
import { NotProved, type Proof, type WalkthroughStep } from './step.ts';

/** Runs the steps in order and stops at the first that does not hold. Returns how many held. */
export async function runWalkthrough<Scene>(
  terminal: Terminal,
  steps: readonly WalkthroughStep<Scene>[],
  scene: Scene,
): Promise<number> {
  let held = 0;
  for (const step of steps) {
    const startedMs = systemClock.monotonicMs();
    if (terminal.interactive) process.stdout.write(`  ${terminal.paint('dim', '…')} ${step.title}`);
    const result = await attempt(step, scene);
    if (terminal.interactive) process.stdout.write('\r\u001b[2K');
    const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
    if ('failure' in result) {
      terminal.print(`  ${terminal.paint('red', '✗')} ${step.title}`);
      terminal.print(`      ${result.failure}`);
      return held;
    }
    held += 1;
    terminal.print(
      `  ${terminal.paint('green', '✓')} ${step.title} ${terminal.paint('dim', `${tookMs} ms`)}`,
    );
    terminal.print(`      ${result.proof.seen}`);
    for (const detail of result.proof.details ?? []) terminal.print(`      ${terminal.paint('dim', detail)}`);
  }
  return held;
}

async function attempt<Scene>(
  step: WalkthroughStep<Scene>,
  scene: Scene,
): Promise<{ readonly proof: Proof } | { readonly failure: string }> {
  try {
    return { proof: await step.prove(scene) };
  } catch (error) {
    if (error instanceof NotProved) return { failure: error.message };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
