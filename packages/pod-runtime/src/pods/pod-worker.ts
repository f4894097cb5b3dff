// The life of one pod on the node: volumes, init containers in order, main containers, refreshes, and the
// end. All decisions run in one async function; the outside only sets wishes.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KubeApiError } from '@pergola/kube-client';
import { ContainerRunner } from '../containers/container-runner.ts';
import { podLogDirectory } from '../logs/log-file.ts';
import { type Container, type ContainerStatus, kubeTime, type Pod, podKey } from '../pod.ts';
import { PodVolumes } from '../volumes/pod-volumes.ts';
import { VolumeError } from '../volumes/volume.ts';
import type { NodeContext, PodContext } from './pod-context.ts';
import { podStatus } from './pod-status.ts';
import { podType, StatusWriter } from './status-writer.ts';

const refreshMs = 30_000;
const volumeRetryMs = 2000;

const statusLists = {
  containers: 'containerStatuses',
  initContainers: 'initContainerStatuses',
  ephemeralContainers: 'ephemeralContainerStatuses',
} as const;

export class PodWorker {
  readonly key: string;
  readonly uid: string;
  /** Resolves when nothing of the pod is left on the node. */
  readonly done: Promise<void>;
  readonly #node: NodeContext;
  readonly #context: PodContext;
  readonly #volumes: PodVolumes;
  readonly #writer: StatusWriter;
  readonly #init: ContainerRunner[];
  readonly #main: ContainerRunner[];
  /** Come one by one while the pod lives, and never restart. */
  readonly #ephemeral: ContainerRunner[] = [];
  readonly #startTime: string;
  readonly #end = new AbortController();
  readonly #logLinks: string[] = [];
  #pod: Pod;
  #graceMs = 0;
  #failure: { reason: string; message: string } | undefined;
  #sandboxReady = false;
  /** True once the main containers have ended for good. */
  #ended = false;
  #abandoned = false;
  #stopping: Promise<unknown> | undefined;

