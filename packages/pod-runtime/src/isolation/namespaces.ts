// Containers in namespaces, by util-linux alone: a copy of the node's root with the container's own mounts,
// process ids, host name and IPC, and the capabilities that Kubernetes gives by default and no others.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { execFile } from 'node:child_process';
import { type ContainerRoot, mountScript } from './container-mounts.ts';
import { readHostMounts } from './host-mounts.ts';
import {
  type Command,
  type Isolation,
  type Launch,
  LaunchError,
  type RunAs,
  type RunningProcess,
} from './isolation.ts';
import { imageAt } from './image-root.ts';
import { keptForPath, type NodeRoot, outermost, privateDirectories, startNodeRoot } from './node-root.ts';
import { PipePool, toolPath } from './pipes.ts';
import { resolveInRoot } from './resolve-in-root.ts';
import { commandScript, quote } from './shell.ts';
import { type Spawned, spawnPlan } from './spawn.ts';

export interface NamespaceOptions {
  /** A directory of ours on the host. */
  readonly directory: string;
  readonly user: boolean;
  readonly hidden: readonly string[];
  /** Directories that containers see wherever they stand. */
  readonly shown: readonly string[];
  /** PATH of the containers: what of it lies below replaced directories stays visible. */
  readonly searchPath: readonly string[];
}

/**
 * What containerd leaves to a container by default, but for mknod: there is no device cgroup here. CAP_SYS_ADMIN is
 * not among them, so the root stays read-only.
 */
const capabilities =
  'chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot audit_write setfcap'.split(
    ' ',
  );

/** Starts the node's root. Rejects when the machine refuses namespaces. */
export async function startNamespaces(options: NamespaceOptions): Promise<Isolation> {
  const home = homedir();
  const homes = home !== '/root' && home !== '/' && existsSync(home) ? [home] : [];
  const replaced = [...homes, ...privateDirectories];
  const shown = options.shown.filter((path) => replaced.some((outer) => path.startsWith(`${outer}/`)));
  const keep = outermost([...shown, ...keptForPath(options.searchPath, replaced)]);
  const { directory, user, hidden } = options;
  const nodeRoot = await startNodeRoot({ directory, user, hidden, shown: options.shown, homes, keep });
  const node: ContainerRoot = {
    nodeRoot: nodeRoot.root,
    hostMounts: readHostMounts(),
    kept: nodeRoot.kept,
    user,
  };
  return new NamespaceIsolation(nodeRoot, node, options);
}

class NamespaceIsolation implements Isolation {
  readonly kind: 'namespaces-root' | 'namespaces-user';
  readonly reason: string;
  readonly #nodeRoot: NodeRoot;
  readonly #node: ContainerRoot;
  readonly #pipes: PipePool;
  readonly #directory: string;
  readonly #userFlags: readonly string[];
  /** The image folders of those containers that have one. */
  readonly #roots = new WeakMap<RunningProcess, string>();

  constructor(nodeRoot: NodeRoot, node: ContainerRoot, options: NamespaceOptions) {
    this.kind = options.user ? 'namespaces-user' : 'namespaces-root';
    this.reason = options.user
      ? 'this machine gives user namespaces to unprivileged users'
      : 'we are root and this machine gives mount and process namespaces';
    this.#nodeRoot = nodeRoot;
    this.#node = node;
    this.#pipes = new PipePool(`${options.directory}/pipes`);
    this.#directory = options.directory;
    this.#userFlags = options.user ? ['--user', '--preserve-credentials'] : [];
  }

