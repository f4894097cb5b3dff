// How MariaDB's programs come to a database's folder as the servers' user.
//
// They resolve every path that they are given, so a folder handed over open (process/spawn.ts) is of no use to them: its
// real path leads through folders that their user cannot enter. Instead they get the folder under another path, in a
// mount namespace of their own that ends with them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineMissingError } from '../contract.ts';
import type { Account } from '../process/account.ts';
import type { SpawnSpec } from '../process/spawn.ts';
import { runTool } from '../process/tool.ts';

export interface Confinement {
  /** The folder with `data` in it. */
  readonly home: string;
  readonly account: Account | undefined;
}

const inside = ['unshare', '--mount', '--propagation', 'private', '--'];

/** Mounts the folder, gives up all rights, and becomes the program. */
const enter =
  'mount --bind "$1" "$2" && cd "$2/data" && user=$3 group=$4 && shift 4 && ' +
  'exec setpriv --reuid="$user" --regid="$group" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"';

/** `words` gets the path under which the program sees `home`. */
export function confined(
  { home, account }: Confinement,
  program: string,
  words: (seen: string) => readonly string[],
): SpawnSpec {
  const base = { folders: [], account: undefined };
  if (!account) return { ...base, program, words: () => words(home) };
  const [first = '', ...rest] = inside;
  const seen = mountPoint();
  const entering = ['/bin/sh', '-c', enter, 'sh', home, seen, String(account.uid), String(account.gid)];
  return { ...base, program: first, words: () => [...rest, ...entering, program, ...words(seen)] };
}

/** Rejects where a machine lets root mount nothing, as many containers do. */
export async function checkConfinement(account: Account | undefined): Promise<void> {
  if (!account) return;
  const [first = '', ...rest] = inside;
  const spec = { program: first, words: () => [...rest, 'true'], folders: [], account: undefined };
  await runTool(spec).catch((error: unknown) => {
    throw new EngineMissingError(
      `MariaDB does not run as root, and this machine does not let root hand a folder to another user (${(error as Error).message}); start Pergola as an ordinary user`,
    );
  });
}

/** A folder of every machine, which the programs then see the database in. */
function mountPoint(): string {
  const found = ['/mnt', '/media', '/srv'].find((folder) => existsSync(join(folder, '.')));
  if (found === undefined)
    throw new EngineMissingError('MariaDB needs the folder /mnt to run as another user');
  return found;
}