  constructor(pod: Pod, node: NodeContext, podIp: string) {
    this.#pod = pod;
    this.#node = node;
    this.key = podKey(pod);
    this.uid = pod.metadata.uid ?? '';
    const { name, namespace = 'default' } = pod.metadata;
    const directory = join(node.podRoot, this.uid);
    const logDirectory = podLogDirectory(node.logRoot, { namespace, name, uid: this.uid });
    const { hostIp, capacity } = node;
    this.#context = { node, podIp, directory, logDirectory, addLogLink: (path) => this.#logLinks.push(path) };
    const volumeContext = { ...node.volumeContext, downward: { podIp, hostIp, capacity } };
    this.#volumes = new PodVolumes(directory, node.volumeKinds, volumeContext);
    this.#writer = new StatusWriter(pod, node);
    this.#startTime = pod.status?.startTime ?? kubeTime(node.clock.nowMs());
    const policy = pod.spec.restartPolicy ?? 'Always';
    this.#init = (pod.spec.initContainers ?? []).map((container) =>
      this.#runner(container, initPolicy(container, policy), 'initContainers'),
    );
    this.#main = pod.spec.containers.map((container) => this.#runner(container, policy, 'containers'));
    this.done = this.#live().catch((error: unknown) => {
      node.logger.error(
        { pod: this.key, error: error instanceof Error ? error.stack : String(error) },
        'a pod worker broke',
      );
    });
  }

  get pod(): Pod {
    return this.#pod;
  }

  get podIp(): string {
    return this.#context.podIp;
  }

  /** The runner of a container, by name. */
  container(name: string): ContainerRunner | undefined {
    return [...this.#main, ...this.#init, ...this.#ephemeral].find(
      ({ container }) => container.name === name,
    );
  }

  /** Where a container's logs stand. */
  logDirectory(container: string): string {
    return join(this.#context.logDirectory, container);
  }

  /** News from the server: labels, annotations, ephemeral containers, and the wish to delete. */
  update(pod: Pod): void {
    this.#pod = pod;
    this.#startEphemeral();
    if (pod.metadata.deletionTimestamp === undefined) return;
    const seconds = pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
    this.terminate(seconds * 1000);
  }

  /** The object is gone from the server: whatever still runs is killed. */
  remove(): void {
    this.#writer.stop();
    this.terminate(0);
  }

  /** Ends the pod within `graceMs`. A later call can only shorten. */
  terminate(graceMs: number): void {
    const first = this.#stopping === undefined;
    if (!first && graceMs >= this.#graceMs) return;
    this.#graceMs = graceMs;
    this.#end.abort();
    const stop = async (runners: readonly ContainerRunner[]) => {
      await Promise.all(runners.map((runner) => runner.stop(graceMs)));
    };
    const before = this.#stopping;
    const now = stop([...this.#main, ...this.#ephemeral]).then(() => stop(this.#init));
    this.#stopping = Promise.all([before, now]);
  }

  /** The node goes down: processes end now, the pod stays on the server and on disk for the next node process. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    this.remove();
    await this.done;
  }

  async #live(): Promise<void> {
    mkdirSync(this.#context.directory, { recursive: true, mode: 0o750 });
    if (this.#pod.metadata.deletionTimestamp !== undefined) this.update(this.#pod);
    if (!isFinished(this.#pod)) await this.#runContainers();
    await untilAborted(this.#end.signal);
    await this.#stopping;
    if (this.#abandoned) return;
    this.#report();
    await this.#writer.flush();
    await this.#deleteObject();
    rmSync(this.#context.directory, { recursive: true, force: true });
    rmSync(this.#context.logDirectory, { recursive: true, force: true });
    for (const link of this.#logLinks) rmSync(link, { force: true });
  }

  async #runContainers(): Promise<void> {
    this.#report();
    try {
      if (!(await this.#prepareVolumes())) return;
    } finally {
      this.#report();
    }
    this.#sandboxReady = true;
    this.#warnIfUnisolated();
    this.#startEphemeral();
    const deadline = this.#startDeadline();
    void this.#refreshLoop().catch((error: unknown) =>
      this.#node.logger.error({ pod: this.key, error: String(error) }, 'volume refresh broke'),
    );
    if (await this.#runInit()) {
      await Promise.all(this.#main.map((runner) => runner.runToEnd()));
    }
    deadline?.cancel();
    // Sidecars and ephemeral containers outlive the main ones only by their own stop.
    const sidecars = this.#init.filter(({ container }) => isSidecar(container));
    this.#ended = true;
    await Promise.all([...sidecars, ...this.#ephemeral].map((runner) => runner.stop(this.#graceOf())));
    this.#report();
  }

  /** Runs the ephemeral containers that are new in the spec, once the pod has its volumes and address. */
  #startEphemeral(): void {
    if (!this.#sandboxReady || this.#ended || this.#end.signal.aborted) return;
    for (const container of this.#pod.spec.ephemeralContainers ?? []) {
      if (this.#ephemeral.some((runner) => runner.container.name === container.name)) continue;
      const runner = this.#runner(container, 'Never', 'ephemeralContainers');
      this.#ephemeral.push(runner);
      void runner.runToEnd().catch((error: unknown) => {
        this.#node.logger.error({ pod: this.key, error: String(error) }, 'an ephemeral container broke');
      });
    }
  }

  /** The condition says it to programs, this to people who look at events. */
  #warnIfUnisolated(): void {
    const { isolation, events } = this.#node;
    if (isolation.kind !== 'none') return;
    const message = `Containers run as plain processes of the host, without file systems of their own: ${isolation.reason}`;
    events.emit(this.#pod, { type: 'Warning', reason: 'NotIsolated', message });
  }

  async #prepareVolumes(): Promise<boolean> {
    while (!this.#end.signal.aborted) {
      try {
        await this.#volumes.prepare(this.#pod);
        return true;
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error;
        this.#node.events.emit(this.#pod, { type: 'Warning', reason: 'FailedMount', message: error.message });
        await this.#node.clock.sleep(volumeRetryMs, this.#end.signal).catch(() => {}); // NOTE: the loop asks why it woke.
      }
    }
    return false;
  }

  /** True when all init containers have done their part. */
  async #runInit(): Promise<boolean> {
    for (const runner of this.#init) {
      if (this.#end.signal.aborted) return false;
      if (isSidecar(runner.container)) {
        void runner.runToEnd().catch((error: unknown) => {
          this.#node.logger.error({ pod: this.key, error: String(error) }, 'a sidecar broke');
        });
        while (!runner.status.started && !this.#end.signal.aborted) await this.#node.clock.sleep(20);
      } else {
        const code = await runner.runToEnd();
        if (code !== 0) return false;
      }
    }
    return !this.#end.signal.aborted;
  }

  async #refreshLoop(): Promise<void> {
    const { clock, random } = this.#node;
    while (!this.#end.signal.aborted) {
      await clock.sleep(refreshMs * (0.8 + 0.4 * random.fraction()), this.#end.signal).catch(() => {}); // NOTE: as above.
      if (this.#end.signal.aborted) return;
      for (const error of await this.#volumes.refresh(this.#pod)) {
        this.#node.events.emit(this.#pod, { type: 'Warning', reason: 'FailedMount', message: error.message });
      }
    }
  }

  #startDeadline(): { cancel(): void } | undefined {
    const seconds = this.#pod.spec.activeDeadlineSeconds;
    if (seconds === undefined) return undefined;
    const { clock, events } = this.#node;
    const leftMs = Date.parse(this.#startTime) + seconds * 1000 - clock.nowMs();
    return clock.after(Math.max(0, leftMs), () => {
      const message = 'Pod was active on the node longer than the specified deadline';
      this.#failure = { reason: 'DeadlineExceeded', message };
      events.emit(this.#pod, { type: 'Normal', reason: 'DeadlineExceeded', message });
      for (const runner of [...this.#main, ...this.#init])
        void runner.stop(this.#graceOf()).then(() => this.#report());
    });
  }

  #graceOf(): number {
    return (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  #runner(
    container: Container,
    restartPolicy: 'Always' | 'OnFailure' | 'Never',
    list: keyof typeof statusLists,
  ): ContainerRunner {
    const statuses = this.#pod.status?.[statusLists[list]];
    return new ContainerRunner({
      pod: () => this.#pod,
      container,
      context: this.#context,
      volumes: this.#volumes,
      restartPolicy,
      waitingReason: this.#pod.spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating',
      fieldPath: `spec.${list}{${container.name}}`,
      previous: statuses?.find(({ name }) => name === container.name),
      onChange: () => this.#report(),
    });
  }

  #report(): void {
    const { isolation, clock, hostIp } = this.#node;
    const statuses = (runners: readonly ContainerRunner[]): ContainerStatus[] =>
      runners.map(({ status }) => status);
    if (!this.#sandboxReady && isFinished(this.#pod)) return;
    this.#writer.set(
      podStatus({
        pod: this.#pod,
        init: statuses(this.#init),
        main: statuses(this.#main),
        ephemeral: statuses(this.#ephemeral),
        podIp: this.#context.podIp,
        hostIp,
        startTime: this.#startTime,
        now: kubeTime(clock.nowMs()),
        failure: this.#failure,
        sandboxReady: this.#sandboxReady,
        unisolatedBecause: isolation.kind === 'none' ? isolation.reason : undefined,
      }),
    );
  }

  /** Tells the server that nothing is left; it removes the object. */
  async #deleteObject(): Promise<void> {
    const { name, namespace, uid, deletionTimestamp } = this.#pod.metadata;
    if (deletionTimestamp === undefined) return;
    try {
      await this.#node.client.delete(
        podType,
        { name, namespace },
        { gracePeriodSeconds: 0, ...(uid ? { uid } : {}) },
      );
    } catch (error) {
      // Someone forced the deletion, or a new pod has the name: both mean that ours is gone.
      if (!(error instanceof KubeApiError && (error.code === 404 || error.code === 409))) throw error;
    }
  }
}

/** Init containers run until they succeed, unless the pod never restarts; sidecars run as long as the pod. */
function initPolicy(container: Container, podPolicy: string): 'Always' | 'OnFailure' | 'Never' {
  if (isSidecar(container)) return 'Always';
  return podPolicy === 'Never' ? 'Never' : 'OnFailure';
}

function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** Succeeded and Failed pods never run again. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
