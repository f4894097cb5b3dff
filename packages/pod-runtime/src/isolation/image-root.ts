// The root of an image that is a folder of the host: a small file system of the container's own, in which the
// folder's entries are bound read-only. A directory that lacks a mount point is built the same way, entry by
// entry, so that the mount point can be made without writing to the folder.
import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { flagsAt, type HostMount } from './host-mounts.ts';
import { LaunchError } from './isolation.ts';
import { quote } from './shell.ts';

/** Where the image's root stands in the root of the container's mount namespace. */
export const imageAt = '/tmp/image';

/** Given by the node, whatever the folder has there. */
const nodeDirectories = ['dev', 'proc', 'sys'];
const privateNames = ['tmp', 'run', 'root'];

export interface ImageRoot {
  /** The folder on the host. */
  readonly folder: string;
  /** The node's root, whose devices are the container's. */
  readonly nodeRoot: string;
  readonly hostMounts: readonly HostMount[];
}

export interface ImagePlan {
  /** Shell lines that make directories, files to bind over, and links. */
  readonly prepare: string[];
  /** Lines of an fstab, to be mounted after that. */
  readonly mounts: string[];
}

/** The directories that a container of this folder has for itself. */
export function privateDirectoriesOf(folder: string): string[] {
  const own = privateNames.filter((name) => kindOf(join(folder, name)) !== 'link').map((name) => `/${name}`);
  return kindOf(join(folder, 'var/tmp')) === 'directory' ? [...own, '/var/tmp'] : own;
}

/** How to build the root; `opened` are the directories, beside `/`, in which mount points must be made. */
export function planImageRoot(image: ImageRoot, opened: readonly string[]): ImagePlan {
  const plan: ImagePlan = { prepare: [], mounts: [] };
  const root = `${image.nodeRoot}${imageAt}`;
  openDirectory('/', { image, root, opened, plan });
  for (const name of nodeDirectories) {
    if (existsSync(`/${name}`))
      plan.mounts.push(fstabLine(`${image.nodeRoot}/${name}`, `${root}/${name}`, 'rbind,X-mount.mkdir'));
  }
  for (const path of privateDirectoriesOf(image.folder)) {
    const mode = path.endsWith('tmp') ? '1777' : '755';
    plan.mounts.push(
      fstabLine('pergola', `${root}${path}`, `mode=${mode},nosuid,nodev,X-mount.mkdir`, 'tmpfs'),
    );
  }
  return plan;
}

interface Opening {
  readonly image: ImageRoot;
  readonly root: string;
  readonly opened: readonly string[];
  readonly plan: ImagePlan;
}

function openDirectory(path: string, opening: Opening): void {
  const { image, root, opened, plan } = opening;
  const skipped =
    path === '/'
      ? [...nodeDirectories, ...privateDirectoriesOf(image.folder).map((each) => each.slice(1))]
      : [];
  for (const name of entriesOf(join(image.folder, path))) {
    if (skipped.includes(name)) continue;
    const inside = join(path, name);
    const source = join(image.folder, inside);
    const target = `${root}${inside}`;
    const kind = kindOf(source);
    if (kind === 'link') plan.prepare.push(`ln -s ${quote(readlinkSync(source))} ${quote(target)}`);
    else if (kind === 'directory' && leadsToOpened(inside, opened)) {
      plan.prepare.push(`mkdir ${quote(target)}`);
      openDirectory(inside, opening);
    } else {
      if (kind === 'file') plan.prepare.push(`: >${quote(target)}`);
      const options = [
        'bind',
        'ro',
        ...flagsAt(image.hostMounts, source),
        ...(kind === 'directory' ? ['X-mount.mkdir'] : []),
      ];
      plan.mounts.push(fstabLine(source, target, options.join(',')));
    }
  }
}

function leadsToOpened(path: string, opened: readonly string[]): boolean {
  return opened.some((each) => each === path || each.startsWith(`${path}/`));
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw new LaunchError(`the image's root cannot be read: ${(error as Error).message}`);
  }
}

/** What stands at `path`, links not followed. */
export function kindOf(path: string): 'directory' | 'file' | 'link' | 'nothing' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 'nothing';
  if (found.isSymbolicLink()) return 'link';
  return found.isDirectory() ? 'directory' : 'file';
}

/** One line of an fstab. Without a type it is a bind mount. */
export function fstabLine(source: string, target: string, options: string, type = 'none'): string {
  return `${escape(source)} ${escape(target)} ${type} ${options} 0 0`;
}

/** A path as an fstab field. */
function escape(path: string): string {
  return path.replaceAll(
    /[\s\\#]/g,
    (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}
