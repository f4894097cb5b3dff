// The loop of one probe: first after its initial delay, then every period, with thresholds.
// Follows pkg/kubelet/prober/worker.go.
import type { Clock } from '@pergola/kernel';
import type { Probe } from '../pod.ts';
import type { HandlerResult } from './handler.ts';

export interface ProbeLoopOptions {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  run(): Promise<HandlerResult>;
  /** The thresholds were crossed: the probe's result is now this. */
  onResult(ok: boolean, output: string): void;
  /** One try failed. */
  onFailure(output: string): void;
}

/** Runs until the signal aborts. */
export async function probeLoop(options: ProbeLoopOptions): Promise<void> {
  const { probe, clock, signal } = options;
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  let streak = 0;
  let last: boolean | undefined;
  try {
    await clock.sleep((probe.initialDelaySeconds ?? 0) * 1000, signal);
    while (!signal.aborted) {
      const { ok, output } = await options.run();
      if (signal.aborted) return;
      if (!ok) options.onFailure(output);
      streak = ok === last ? streak + 1 : 1;
      last = ok;
      if (streak === threshold(probe, ok)) options.onResult(ok, output);
      await clock.sleep(periodMs, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function threshold(probe: Probe, ok: boolean): number {
  return ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
}
