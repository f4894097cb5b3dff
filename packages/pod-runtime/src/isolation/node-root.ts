// The node's root: one long-lived process that holds a mount and a process-id namespace (and a user
// namespace when we are not root) with the whole host file system read-only. Containers start from a
// copy of it. When its input ends, because we ended, it exits and the kernel kills all it contains.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { flagsAt, readHostMounts } from './host-mounts.ts';
import { toolPath } from './pipes.ts';
import { quote } from './shell.ts';

export interface NodeRootOptions {
  /** A directory of ours; `root` inside becomes the mount point. */
  readonly directory: string;
  readonly user: boolean;
  /** Directories of the host that no container may see. */
  readonly hidden: readonly string[];
  /** Directories that show even inside hidden ones. */
  readonly shown: readonly string[];
  /** Home directories, replaced by empty ones in which only `keep` shows through. */
  readonly homes: readonly string[];
  /** Directories of programs, which containers see wherever they stand. */
  readonly keep: readonly string[];
}

/** A host directory as containers may see it, to be shown at `target` over a directory of their own. */
export interface KeptDirectory {
  readonly source: string;
  readonly target: string;
}

export interface NodeRoot extends AsyncDisposable {
  readonly root: string;
  readonly holderPid: number;
  /** Those of `keep` that lie in a directory which each container has for itself. */
  readonly kept: readonly KeptDirectory[];
}

/** Directories that every container has for itself: writable, empty, gone with it. */
export const privateDirectories: readonly string[] = ['/tmp', '/var/tmp', '/run', '/root'];

