// A directory whose files change all at once: real files in a timestamped directory, `..data` a link to it
// that is replaced by rename, and one link per top-level name. Follows pkg/volume/util/atomic_writer.go.
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

export interface VolumeFile {
  readonly data: Buffer;
  readonly mode: number;
}

/** Relative path → content. */
export type Payload = ReadonlyMap<string, VolumeFile>;

/** True when `path` stays inside the volume: relative, no `..` step, not our own names. */
export function isSafeVolumePath(path: string): boolean {
  return (
    path !== '' &&
    !path.startsWith('/') &&
    !path.split('/').includes('..') &&
    !path.startsWith('..') &&
    normalize(path) !== '.'
  );
}

/** Makes `directory` show exactly `payload`. Does nothing when it does already; returns whether it changed. */
export async function writeAtomically(directory: string, payload: Payload): Promise<boolean> {
  for (const path of payload.keys()) {
    if (!isSafeVolumePath(path)) throw new Error(`invalid path: ${path}`);
  }
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const link = join(directory, '..data');
  const previous = await readlink(link).catch(() => undefined);
  if (previous !== undefined && (await isSame(join(directory, previous), payload))) return false;
  const fresh = await mkdtemp(join(directory, '..version.'));
  await chmod(fresh, 0o755);
  for (const [path, file] of payload) {
    const target = join(fresh, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await writeFile(target, file.data, { mode: file.mode });
    await chmod(target, file.mode); // The umask does not apply to volumes.
  }
  const next = join(directory, '..data_tmp');
  await rm(next, { force: true });
  await symlink(fresh.slice(directory.length + 1), next);
  await rename(next, link);
  await linkNames(directory, payload);
  if (previous !== undefined) await rm(join(directory, previous), { recursive: true, force: true });
  return true;
}

async function linkNames(directory: string, payload: Payload): Promise<void> {
  const wanted = new Set([...payload.keys()].map((path) => path.split('/', 1)[0] ?? ''));
  for (const name of await readdir(directory)) {
    if (!name.startsWith('..') && !wanted.has(name))
      await rm(join(directory, name), { recursive: true, force: true });
  }
  for (const name of wanted) {
    const path = join(directory, name);
    if (!(await lstat(path).catch(() => undefined))) await symlink(join('..data', name), path);
  }
}

async function isSame(directory: string, payload: Payload): Promise<boolean> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  if (names.filter((entry) => entry.isFile()).length !== payload.size) return false;
  for (const [path, file] of payload) {
    const known = await stat(join(directory, path)).catch(() => undefined);
    if (!known || (known.mode & 0o777) !== file.mode || known.size !== file.data.length) return false;
    if (!(await readFile(join(directory, path))).equals(file.data)) return false;
  }
  return true;
}
