// The mounts of one container as text: an fstab for each of two mount(8) runs and the shell around them.
// Paths of the container's root stand under `root`, a copy of the node's root; sources are the host's.
import {
  existsSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Launch, Mount } from './isolation.ts';
import { flagsAt, type HostMount } from './host-mounts.ts';
import { type KeptDirectory, privateDirectories } from './node-root.ts';
import { quote } from './shell.ts';

const kernelKnobs = ['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus'].filter((path) =>
  existsSync(path),
);

/** Made by node-root.ts in the devices of every container. */
const inDevices = new Set(['/dev/shm', '/dev/termination-log']);

export interface ContainerRoot {
  /** The node's root, see node-root.ts. */
  readonly nodeRoot: string;
  readonly hostMounts: readonly HostMount[];
  /** Directories that show in the container's own /tmp, /root and the like (programs on PATH). */
  readonly kept: readonly KeptDirectory[];
  /** In a user namespace overlayfs wants `userxattr`. */
  readonly user: boolean;
}

interface Placed {
  readonly mount: Mount;
  /** The target with the host's symbolic links resolved. */
  readonly target: string;
  /** The deepest directory that exists, when the target does not; it must be made writable for a moment. */
  readonly missingUnder: string | undefined;
}

/** Stage one of a start: everything up to the new root. Writes the fstab files into `launch.scratch`. */
export function mountScript(launch: Launch, node: ContainerRoot): string {
  const placed = launch.mounts.map((mount) => place(mount)).sort((a, b) => (a.target < b.target ? -1 : 1));
  const ownRoot = placed.some((item) => item.missingUnder === '/');
  const root = ownRoot ? join(launch.scratch, 'root') : node.nodeRoot;
  const overlays = [...new Set(placed.map((item) => item.missingUnder))].filter(
    (path): path is string => path !== undefined && path !== '/',
  );
  const first = [...(ownRoot ? ownRootLines(node.nodeRoot, root) : []), ...baseLines(root, node)];
  const binds = placed.map((item) => bindLine(item, root, node));
  writeFileSync(join(launch.scratch, 'fstab.base'), first.join('\n'), { mode: 0o600 });
  writeFileSync(join(launch.scratch, 'fstab.volumes'), `${binds.join('\n')}\n`, { mode: 0o600 });
  return [
    'set -e',
    'read -r pid _ </proc/self/stat; echo "pid $pid" >&4',
    'fail() { exit 128; }',
    ...(ownRoot ? [`mkdir -p ${quote(root)}`] : []),
    `mount -a -T ${quote(join(launch.scratch, 'fstab.base'))} >&4 2>&1 || fail`,
    ...(ownRoot ? linkLines(root) : []),
    ...overlayLines(overlays, root, launch.scratch, node.user),
    ...fileTargets(placed, root),
    ...(binds.length > 0
      ? [`mount -a -T ${quote(join(launch.scratch, 'fstab.volumes'))} >&4 2>&1 || fail`]
      : []),
    ...overlays.map((path) => `mount -o remount,bind,ro ${quote(`${root}${path}`)} >&4 2>&1 || fail`),
    ...(ownRoot ? [`mount -o remount,bind,ro ${quote(root)} >&4 2>&1 || fail`] : []),
    `hostname ${quote(launch.hostname)} 2>/dev/null || echo ${quote(launch.hostname)} >/proc/sys/kernel/hostname`,
    `cd ${quote(root)}; pivot_root . . >&4 2>&1 || fail; umount -l . >&4 2>&1 || fail; cd /`,
  ].join('\n');
}

/** Where a mount lands once the host's symbolic links (/var/run) are followed, and what is missing there. */
function place(mount: Mount): Placed {
  let existing = mount.target;
  const rest: string[] = [];
  while (!existsSync(existing)) {
    rest.unshift(basename(existing));
    existing = dirname(existing);
  }
  const real = realpathSync(existing);
  const target = join(real, ...rest);
  const isPrivate = [...privateDirectories, ...inDevices].some(
    (path) => target === path || target.startsWith(`${path}/`),
  );
  return { mount, target, missingUnder: isPrivate || rest.length === 0 ? undefined : real };
}

