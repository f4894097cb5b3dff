// The mounts of one container as text: an fstab for each of two mount(8) runs and the shell around them.
// Paths of the container's root stand under `root`, a copy of the node's root; sources are the host's.
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flagsAt, type HostMount } from './host-mounts.ts';
import { fstabLine, imageAt, kindOf, planImageRoot, privateDirectoriesOf } from './image-root.ts';
import type { Launch, Mount } from './isolation.ts';
import { type KeptDirectory, privateDirectories } from './node-root.ts';
import { resolveInRoot } from './resolve-in-root.ts';
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
  /** The target with symbolic links resolved. */
  readonly target: string;
  /** In a directory of the container's own, which is empty before its mounts. */
  readonly isPrivate: boolean;
  /** The deepest directory that exists, when the target does not; mount points must be made there. */
  readonly missingUnder: string | undefined;
}

/** Everything that is mounted for one container, before it becomes text. */
interface Plan {
  /** What becomes the root of the container's mount namespace. */
  readonly top: string;
  /** Mounted first. */
  readonly base: readonly string[];
  /** Shell lines between the two. */
  readonly prepare: readonly string[];
  /** Mounted last, and then made read-only in these places. */
  readonly mounts: readonly string[];
  readonly closed: readonly string[];
}

/** Stage one of a start: everything up to the new root. Writes the fstab files into `launch.scratch`. */
export function mountScript(launch: Launch, node: ContainerRoot): string {
  const plan = launch.root === undefined ? planOnHost(launch, node) : planOnImage(launch, launch.root, node);
  const table = (name: string, lines: readonly string[]) => {
    const path = join(launch.scratch, name);
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
    return lines.length > 0 ? [`mount -a -T ${quote(path)} >&4 2>&1 || fail`] : [];
  };
  return [
    'set -e',
    'read -r pid _ </proc/self/stat; echo "pid $pid" >&4',
    'fail() { exit 128; }',
    `[ -d ${quote(plan.top)} ] || mkdir -p ${quote(plan.top)}`,
    ...table('fstab.base', plan.base),
    ...plan.prepare.map((line) => `${line} >&4 2>&1 || fail`),
    ...table('fstab.volumes', plan.mounts),
    ...plan.closed.map((path) => `mount -o remount,bind,ro ${quote(path)} >&4 2>&1 || fail`),
    `hostname ${quote(launch.hostname)} 2>/dev/null || echo ${quote(launch.hostname)} >/proc/sys/kernel/hostname`,
    `cd ${quote(plan.top)}; pivot_root . . >&4 2>&1 || fail; umount -l . >&4 2>&1 || fail; cd /`,
  ].join('\n');
}

/** The host's own files: a copy of the node's root, with an overlay where a mount point is missing. */
function planOnHost(launch: Launch, node: ContainerRoot): Plan {
  const placed = launch.mounts.map((mount) => place(mount, '/', privateDirectories)).sort(byTarget);
  const ownRoot = placed.some((item) => item.missingUnder === '/');
  const root = ownRoot ? join(launch.scratch, 'root') : node.nodeRoot;
  const overlays = missing(placed).filter((path) => path !== '/');
  return {
    top: root,
    base: [
      ...(ownRoot ? ownRootLines(node.nodeRoot, root) : []),
      ...baseLines(root),
      // Once only: mount(8) --all skips what looks mounted already.
      ...keptLines(
        node.kept.filter((kept) => !isCovered(kept, placed)),
        root,
      ),
    ],
    prepare: [
      ...(ownRoot ? linkLines(root) : []),
      ...overlayLines(overlays, root, launch.scratch, node.user),
      ...fileTargets(placed, root, '/'),
    ],
    mounts: [
      ...placed.map((item) => bindLine(item, root, node)),
      ...keptLines(
        node.kept.filter((kept) => isCovered(kept, placed)),
        root,
      ),
    ],
    closed: [...overlays.map((path) => `${root}${path}`), ...(ownRoot ? [root] : [])],
  };
}

/** An image's folder: its root is built inside a copy of the node's root, whose tools then start the program. */
function planOnImage(launch: Launch, folder: string, node: ContainerRoot): Plan {
  const own = privateDirectoriesOf(folder);
  const placed = [...nodeFiles(launch.mounts), ...launch.mounts]
    .map((mount) => place(mount, folder, own))
    .sort(byTarget);
  const root = `${node.nodeRoot}${imageAt}`;
  const image = planImageRoot(
    { folder, nodeRoot: node.nodeRoot, hostMounts: node.hostMounts },
    missing(placed),
  );
  return {
    top: node.nodeRoot,
    base: [
      ...baseLines(node.nodeRoot),
      ...keptLines(node.kept, node.nodeRoot),
      fstabLine('pergola', root, 'mode=755,X-mount.mkdir', 'tmpfs'),
    ],
    prepare: [...image.prepare, ...fileTargets(placed, root, folder)],
    mounts: [...image.mounts, ...placed.map((item) => bindLine(item, root, node))],
    closed: [root],
  };
}

