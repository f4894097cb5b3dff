// The probes of one run: startup first, then liveness and readiness.
import type { Container, ContainerStatus, Probe } from '../pod.ts';
import type { NodeContext } from '../pods/pod-context.ts';
import type { EventText } from '../pods/pod-events.ts';
import { probeLoop } from '../probes/probe-loop.ts';
import type { ContainerRun } from './container-run.ts';

/** The container as its probes need it. */
export interface ProbedContainer {
  readonly container: Container;
  restartFor(message: string, graceMs: number): Promise<void>;
}

export interface ProbeHost {
  readonly node: NodeContext;
  readonly signal: AbortSignal;
  readonly graceMs: number;
  set(change: Partial<ContainerStatus>): void;
  event(text: EventText): void;
}

/** Starts what the container asks for; everything ends with `host.signal`. */
export function startProbes(runner: ProbedContainer, run: ContainerRun, host: ProbeHost): void {
  const { startupProbe } = runner.container;
  if (!startupProbe) {
    startMainProbes(runner, run, host);
    return;
  }
  let started = false;
  const stop = new AbortController();
  host.signal.addEventListener('abort', () => stop.abort(), { once: true });
  start('Startup', startupProbe, { run, host: { ...host, signal: stop.signal } }, (ok) => {
    if (!ok) {
      void killFor('startup', startupProbe, runner, host);
    } else if (!started) {
      started = true;
      stop.abort();
      host.set({ started: true, ready: !runner.container.readinessProbe });
      startMainProbes(runner, run, host);
    }
  });
}

function startMainProbes(runner: ProbedContainer, run: ContainerRun, host: ProbeHost): void {
  const { livenessProbe, readinessProbe } = runner.container;
  if (livenessProbe) {
    start('Liveness', livenessProbe, { run, host }, (ok) => {
      if (!ok) void killFor('liveness', livenessProbe, runner, host);
    });
  }
  if (readinessProbe) start('Readiness', readinessProbe, { run, host }, (ok) => host.set({ ready: ok }));
}

function start(
  title: string,
  probe: Probe,
  on: { run: ContainerRun; host: ProbeHost },
  onResult: (ok: boolean) => void,
): void {
  const { run, host } = on;
  const { clock, logger } = host.node;
  void probeLoop({
    probe,
    clock,
    signal: host.signal,
    run: () => run.handle(probe, (probe.timeoutSeconds ?? 1) * 1000),
    onResult,
    onFailure: (output) =>
      host.event({ type: 'Warning', reason: 'Unhealthy', message: `${title} probe failed: ${output}` }),
  }).catch((error: unknown) => logger.error({ error: String(error) }, 'a probe loop broke'));
}

async function killFor(kind: string, probe: Probe, runner: ProbedContainer, host: ProbeHost): Promise<void> {
  const graceMs =
    probe.terminationGracePeriodSeconds === undefined
      ? host.graceMs
      : probe.terminationGracePeriodSeconds * 1000;
  await runner.restartFor(
    `Container ${runner.container.name} failed ${kind} probe, will be restarted`,
    graceMs,
  );
}