// A unique source name: mount(8) --all skips what looks mounted already.
const pseudo = (type: string, target: string, options: string) =>
  `pergola ${escape(target)} ${type} ${options} 0 0`;

function baseLines(root: string, node: ContainerRoot): string[] {
  return [
    ...privateDirectories
      .filter((path) => isPlainDirectory(path))
      .map((path) =>
        pseudo('tmpfs', `${root}${path}`, `mode=${path.endsWith('tmp') ? '1777' : '755'},nosuid,nodev`),
      ),
    pseudo('proc', `${root}/proc`, 'nosuid,nodev,noexec'),
    // Knobs of the kernel are everybody's: root in a container may look, not turn.
    ...kernelKnobs.map((path) => readOnlyBind(`${root}${path}`, `${root}${path}`, 'nosuid,nodev,noexec')),
    pseudo('devpts', `${root}/dev/pts`, 'newinstance,ptmxmode=0666,mode=620,nosuid,noexec'),
    pseudo('tmpfs', `${root}/dev/shm`, 'mode=1777,nosuid,nodev'),
    ...node.kept.map(
      ({ source, target }) => `${escape(source)} ${escape(`${root}${target}`)} none rbind,X-mount.mkdir 0 0`,
    ),
  ];
}

const readOnlyBind = (source: string, target: string, flags: string) =>
  `${escape(source)} ${escape(target)} none bind,ro,${flags} 0 0`;

function isPlainDirectory(path: string): boolean {
  return existsSync(path) && lstatSync(path).isDirectory();
}

function bindLine(item: Placed, root: string, node: ContainerRoot): string {
  const flags = flagsAt(node.hostMounts, item.mount.source);
  const options = [
    'rbind',
    ...(item.mount.readOnly ? ['ro', ...flags] : []),
    ...(item.mount.isFile ? [] : ['X-mount.mkdir']),
  ];
  return `${escape(item.mount.source)} ${escape(`${root}${item.target}`)} none ${options.join(',')} 0 0`;
}

/** A root of the container's own, for mount points directly under `/` that the host does not have. */
function ownRootLines(nodeRoot: string, root: string): string[] {
  const directories = readdirSync('/', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [
    pseudo('tmpfs', root, 'mode=755'),
    ...directories.map(
      ({ name }) =>
        `${escape(`${nodeRoot}/${name}`)} ${escape(`${root}/${name}`)} none rbind,X-mount.mkdir 0 0`,
    ),
  ];
}

function linkLines(root: string): string[] {
  return readdirSync('/', { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map(({ name }) => `ln -s ${quote(readlinkSync(`/${name}`))} ${quote(`${root}/${name}`)}`);
}

function overlayLines(paths: readonly string[], root: string, scratch: string, user: boolean): string[] {
  if (paths.length === 0) return [];
  const upper = join(scratch, 'overlay');
  return [
    `mkdir -p ${quote(upper)}; mount -t tmpfs pergola ${quote(upper)} >&4 2>&1 || fail`,
    ...paths.map((path, index) => {
      const at = `${upper}/${index}`;
      const layers = `lowerdir=${root}${path},upperdir=${at}/upper,workdir=${at}/work${user ? ',userxattr' : ''}`;
      return `mkdir -p ${quote(`${at}/upper`)} ${quote(`${at}/work`)}; mount -t overlay -o ${quote(layers)} pergola ${quote(`${root}${path}`)} >&4 2>&1 || fail`;
    }),
  ];
}

function fileTargets(placed: readonly Placed[], root: string): string[] {
  return placed
    .filter(
      (item) =>
        item.mount.isFile &&
        !inDevices.has(item.target) &&
        !(existsSync(item.target) && statSync(item.target).isFile() && item.missingUnder === undefined),
    )
    .map(
      (item) =>
        `mkdir -p ${quote(dirname(`${root}${item.target}`))} >&4 2>&1 || fail; : >>${quote(`${root}${item.target}`)} || fail`,
    );
}

/** A path as an fstab field. */
function escape(path: string): string {
  return path.replaceAll(
    /[\s\\#]/g,
    (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}