  async launch(launch: Launch): Promise<RunningProcess> {
    this.#assertCanRun(launch, launch.root);
    const stageOne = `${mountScript(launch, this.#node)}\nexec ${this.#stageTwo(launch, launch.root).map(quote).join(' ')}`;
    // The subshell is process 1 of the new process namespace. unshare --fork would do, but it turns SIGKILL
    // into exit code 1 with a complaint; a shell answers 128 + signal. Its own "Killed" goes nowhere.
    const waiter = `exec 7>&2 2>/dev/null\n(\nexec 2>&7 7>&-\n${stageOne}\n)\nexit $?`;
    const holder = String(this.#nodeRoot.holderPid);
    const enter = ['nsenter', '--target', holder, '--mount', '--pid', ...this.#userFlags];
    const leave = ['unshare', '--mount', '--pid', '--uts', '--ipc', '--propagation', 'unchanged'];
    const argv = [...enter, ...leave, 'sh', '-c', waiter];
    const script = this.#script(launch, launch.root);
    const plan = { argv, script, command: launch, scratch: launch.scratch, tellsPid: true };
    const running = this.#running(await spawnPlan(plan, this.#pipes));
    if (launch.root !== undefined) this.#roots.set(running, launch.root);
    return running;
  }

  async enter(container: RunningProcess, command: Command): Promise<RunningProcess> {
    const root = this.#roots.get(container);
    this.#assertCanRun(command, root);
    const argv = [...this.#nsenter(container.pid), ...this.#stageTwo(command, root)];
    const script = this.#script(command, root);
    const spawned = await spawnPlan({ argv, script, command, scratch: this.#directory }, this.#pipes);
    return this.#running(spawned, container.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#nodeRoot[Symbol.asyncDispose]();
  }

  #nsenter(pid: number): string[] {
    return ['nsenter', '--target', String(pid), '--mount', '--pid', '--uts', '--ipc', ...this.#userFlags];
  }

  /** Drops privileges, enters the image's root when there is one, and runs the script on descriptor 3. */
  #stageTwo(command: Command, root: string | undefined): string[] {
    const runAs = this.kind === 'namespaces-root' ? command.runAs : undefined;
    if (root === undefined) return [...setpriv(runAs), 'sh', '/dev/fd/3'];
    const inside = [...setpriv(undefined), ...chroot(runAs), 'sh', '/dev/fd/3'];
    if (!command.tty) return inside;
    // The terminal is made with the host's tools, before the image is entered: it may have none.
    const { size } = command;
    const stty = size ? `stty cols ${size.columns} rows ${size.rows}; ` : '';
    const words = `${stty}echo "tty $(tty)" >&4; exec ${inside.map(quote).join(' ')}`;
    return ['script', '-qec', words, '/dev/null'];
  }

  /** In an image's root the terminal stands already when the script runs. */
  #script(command: Command, root: string | undefined): string {
    // The one user of the namespace may not give files away, as tar tries for root (kubectl cp).
    const dressed =
      this.kind === 'namespaces-user'
        ? { ...command, env: { TAR_OPTIONS: '--no-same-owner', ...command.env } }
        : command;
    return root === undefined
      ? commandScript(dressed, 'script')
      : commandScript({ ...dressed, tty: false }, undefined);
  }

  #assertCanRun({ runAs }: Command, root: string | undefined): void {
    if (runAs && (runAs.uid !== 0 || runAs.gid !== 0) && this.kind === 'namespaces-user') {
      throw new LaunchError(
        `user ${runAs.uid}:${runAs.gid} needs Pergola to run as root: an unprivileged user namespace has one user`,
      );
    }
    if (root !== undefined && resolveInRoot(root, '/bin/sh').missingUnder !== undefined) {
      throw new LaunchError(`exec: "/bin/sh": ${root} has no /bin/sh, with which this node starts programs`);
    }
  }

  #running(spawned: Spawned, containerPid = spawned.pid): RunningProcess {
    let ended = false;
    const onExit = () => {
      ended = true;
    };
    void spawned.exited.then(onExit);
    const signal = (name: NodeJS.Signals) => {
      if (ended) return;
      try {
        process.kill(spawned.pid, name);
      } catch {
        // It ended between its exit and our notice of it: nothing is left to signal.
      }
    };
    return {
      pid: spawned.pid,
      stdin: spawned.stdin,
      stdout: spawned.stdout,
      stderr: spawned.stderr,
      exited: spawned.exited,
      signal,
      // Process 1 of the container's own process namespace: the kernel takes the others with it.
      kill: () => signal('SIGKILL'),
      resize: (columns, rows) => {
        if (!spawned.ttyDevice || ended) return;
        const argv = [
          ...this.#nsenter(containerPid),
          'stty',
          '-F',
          spawned.ttyDevice,
          'cols',
          String(columns),
          'rows',
          String(rows),
        ];
        execFile('env', ['-i', `PATH=${toolPath}`, ...argv], () => {}); // NOTE: the size is a courtesy; a process that just ended has none.
      },
    };
  }
}

function setpriv(runAs: RunAs | undefined): string[] {
  const identity = runAs
    ? [
        `--reuid=${runAs.uid}`,
        `--regid=${runAs.gid}`,
        runAs.groups.length > 0 ? `--groups=${runAs.groups.join(',')}` : '--clear-groups',
      ]
    : [];
  return [
    'setpriv',
    ...identity,
    `--bounding-set=-all,${capabilities.map((name) => `+${name}`).join(',')}`,
    '--inh-caps=-all',
  ];
}

/** Enters the image's root. Numbers with a plus are taken as they are, without asking the image for names. */
function chroot(runAs: RunAs | undefined): string[] {
  const identity = runAs
    ? [
        `--userspec=+${runAs.uid}:+${runAs.gid}`,
        `--groups=${runAs.groups.map((group) => `+${group}`).join(',')}`,
      ]
    : [];
  return ['chroot', ...identity, imageAt];
}
