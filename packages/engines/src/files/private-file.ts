// Files inside folders that a server may write to: never through a link that it has put there.
import { chown, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Account } from '../process/account.ts';

/** Writes a file that only its owner, `account` or ourselves, may read; whole or not at all. */
export async function writePrivateFile(path: string, content: string, account?: Account): Promise<void> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  await writeFile(fresh, content, { mode: 0o600, flag: 'wx' });
  if (account) await chown(fresh, account.uid, account.gid);
  await rename(fresh, path);
}

/** Resolves when a file is on the disk under its name. */
export async function flushFile(path: string): Promise<void> {
  for (const one of [path, dirname(path)]) {
    await using handle = await open(one, 'r');
    await handle.sync();
  }
}
