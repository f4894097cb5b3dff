// Folders as a whole: copied, made to appear at once, measured, removed.
import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the machine's own tools are looked for; never the user's PATH. */
export const toolPath = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin';

/**
 * Copies a folder with owners, modes and times, by cp(1): it shares blocks where the file system can, and copies in the
 * kernel where it cannot. Rejects with cp's own words. Of a folder that is in use files may vanish meanwhile.
 */
export async function copyFolder(
  from: string,
  to: string,
  use: 'at-rest' | 'in-use' = 'at-rest',
): Promise<void> {
  try {
    await run('cp', ['-a', ...(await sharingOption()), `${from}/.`, to], { env: toolEnvironment });
  } catch (error) {
    const complaints = ((error as { stderr?: string }).stderr ?? '').trim().split('\n');
    const isVanished = (line: string) =>
      line.endsWith(': No such file or directory') && line.includes(`${from}/`);
    if (use === 'in-use' && complaints.every(isVanished)) return;
    throw new Error(`cannot copy ${from}: ${complaints[0] || (error as Error).message}`, { cause: error });
  }
}

const toolEnvironment = { PATH: toolPath, LC_ALL: 'C' };
let sharing: Promise<readonly string[]> | undefined;

/** GNU's cp alone knows it. */
function sharingOption(): Promise<readonly string[]> {
  sharing ??= run('cp', ['--version'], { env: toolEnvironment }).then(
    ({ stdout }) => (stdout.includes('GNU') ? ['--reflink=auto'] : []),
    () => [],
  );
  return sharing;
}

/**
 * Resolves when all of a folder is on the disk. The whole file system is flushed: that is one call, where a database has a
 * thousand files.
 */
export async function flushFolder(path: string): Promise<void> {
  const isGnu = (await sharingOption()).length > 0;
  await run('sync', isGnu ? ['-f', path] : [], { env: toolEnvironment });
}

/** Gives a folder with all that is in it to another user. */
export async function giveFolder(path: string, owner: { uid: number; gid: number }): Promise<void> {
  await run('chown', ['-R', `${owner.uid}:${owner.gid}`, path], { env: { PATH: toolPath } });
}

/** Fills a new folder out of sight and shows it under its name when it is complete. Nothing is left of a failure. */
export async function makeFolder(path: string, fill: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${path}.partial`;
  await makePassage(dirname(path));
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { mode: 0o711 });
    await chmod(partial, 0o711);
    await fill(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** A folder that the servers' user may pass through, but not read. */
export async function makePassage(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o711 });
}

/** Bytes of all files below, as far as they are still there. */
export async function folderBytes(path: string): Promise<number> {
  let bytes = 0;
  const pending = [path];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const here = folder;
    const entries = await readdir(here, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isDirectory()) pending.push(join(here, entry.name));
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(files.map(({ name }) => sizeOf(join(here, name))));
    bytes += sizes.reduce((sum, size) => sum + size, 0);
  }
  return bytes;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch {
    return 0; // It went while we looked.
  }
}