/** Whether a volume over the container's own /tmp or the like would hide these programs: then they are shown in it. */
function isCovered({ target }: KeptDirectory, placed: readonly Placed[]): boolean {
  return placed.some((item) => !item.mount.readOnly && target.startsWith(`${item.target}/`));
}

function keptLines(kept: readonly KeptDirectory[], root: string): string[] {
  return kept.map(({ source, target }) => fstabLine(source, `${root}${target}`, 'rbind,X-mount.mkdir'));
}

const byTarget = (a: Placed, b: Placed) => (a.target < b.target ? -1 : 1);

function missing(placed: readonly Placed[]): string[] {
  return [...new Set(placed.map((item) => item.missingUnder))].filter((path) => path !== undefined);
}

/** What a kubelet gives every image: how names resolve on this node. */
function nodeFiles(mounts: readonly Mount[]): Mount[] {
  return ['/etc/hosts', '/etc/resolv.conf']
    .filter((path) => existsSync(path) && !mounts.some(({ target }) => target === path || target === '/etc'))
    .map((path) => ({ source: realpathSync(path), target: path, readOnly: true, isFile: true }));
}

/** Where a mount lands once symbolic links (/var/run) are followed, and what is missing there. */
function place(mount: Mount, root: string, own: readonly string[]): Placed {
  const { path: target, missingUnder } = resolveInRoot(root, mount.target);
  const isPrivate = [...own, ...inDevices].some((path) => target === path || target.startsWith(`${path}/`));
  return { mount, target, isPrivate, missingUnder: isPrivate ? undefined : missingUnder };
}

// A unique source name: mount(8) --all skips what looks mounted already.
const pseudo = (type: string, target: string, options: string) => fstabLine('pergola', target, options, type);

function baseLines(root: string): string[] {
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
  ];
}

const readOnlyBind = (source: string, target: string, flags: string) =>
  fstabLine(source, target, `bind,ro,${flags}`);

function isPlainDirectory(path: string): boolean {
  return existsSync(path) && lstatSync(path).isDirectory();
}

function bindLine(item: Placed, root: string, node: ContainerRoot): string {
  // Read-only does not keep a device from being written to: the host's are shown, and do nothing.
  const flags = new Set(['nodev', ...flagsAt(node.hostMounts, item.mount.source)]);
  const options = [
    'rbind',
    ...(item.mount.readOnly ? ['ro', ...flags] : []),
    ...(item.mount.isFile ? [] : ['X-mount.mkdir']),
  ];
  return fstabLine(item.mount.source, `${root}${item.target}`, options.join(','));
}

/** A root of the container's own, for mount points directly under `/` that the host does not have. */
function ownRootLines(nodeRoot: string, root: string): string[] {
  const directories = readdirSync('/', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [
    pseudo('tmpfs', root, 'mode=755'),
    ...directories.map(({ name }) =>
      fstabLine(`${nodeRoot}/${name}`, `${root}/${name}`, 'rbind,X-mount.mkdir'),
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
    `mkdir -p ${quote(upper)}`,
    `mount -t tmpfs pergola ${quote(upper)}`,
    ...paths.flatMap((path, index) => {
      const at = `${upper}/${index}`;
      const layers = `lowerdir=${root}${path},upperdir=${at}/upper,workdir=${at}/work${user ? ',userxattr' : ''}`;
      return [
        `mkdir -p ${quote(`${at}/upper`)} ${quote(`${at}/work`)}`,
        `mount -t overlay -o ${quote(layers)} pergola ${quote(`${root}${path}`)}`,
      ];
    }),
  ];
}

/** A file needs a file to be bound over; `folder` is where the root's entries come from. */
function fileTargets(placed: readonly Placed[], root: string, folder: string): string[] {
  return placed
    .filter(({ mount, target }) => mount.isFile && !inDevices.has(target))
    .filter(({ target, isPrivate }) => isPrivate || kindOf(join(folder, target)) !== 'file')
    .flatMap(({ target }) => [
      `mkdir -p ${quote(dirname(`${root}${target}`))}`,
      `: >>${quote(`${root}${target}`)}`,
    ]);
}
