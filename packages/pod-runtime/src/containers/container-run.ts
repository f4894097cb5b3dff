// One life of one container: from its image and environment to a running process with a log, hooks and
// probes, to its end.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandReferences } from '../config/expand.ts';
import type { ResolvedImage } from '../images/image-map.ts';
import type { Command, Exit, Mount, RunAs, RunningProcess } from '../isolation/isolation.ts';
import { linkContainerLog, LogFile } from '../logs/log-file.ts';
import type { Container, Pod } from '../pod.ts';
import { type HandlerResult, runHandler } from '../probes/handler.ts';
import type { NodeContext, PodContext } from '../pods/pod-context.ts';
import { StdinHub } from './stdin-hub.ts';

const outputSettleMs = 500;
/** PATH in an image's own root, as container engines set it. */
const imagePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const maxTerminationMessageBytes = 4096;
const maxExecOutputBytes = 10 * 1024;

export interface RunPlan {
  readonly pod: Pod;
  readonly container: Container;
  readonly image: ResolvedImage;
  readonly environment: ReadonlyMap<string, string>;
  readonly mounts: readonly Mount[];
  readonly attempt: number;
  readonly containerId: string;
}

/** A container whose process runs. */
export class ContainerRun {
  readonly process: RunningProcess;
  readonly log: LogFile;
  readonly stdin: StdinHub;
  readonly exited: Promise<Exit>;
  readonly #plan: RunPlan;
  readonly #command: Command;
  readonly #context: PodContext;
  readonly #messagePath: string;

  private constructor(
    process: RunningProcess,
    log: LogFile,
    from: { plan: RunPlan; command: Command; context: PodContext; messagePath: string },
  ) {
    this.process = process;
    this.log = log;
    this.#plan = from.plan;
    this.#command = from.command;
    this.#context = from.context;
    this.#messagePath = from.messagePath;
    this.stdin = new StdinHub(process, from.plan.container);
    const { clock } = from.context.node;
    const written = Promise.all([
      log.attach(process.stdout, 'stdout', (chunk) => this.stdin.tell('stdout', chunk)),
      log.attach(process.stderr, 'stderr', (chunk) => this.stdin.tell('stderr', chunk)),
    ]);
    // The end is told when its last words are in the log, but a child that keeps the pipe open cannot delay it.
    this.exited = process.exited.then(async (exit) => {
      await Promise.race([written, clock.sleep(outputSettleMs)]);
      return exit;
    });
  }

  /** Starts the process. Rejects with LaunchError. */
  static async start(plan: RunPlan, context: PodContext): Promise<ContainerRun> {
    const { container, pod } = plan;
    const scratch = join(context.directory, 'containers', container.name, String(plan.attempt));
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true, mode: 0o700 });
    const messagePath = join(scratch, 'termination-log');
    writeFileSync(messagePath, '', { mode: 0o666 });
    const command = commandOf(plan, context.node, pod);
    const target = container.terminationMessagePath ?? '/dev/termination-log';
    const messageMount = { source: messagePath, target, readOnly: false, isFile: true };
    const mounts = context.node.isolation.kind === 'none' ? plan.mounts : [...plan.mounts, messageMount];
    const { root } = plan.image.entry;
    const launch = { ...command, root, mounts, hostname: hostnameOf(pod), scratch };
    // Before the process, which may look for its own log.
    const log = new LogFile(join(context.logDirectory, container.name), plan.attempt, context.node.clock);
    const process = await context.node.isolation.launch(launch).catch((error: unknown) => {
      log.close();
      throw error;
    });
    const name = `${pod.metadata.name}_${pod.metadata.namespace}_${container.name}-${plan.containerId}`;
    context.addLogLink(linkContainerLog(context.node.logRoot, name, log.path));
    return new ContainerRun(process, log, { plan, command, context, messagePath });
  }

  /** Runs a command in the container with its environment and directory. */
  enter(options: Pick<Command, 'argv' | 'tty' | 'stdin' | 'size'>): Promise<RunningProcess> {
    return this.#context.node.isolation.enter(this.process, { ...this.#command, ...options });
  }

  /** Waits by the node's clock. */
  pause(delayMs: number): Promise<void> {
    return this.#context.node.clock.sleep(delayMs);
  }

  /** Runs a probe's or hook's action. */
  handle(handler: Parameters<typeof runHandler>[0], timeoutMs: number): Promise<HandlerResult> {
    const { container } = this.#plan;
    const { podIp, node } = this.#context;
    const exec = (argv: readonly string[], signal: AbortSignal) => this.#execToText(argv, signal);
    return runHandler(handler, { container, podIp, clock: node.clock, timeoutMs, exec });
  }

  /** What the container left in its termination message file. */
  terminationMessage(failed: boolean): string | undefined {
    const text = readFileSync(this.#messagePath).subarray(0, maxTerminationMessageBytes).toString('utf8');
    if (text !== '' || !failed || this.#plan.container.terminationMessagePolicy !== 'FallbackToLogsOnError')
      return text || undefined;
    const log = readFileSync(this.log.path).subarray(-maxTerminationMessageBytes).toString('utf8');
    return (
      log
        .split('\n')
        .slice(-81)
        .map((line) => line.replace(/^\S+ \S+ [FP] /, ''))
        .join('\n') || undefined
    );
  }

  async #execToText(argv: readonly string[], signal: AbortSignal): Promise<{ code: number; output: string }> {
    const running = await this.enter({ argv, tty: false, stdin: false });
    const kill = () => running.kill();
    signal.addEventListener('abort', kill, { once: true });
    let output = '';
    const take = async (stream: AsyncIterable<unknown>) => {
      for await (const chunk of stream) if (output.length < maxExecOutputBytes) output += String(chunk);
    };
    const [exit] = await Promise.all([running.exited, take(running.stdout), take(running.stderr)]);
    signal.removeEventListener('abort', kill);
    return { code: exit.code, output };
  }
}

