// hostPath volumes: what the host has, to be looked at; and directories that are the node's own under a host's name.
import { createHash } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { type NodePath, type PreparedVolume, VolumeError, type VolumeKind } from './volume.ts';

/** Host directories are shown as the host has them, read-only; `/var/log` and what the node keeps are the node's own. */
export const hostPath: VolumeKind = {
  field: 'hostPath',
  refreshes: false,
  async prepare({ volume }, context) {
    const { path = '', type = '' } = volume.hostPath ?? {};
    const wanted = normalize(path).replace(/(.)\/$/, '$1');
    if (!wanted.startsWith('/')) throw new VolumeError(`hostPath must be an absolute path: ${path}`);
    const own = context.nodePaths.find(({ shown }) => isIn(wanted, shown));
    if (own?.access === 'keeps') return await kept(own, wanted, type);
    if (own) return await shown(own, wanted, type);
    // Links are followed now and not again: they could lead to what is hidden, by way of /proc too.
    const real = await realpath(wanted).catch(() => wanted);
    if (await touchesHidden(real, context.hidden))
      throw new VolumeError(`hostPath ${wanted} holds Pergola's own data and cannot be mounted`);
    await checkType(wanted, real, type);
    return { path: real, readOnly: true };
  },
};

/** A part of a directory that the node fills by itself. A link in it that leads out shows nothing. */
async function shown(own: NodePath, wanted: string, type: string): Promise<PreparedVolume> {
  const root = await realpath(own.directory).catch(() => own.directory);
  const real = await realpath(join(root, wanted.slice(own.shown.length))).catch(() => undefined);
  await checkType(wanted, real !== undefined && isIn(real, root) ? real : undefined, type);
  return { path: real ?? root, readOnly: true };
}

/**
 * A directory that pods may write to. Each path has one of its own beside the others, never inside another: whoever
 * writes to a parent could put a link in place of a child, and have anything mounted.
 */
async function kept(own: NodePath, wanted: string, type: string): Promise<PreparedVolume> {
  const tail = wanted.slice(own.shown.length + 1);
  const readable = tail.replaceAll(/[^A-Za-z0-9.-]+/g, '_').slice(0, 80);
  const digest = createHash('sha256').update(tail).digest('hex').slice(0, 16);
  const path = join(own.directory, `${readable}_${digest}`);
  if (type === '' || type === 'DirectoryOrCreate') await mkdir(path, { recursive: true, mode: 0o700 });
  await checkType(wanted, path, type);
  return { path, readOnly: false };
}

const isIn = (inner: string, outer: string) =>
  inner === outer || inner.startsWith(`${outer === '/' ? '' : outer}/`);

/** True for what lies in a hidden directory, and for what one lies in: a mount shows everything below it. */
async function touchesHidden(path: string, hidden: readonly string[]): Promise<boolean> {
  const directories = await Promise.all(hidden.map((each) => realpath(each).catch(() => each)));
  return directories.some((directory) => isIn(path, directory) || isIn(directory, path));
}

/** Throws VolumeError unless `real` is of the kind that the hostPath type names. */
async function checkType(name: string, real: string | undefined, type: string): Promise<void> {
  const found = real === undefined ? undefined : await stat(real).catch(() => undefined);
  const wanted = type.startsWith('File') ? 'file' : 'directory';
  const fits = found && (type === '' || (wanted === 'file' ? found.isFile() : found.isDirectory()));
  if (!fits) throw new VolumeError(`hostPath type check failed: ${name} is not a ${wanted}`);
}
