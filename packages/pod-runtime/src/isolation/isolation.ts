// What a container process needs from the machine, whatever the machine can give. Two implementations:
// `namespaces.ts` (own mounts, process ids and host name) and `plain.ts` (a child process).
import type { Readable, Writable } from 'node:stream';

export type IsolationKind = 'namespaces-root' | 'namespaces-user' | 'none';

/** A file or directory of the host shown at `target` in the container. */
export interface Mount {
  readonly source: string;
  /** Absolute, normalised. */
  readonly target: string;
  readonly readOnly: boolean;
  readonly isFile: boolean;
}

/** Numeric identity; only `namespaces-root` can give it. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** One command with its surroundings. The environment is complete: nothing is inherited. */
export interface Command {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly runAs?: RunAs | undefined;
  /** The terminal's size at the start, when it is known. */
  readonly size?: TerminalSize | undefined;
}

export interface Launch extends Command {
  /** A folder of the host that is the container's root, read-only. Default: the host's own files. */
  readonly root?: string | undefined;
  readonly mounts: readonly Mount[];
  readonly hostname: string;
  /** An existing directory of the host, private to this container, for what the launch itself needs. */
  readonly scratch: string;
}

/** How a process ended. A signal is also told as 128 + its number in `code`. */
export interface Exit {
  readonly code: number;
  readonly signal?: number;
}

/** The command could not be started. The message is one that Kubernetes users know. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

export interface RunningProcess {
  /** The process id as the host sees it. */
  readonly pid: number;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  /** With a tty everything arrives on `stdout` and this stream is empty. */
  readonly stderr: Readable;
  readonly exited: Promise<Exit>;
  /** Sends SIGTERM (or another signal) to the main process. */
  signal(name: NodeJS.Signals): void;
  /** Kills the process and everything it started. */
  kill(): void;
  /** Tells a tty its size; without a tty it does nothing. */
  resize(columns: number, rows: number): void;
}

export interface Isolation extends AsyncDisposable {
  readonly kind: IsolationKind;
  /** One sentence: why this kind. */
  readonly reason: string;
  /** Starts a container's main process. Rejects with LaunchError when it cannot run. */
  launch(launch: Launch): Promise<RunningProcess>;
  /** Runs a command inside a running container. Rejects with LaunchError when it cannot run. */
  enter(container: RunningProcess, command: Command): Promise<RunningProcess>;
}