/** Devices that every container has. */
const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** Starts the holder. Rejects with the tools' own words when the machine refuses. */
export async function startNodeRoot(options: NodeRootOptions): Promise<NodeRoot> {
  const root = join(options.directory, 'root');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const kept = options.keep
    .filter((path) => existsSync(path))
    .map((target, index) => ({ source: join(options.directory, 'kept', String(index)), target }));
  for (const { source } of kept) mkdirSync(source, { recursive: true, mode: 0o700 });
  const flags = options.user ? ['--user', '--map-root-user'] : [];
  const child = spawn(
    'unshare',
    [
      ...flags,
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--propagation',
      'private',
      'sh',
      '-c',
      nodeRootScript(options, root, kept),
    ],
    { env: { PATH: toolPath }, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  child.stdin.on('error', () => {}); // NOTE: the holder's exit is seen by `exit`, not here.
  const holderPid = await reportedPid(child);
  child.unref();
  return {
    root,
    holderPid,
    kept: kept.filter(({ target }) => privateDirectories.some((outer) => target.startsWith(`${outer}/`))),
    async [Symbol.asyncDispose]() {
      const exited = new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        child.once('exit', () => resolve());
      });
      child.ref();
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function reportedPid(child: ChildProcess): Promise<number> {
  let failure = '';
  let text = '';
  child.stderr?.on('data', (chunk) => {
    failure += String(chunk);
  });
  child.once('error', (error) => {
    failure += error.message;
  });
  for await (const chunk of child.stdout as Readable) {
    text += String(chunk);
    const pid = /^pid (\d+)$/m.exec(text)?.[1];
    if (pid !== undefined) return Number(pid);
  }
  throw new Error(failure.trim() || 'the holder of the namespaces ended at once');
}

function nodeRootScript(options: NodeRootOptions, root: string, kept: readonly KeptDirectory[]): string {
  const base = quote(root);
  const under = (path: string) => quote(`${root}${path}`);
  const inside = (path: string) => options.hidden.some((outer) => path.startsWith(`${outer}/`));
  const hidden = [...new Set(options.hidden)].filter((path) => existsSync(path) && !inside(path));
  return [
    'set -e',
    `mount --rbind / ${base}`,
    // A plain remount reaches one mount only, so each is done by itself; one that refuses is taken away.
    'while read -r _ _ _ _ at flags _; do',
    `  case $at in ${base}|${base}/*) ;; *) continue;; esac`,
    String.raw`  case $at in *\\*) at=$(printf %b "$(printf %s "$at" | sed 's/\\\([0-7]\)/\\0\1/g')");; esac`,
    '  mount -o "remount,bind,$flags,ro" "$at" 2>/dev/null || umount -l "$at" 2>/dev/null || mount -t tmpfs -o ro,mode=000 pergola "$at"',
    'done </proc/self/mountinfo',
    `mount -t tmpfs -o mode=755,size=64k pergola ${under('/dev')}`,
    `mkdir ${under('/dev/pts')} ${under('/dev/shm')}`,
    ...devices.map(
      (name) => `: >${under(`/dev/${name}`)}; mount --bind /dev/${name} ${under(`/dev/${name}`)}`,
    ),
    `ln -s pts/ptmx ${under('/dev/ptmx')}; ln -s /proc/self/fd ${under('/dev/fd')}`,
    ...['stdin', 'stdout', 'stderr'].map((name, fd) => `ln -s /proc/self/fd/${fd} ${under(`/dev/${name}`)}`),
    // The kubelet's default place for termination messages; then nobody writes here any more.
    `: >${under('/dev/termination-log')}; mount -o remount,bind,ro ${under('/dev')}`,
    ...hidden.flatMap((path) => hide(path, options.shown, root)),
    // Taken from the root as it is now, so that they are read-only and what is hidden stays hidden in them.
    ...kept.map(({ source, target }) => `mount --rbind ${under(target)} ${quote(source)}`),
    ...options.homes.flatMap((home) => maskHome(home, kept, root)),
    'read -r pid _ </proc/self/stat',
    'echo "pid $pid"',
    // As process 1 it inherits orphans: ignoring CHLD lets the kernel reap them.
    `trap '' CHLD`,
    'exec cat >/dev/null 2>&1',
  ].join('\n');
}

function maskHome(home: string, kept: readonly KeptDirectory[], root: string): string[] {
  const within = kept.filter(({ target }) => target.startsWith(`${home}/`));
  return [
    `mount -t tmpfs -o mode=755 pergola ${quote(`${root}${home}`)}`,
    ...within.map(({ source, target }) => {
      const at = quote(`${root}${target}`);
      return `mkdir -p ${at}; mount --rbind ${quote(source)} ${at}`;
    }),
    `mount -o remount,bind,ro ${quote(`${root}${home}`)}`,
  ];
}

function hide(path: string, shown: readonly string[], root: string): string[] {
  const kept = shown.filter((inner) => inner.startsWith(`${path}/`) && existsSync(inner));
  const target = quote(`${root}${path}`);
  if (kept.length === 0) return [`mount -t tmpfs -o ro,mode=000 pergola ${target}`];
  return [
    `mount -t tmpfs -o mode=711 pergola ${target}`,
    ...kept.map((inner) => keepLine(inner, root)),
    `mount -o remount,bind,ro ${target}`,
  ];
}

/** Shows one host directory again, read-only, inside a directory that was replaced. */
function keepLine(path: string, root: string): string {
  const target = quote(`${root}${path}`);
  const flags = ['remount', 'bind', 'ro', ...flagsAt(readHostMounts(), path)].join(',');
  return `mkdir -p ${target}; mount --rbind ${quote(path)} ${target}; mount -o ${flags} ${target}`;
}

/**
 * The directories to show of homes and other replaced directories for programs on PATH: the prefix of
 * `<prefix>/bin` or `<prefix>/shims`, but never a replaced directory itself.
 */
export function keptForPath(searchPath: readonly string[], replaced: readonly string[]): string[] {
  const kept = new Set<string>();
  for (const entry of searchPath) {
    if (replaced.includes(entry) || !replaced.some((outer) => entry.startsWith(`${outer}/`))) continue;
    const prefix = dirname(entry);
    kept.add(replaced.includes(prefix) ? entry : prefix);
  }
  return outermost([...kept]);
}

/** Without those that lie in another one. */
export function outermost(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));
}
