// A server's programs made ready to run as the servers' user: shared libraries under all their names, in a place that the
// user can reach.
//
// npm packs no symbolic links, and the script of the packages that would make them does not run under npm 11. The links
// are made in the package; where that may not be written, in a folder of our own that the loader is told of.
import { chmod, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EngineMissingError } from '../../contract.ts';
import { copyFolder, giveFolder, makeFolder } from '../../files/folders.ts';
import { isReachableByAll } from '../../process/reachable.ts';
import type { Account } from '../../process/account.ts';
import type { PostgresRuntime } from './runtimes.ts';

export interface PreparedRuntime extends PostgresRuntime {
  /** Folders of shared libraries, in order. The first one may have to be handed over open. */
  readonly links: string | undefined;
  readonly libraries: string | undefined;
}

export async function prepareRuntime(
  runtime: PostgresRuntime,
  folder: string,
  account: Account | undefined,
): Promise<PreparedRuntime> {
  const { movable } = runtime;
  if (movable === undefined) return { ...runtime, links: undefined, libraries: undefined };
  const home =
    account && !(await isReachableByAll(join(movable, 'bin'))) ? await copyOf(runtime, movable) : movable;
  const ready = { ...runtime, bin: join(home, 'bin'), movable: home, libraries: join(home, 'lib') };
  const wanted = await missingLinks(home);
  if (wanted.length === 0 || (await tryLinks(home, wanted))) return { ...ready, links: undefined };
  if (process.platform !== 'linux') {
    throw new EngineMissingError(
      `PostgreSQL ${runtime.version} needs links in ${join(home, 'lib')}, which may not be written; install the packages as the user who runs Pergola`,
    );
  }
  const links = join(folder, 'libraries', runtime.version);
  await mkdir(links, { recursive: true, mode: 0o711 });
  for (const { path, source } of wanted) await link(join(home, source), join(links, basename(path)));
  return { ...ready, links };
}

/** Variables under which the programs find their libraries; `links` is the path under which the process sees the links. */
export function libraryPath(runtime: PreparedRuntime, links: string | undefined): Record<string, string> {
  const folders = [links, runtime.libraries].filter((path) => path !== undefined);
  if (folders.length === 0) return {};
  return { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: folders.join(':') };
}

interface Link {
  /** Below the package's `native`. */
  readonly path: string;
  readonly source: string;
}

async function missingLinks(home: string): Promise<Link[]> {
  const listed = JSON.parse(await readFile(join(home, 'pg-symlinks.json'), 'utf8')) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  const below = (path: string) => path.replace(/^native\//, '');
  const missing: Link[] = [];
  for (const { source, target } of listed) {
    const path = below(target);
    if (!(await isThere(join(home, path)))) missing.push({ path, source: below(source) });
  }
  return missing;
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

async function tryLinks(home: string, wanted: readonly Link[]): Promise<boolean> {
  try {
    for (const { path, source } of wanted) {
      const target = join(home, path);
      await link(dirname(path) === dirname(source) ? basename(source) : join(home, source), target);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function link(to: string, path: string): Promise<void> {
  await symlink(to, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * A copy for the servers' user, who cannot walk to the package (a checkout in a closed home of root's). All sandboxes of a
 * checkout share it. It stands among the machine's temporary files under a name that others can know, so it is believed
 * only when it is root's.
 */
async function copyOf({ version }: PostgresRuntime, movable: string): Promise<string> {
  const digest = createHash('sha256').update(`${version}\n${movable}`).digest('hex').slice(0, 16);
  const place = join(tmpdir(), `pergola-postgres-${digest}`);
  if (!(await isThere(place))) await makeCopy(movable, place);
  const { uid, mode } = await lstat(place);
  if (uid !== 0 || (mode & 0o022) !== 0 || (mode & 0o170_000) !== 0o040_000) {
    throw new Error(`${place} belongs to somebody else or may be written to by others; remove it`);
  }
  return place;
}

/** Another process may be making the same one; the first to finish is as good. */
async function makeCopy(movable: string, place: string): Promise<void> {
  const mine = `${place}.${process.pid}`;
  await makeFolder(mine, async (partial) => {
    await copyFolder(movable, partial);
    await giveFolder(partial, { uid: 0, gid: 0 });
    await chmod(partial, 0o755);
  });
  await rename(mine, place).catch(async (error: unknown) => {
    await rm(mine, { recursive: true, force: true });
    if (!(await isThere(place))) throw error;
  });
}
