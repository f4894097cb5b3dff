// Closed-loop load: a fixed number of workers, each sending its next request when the last has been answered.
import type { SandboxProcess } from './sandbox-process.ts';

export interface Rate {
  readonly count: number;
  readonly wallSeconds: number;
  /** Of the sandbox's process alone. */
  readonly cpuSeconds: number;
}

/** Runs `work` from `workers` loops for `seconds`, after a warm-up as long: compilers take thousands of calls. */
export async function measureRate(
  sandbox: SandboxProcess,
  options: { readonly seconds: number; readonly workers: number },
  work: (index: number) => Promise<unknown>,
): Promise<Rate> {
  let next = 0;
  const loop = async (untilMs: number) => {
    let count = 0;
    while (performance.now() < untilMs) {
      await work(next++);
      count += 1;
    }
    return count;
  };
  const all = (seconds: number) => {
    const untilMs = performance.now() + seconds * 1_000;
    return Promise.all(Array.from({ length: options.workers }, () => loop(untilMs)));
  };
  await all(options.seconds);
  const [cpuBefore, startedMs] = [sandbox.cpuSeconds(), performance.now()];
  const counts = await all(options.seconds);
  return {
    count: counts.reduce((sum, count) => sum + count, 0),
    wallSeconds: (performance.now() - startedMs) / 1_000,
    cpuSeconds: sandbox.cpuSeconds() - cpuBefore,
  };
}
