// Runs a walkthrough with live progress.
import { systemClock } from '@pergola/kernel';
import { wrap } from '../output/printable.ts';
import type { Style, Terminal } from '../output/terminal.ts';
import { NotProved, type Proof, type WalkthroughStep } from './step.ts';

const indent = ' '.repeat(6);

/** Runs the steps in order and stops at the first that does not hold. Returns how many held. */
export async function runWalkthrough<Scene>(
  terminal: Terminal,
  steps: readonly WalkthroughStep<Scene>[],
  scene: Scene,
): Promise<number> {
  let held = 0;
  for (const step of steps) {
    const startedMs = systemClock.monotonicMs();
    terminal.progress(`  ${terminal.paint('dim', '…')} ${step.title}`);
    const result = await attempt(step, scene);
    terminal.progress();
    const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
    if ('failure' in result) {
      terminal.print(`  ${terminal.paint('red', '✗')} ${step.title}`);
      printIndented(terminal, result.failure);
      return held;
    }
    held += 1;
    terminal.print(
      `  ${terminal.paint('green', '✓')} ${step.title} ${terminal.paint('dim', `${tookMs} ms`)}`,
    );
    printIndented(terminal, result.proof.seen);
    for (const detail of result.proof.details ?? []) printIndented(terminal, detail, 'dim');
  }
  return held;
}

/** Wrapped on a terminal; a line of a file stays one line, whatever its length. */
function printIndented(terminal: Terminal, text: string, style?: Style): void {
  const columns = terminal.interactive ? terminal.columns - indent.length : Number.POSITIVE_INFINITY;
  for (const line of wrap(text, columns)) {
    terminal.print(`${indent}${style === undefined ? line : terminal.paint(style, line)}`);
  }
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
