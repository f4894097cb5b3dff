// A container through all its lives: image, configuration, run, restart with back-off, stop. Its status is
// always what the pod's status says. Follows pkg/kubelet/kuberuntime.
import { statSync } from 'node:fs';
import { alphabets, assert, fail, type Result } from '@pergola/kernel';
import { type EnvironmentSources, podEnvironment } from '../config/environment.ts';
import { ConfigError } from '../config/references.ts';
import { parseReference, type ResolvedImage, resolveImage } from '../images/image-map.ts';
import { type Exit, LaunchError } from '../isolation/isolation.ts';
import { type Container, type ContainerStatus, kubeTime, type Pod, podKey, type Terminated } from '../pod.ts';
import { Backoff } from '../pods/backoff.ts';
import type { PodContext } from '../pods/pod-context.ts';
import type { EventText } from '../pods/pod-events.ts';
import type { PodVolumes } from '../volumes/pod-volumes.ts';
import { VolumeError } from '../volumes/volume.ts';
import { ContainerRun } from './container-run.ts';
import { startProbes } from './container-probes.ts';

const configRetryMs = 2000;

export interface RunnerOptions {
  readonly pod: () => Pod;
  readonly container: Container;
  readonly context: PodContext;
  readonly volumes: PodVolumes;
  /** Always, OnFailure or Never, as it applies to this container. */
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  readonly fieldPath: string;
  /** Why it waits before its first start. */
  readonly waitingReason: string;
  /** What a former node process knew of it. */
  readonly previous: ContainerStatus | undefined;
  /** Called after every change of `status`. */
  readonly onChange: () => void;
}

