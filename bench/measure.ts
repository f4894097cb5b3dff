// One measurement as a value: one file each under measures/, one line each in run.ts.
import type { SandboxProcess } from './sandbox-process.ts';

/** A printed line: what, how much, and how it was measured. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

export type Measure = (sandbox: SandboxProcess) => Promise<readonly Figure[]>;

/** `12,345/cpu-s` with the wall rate as a note. */
export function rateFigure(
  name: string,
  rate: { count: number; cpuSeconds: number; wallSeconds: number },
): Figure {
  const perCpu = Math.round(rate.count / rate.cpuSeconds).toLocaleString('en');
  const perWall = Math.round(rate.count / rate.wallSeconds).toLocaleString('en');
  return {
    name,
    value: `${perCpu}/cpu-s`,
    note: `${perWall}/s wall, ${rate.count} in ${rate.wallSeconds.toFixed(1)} s`,
  };
}