function hostnameOf(pod: Pod): string {
  return (pod.spec.hostname ?? pod.metadata.name).slice(0, 63).replace(/[-.]+$/, '');
}

function commandOf(plan: RunPlan, node: NodeContext, pod: Pod): Command {
  const { container, image } = plan;
  const { entry } = image;
  const env = new Map<string, string>([
    ['PATH', entry.root === undefined ? node.searchPath : imagePath],
    ['HOSTNAME', hostnameOf(pod)],
    ['HOME', '/root'],
    ...(container.tty ? [['TERM', 'xterm'] as const] : []),
    // They stand for the cluster's network, and an empty text for none, as in configurations that name all settings there are.
    ...Object.entries(node.environment),
    ...Object.entries(entry.env ?? {}),
    ...[...plan.environment].filter(([name, value]) => value !== '' || !node.environment[name]),
  ]);
  return {
    argv: argvOf(plan),
    env: Object.fromEntries(env),
    cwd: container.workingDir || entry.workingDir || '/',
    tty: container.tty ?? false,
    stdin: container.stdin ?? false,
    runAs: runAsOf(pod, container, entry.user),
  };
}

/** The pod's command replaces the image's entrypoint and arguments, its args only the arguments. */
function argvOf({ container, image, environment }: RunPlan): string[] {
  const expand = (words: readonly string[]) => words.map((word) => expandReferences(word, environment));
  const { command = [], args = [] } = container;
  const { entrypoint = [], command: imageArgs = [] } = image.entry;
  if (command.length > 0) return expand([...command, ...args]);
  return [...entrypoint, ...(args.length > 0 ? expand(args) : imageArgs)];
}

/** The pod's word goes before the image's `uid[:gid]`. */
function runAsOf(pod: Pod, container: Container, user: string | undefined): RunAs | undefined {
  const shared = pod.spec.securityContext ?? {};
  const wanted = { ...shared, ...container.securityContext };
  const { runAsUser, runAsGroup } =
    wanted.runAsUser === undefined ? { ...identityOf(user), ...wanted } : wanted;
  if (runAsUser === undefined && runAsGroup === undefined) return undefined;
  const { supplementalGroups = [], fsGroup } = shared;
  return {
    uid: runAsUser ?? 0,
    gid: runAsGroup ?? 0,
    groups: fsGroup === undefined ? supplementalGroups : [...supplementalGroups, fsGroup],
  };
}

/** An image's `uid[:gid]`. */
function identityOf(user: string | undefined): { runAsUser?: number; runAsGroup?: number } {
  if (user === undefined) return {};
  const [runAsUser = 0, runAsGroup = 0] = user.split(':').map(Number);
  return { runAsUser, runAsGroup };
}