export class ContainerRunner {
  readonly container: Container;
  status: ContainerStatus;
  /** The process of now, while there is one. */
  run: ContainerRun | undefined;
  readonly #options: RunnerOptions;
  readonly #context: PodContext;
  readonly #abort = new AbortController();
  readonly #crash = new Backoff();
  readonly #pull = new Backoff();
  #pulledOnce = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#context = options.context;
    this.container = options.container;
    this.status = initialStatus(options);
  }

  /** Number of the current attempt; the log of attempt n is `n.log`. */
  get attempt(): number {
    return this.status.restartCount;
  }

  /** Runs, and restarts by the policy, until it ends for good or is stopped. Returns the last exit code. */
  async runToEnd(): Promise<number | undefined> {
    try {
      const before = this.status.state.terminated;
      if (before && !this.#shouldRestart(before.exitCode)) return before.exitCode;
      if (before) this.#beginAgain();
      for (;;) {
        const startedMs = this.#context.node.clock.nowMs();
        const ended = await this.#oneLife();
        if (this.#abort.signal.aborted || !this.#shouldRestart(ended.exitCode)) return ended.exitCode;
        await this.#waitToRestart(ended, this.#context.node.clock.nowMs() - startedMs);
        this.#beginAgain();
      }
    } catch (error) {
      if (this.#abort.signal.aborted) return this.status.state.terminated?.exitCode;
      throw error;
    }
  }

  /** Ends it: preStop, SIGTERM, and SIGKILL after the grace period. Resolves when no process is left. */
  async stop(graceMs: number): Promise<void> {
    const { clock } = this.#context.node;
    this.#abort.abort();
    const { run } = this;
    if (!run) return;
    this.#event({ type: 'Normal', reason: 'Killing', message: `Stopping container ${this.container.name}` });
    const deadline = clock.after(graceMs, () => run.process.kill());
    if (graceMs <= 0) run.process.kill();
    const hook = this.container.lifecycle?.preStop;
    if (hook && graceMs > 0) {
      const result = await Promise.race([run.handle(hook, graceMs), run.exited]);
      if ('ok' in result && !result.ok) {
        this.#event({
          type: 'Warning',
          reason: 'FailedPreStopHook',
          message: `PreStopHook failed: ${result.output}`,
        });
      }
    }
    run.process.signal('SIGTERM');
    await run.exited;
    deadline.cancel();
  }

  /** Kills the process so that the restart policy decides what comes next (a failed liveness probe). */
  async restartFor(message: string, graceMs: number): Promise<void> {
    const { run } = this;
    if (!run) return;
    this.#event({ type: 'Normal', reason: 'Killing', message });
    const deadline = this.#context.node.clock.after(graceMs, () => run.process.kill());
    run.process.signal('SIGTERM');
    await run.exited;
    deadline.cancel();
  }

  async #oneLife(): Promise<Terminated> {
    const image = await this.#pullImage();
    const run = await this.#start(image);
    if (!(run instanceof ContainerRun)) return run;
    this.run = run;
    const startedAt = kubeTime(this.#context.node.clock.nowMs());
    const plainReady = !this.container.readinessProbe;
    const plainStarted = !this.container.startupProbe;
    this.#set({
      state: { running: { startedAt } },
      started: plainStarted,
      ready: plainReady && plainStarted,
    });
    this.#event({ type: 'Normal', reason: 'Started', message: `Started container ${this.container.name}` });
    const probes = new AbortController();
    void this.#postStart(run);
    startProbes(this, run, {
      node: this.#context.node,
      signal: probes.signal,
      graceMs: (this.#options.pod().spec.terminationGracePeriodSeconds ?? 30) * 1000,
      set: (change) => this.run === run && this.#set(change),
      event: (text) => this.#event(text),
    });
    const exit = await run.exited;
    probes.abort();
    this.run = undefined;
    return this.#ended(run, exit, startedAt);
  }

  #ended(run: ContainerRun, exit: Exit, startedAt: string): Terminated {
    const message = run.terminationMessage(exit.code !== 0);
    const terminated: Terminated = {
      exitCode: exit.code,
      reason: exit.code === 0 ? 'Completed' : 'Error',
      startedAt,
      finishedAt: kubeTime(this.#context.node.clock.nowMs()),
      ...(message === undefined ? {} : { message }),
      ...(this.status.containerID ? { containerID: this.status.containerID } : {}),
    };
    this.#set({ state: { terminated }, ready: false, started: false });
    return terminated;
  }

  async #pullImage(): Promise<ResolvedImage> {
    const { image, imagePullPolicy } = this.container;
    for (;;) {
      const resolved = this.#resolveImage();
      if (resolved.ok) {
        if (!this.#pulledOnce)
          this.#event({
            type: 'Normal',
            reason: 'Pulled',
            message: `Container image "${image}" already present on machine`,
          });
        this.#pulledOnce = true;
        this.#pull.reset();
        return resolved.value;
      }
      const reference = parseReference(image);
      if (!reference.ok) {
        await this.#waitConfigured(
          'InvalidImageName',
          `Failed to apply default image tag "${image}": ${reference.error}`,
        );
      } else if (imagePullPolicy === 'Never') {
        await this.#waitConfigured(
          'ErrImageNeverPull',
          `Container image "${image}" is not present with pull policy of Never`,
        );
      } else {
        await this.#failPull(resolved.error);
      }
    }
  }

  /** What the image's name stands for, when this machine can give it. */
  #resolveImage(): Result<ResolvedImage> {
    const { images, isolation } = this.#context.node;
    const resolved = resolveImage(images, this.container.image);
    const root = resolved.ok ? resolved.value.entry.root : undefined;
    if (root === undefined) return resolved;
    if (isolation.kind === 'none') {
      return fail(`the image has a root of its own, ${root}, which needs namespaces: ${isolation.reason}`);
    }
    if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return resolved;
    return fail(`the image map names the root ${root}, which is not a folder of this machine`);
  }

  async #failPull(error: string): Promise<void> {
    const { image } = this.container;
    this.#event({ type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` });
    this.#event({ type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${error}` });
    this.#event({ type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' });
    this.#wait('ErrImagePull', error);
    const delayMs = this.#pull.nextPositive();
    await this.#sleep(Math.min(1000, delayMs));
    this.#event({ type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"` });
    this.#event({ type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' });
    this.#wait('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${error}`);
    await this.#sleep(delayMs);
  }

  async #start(image: ResolvedImage): Promise<ContainerRun | Terminated> {
    const { node } = this.#context;
    const pod = this.#options.pod();
    for (;;) {
      try {
        const sources: EnvironmentSources = {
          references: node.references,
          downward: { podIp: this.#context.podIp, hostIp: node.hostIp, capacity: node.capacity },
        };
        assertAllowed(this.container);
        const environment = await podEnvironment(pod, this.container, sources);
        const mounts = await this.#options.volumes.mounts(this.container, environment);
        const containerId = node.random.text(64, alphabets.hex);
        this.#set({ image: image.image, imageID: image.imageId, containerID: `pergola://${containerId}` });
        this.#event({
          type: 'Normal',
          reason: 'Created',
          message: `Created container: ${this.container.name}`,
        });
        this.#abort.signal.throwIfAborted();
        const plan = {
          pod,
          container: this.container,
          image,
          environment,
          mounts,
          attempt: this.attempt,
          containerId,
        };
        const run = await ContainerRun.start(plan, this.#context);
        if (this.#abort.signal.aborted) run.process.kill();
        return run;
      } catch (error) {
        if (error instanceof LaunchError) return this.#failStart(error);
        if (!(error instanceof ConfigError || error instanceof VolumeError)) throw error;
        await this.#waitConfigured('CreateContainerConfigError', error.message);
      }
    }
  }

  #failStart(error: LaunchError): Terminated {
    const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: unable to start container process: error during container init: ${error.message}`;
    this.#event({ type: 'Warning', reason: 'Failed', message: `Error: ${message}` });
    const now = kubeTime(this.#context.node.clock.nowMs());
    const terminated: Terminated = {
      exitCode: 128,
      reason: 'StartError',
      message,
      startedAt: '1970-01-01T00:00:00Z',
      finishedAt: now,
    };
    this.#set({ state: { terminated }, ready: false, started: false });
    return terminated;
  }

  async #postStart(run: ContainerRun): Promise<void> {
    const hook = this.container.lifecycle?.postStart;
    if (!hook) return;
    const result = await Promise.race([run.handle(hook, 24 * 3_600_000), run.exited]);
    if ('ok' in result && !result.ok) {
      this.#event({
        type: 'Warning',
        reason: 'FailedPostStartHook',
        message: `PostStartHook failed: ${result.output}`,
      });
      await this.restartFor('FailedPostStartHook', 30_000);
    }
  }

  async #waitToRestart(ended: Terminated, ranMs: number): Promise<void> {
    const delayMs = this.#crash.next(ranMs);
    if (delayMs === 0) return;
    const { name } = this.container;
    const pod = this.#options.pod();
    const where = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
    this.#set({ lastState: { terminated: ended } });
    this.#wait(
      'CrashLoopBackOff',
      `back-off ${backoffText(delayMs)} restarting failed container=${name} pod=${where}`,
    );
    this.#event({
      type: 'Warning',
      reason: 'BackOff',
      message: `Back-off restarting failed container ${name} in pod ${where}`,
    });
    await this.#sleep(delayMs);
  }

  #beginAgain(): void {
    const last = this.status.state.terminated ?? this.status.lastState.terminated;
    assert(last, `a container of ${podKey(this.#options.pod())} restarts but never ended`);
    this.#set({
      restartCount: this.status.restartCount + 1,
      lastState: { terminated: last },
      state: { waiting: { reason: 'ContainerCreating' } },
    });
  }

  async #waitConfigured(reason: string, message: string): Promise<void> {
    this.#wait(reason, message);
    this.#event({ type: 'Warning', reason: 'Failed', message: `Error: ${message}` });
    await this.#sleep(configRetryMs);
  }

  #shouldRestart(exitCode: number): boolean {
    const { restartPolicy } = this.#options;
    return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
  }

  #wait(reason: string, message: string): void {
    this.#set({ state: { waiting: { reason, message } }, ready: false, started: false });
  }

  #sleep(delayMs: number): Promise<void> {
    this.#abort.signal.throwIfAborted();
    return this.#context.node.clock.sleep(delayMs, this.#abort.signal);
  }

  #set(change: Partial<ContainerStatus>): void {
    this.status = { ...this.status, ...change };
    this.#options.onChange();
  }

  #event(text: EventText): void {
    this.#context.node.events.emit(this.#options.pod(), { ...text, fieldPath: this.#options.fieldPath });
  }
}

function initialStatus({ container, previous, waitingReason }: RunnerOptions): ContainerStatus {
  const fresh: ContainerStatus = {
    name: container.name,
    image: container.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason: waitingReason } },
    lastState: {},
  };
  if (!previous) return fresh;
  const { state, restartCount, lastState, image, imageID, containerID } = previous;
  const kept = { ...fresh, image, imageID, restartCount, lastState, ...(containerID ? { containerID } : {}) };
  if (state.terminated) return { ...kept, state };
  if (!state.running) return kept;
  // It ran when the node went away, and went with it.
  const terminated: Terminated = {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the node restarted.  The container used to be Running',
    startedAt: state.running.startedAt,
    finishedAt: null,
  };
  return { ...kept, state: { terminated } };
}

/** Throws ConfigError for what this node does not give. */
function assertAllowed({ securityContext }: Container): void {
  if (securityContext?.privileged)
    throw new ConfigError('privileged containers are not implemented by this node');
  if (securityContext?.runAsNonRoot && securityContext.runAsUser === 0) {
    throw new ConfigError("container's runAsUser breaks non-root policy");
  }
}

function backoffText(delayMs: number): string {
  const seconds = delayMs / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
