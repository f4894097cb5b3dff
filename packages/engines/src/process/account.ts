// The user that servers run as. They refuse root, so a user of their own takes its place.
import { readFile } from 'node:fs/promises';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Nobody else's on ordinary machines, and small enough for containers that map 65,536 users. */
const own: Account = { uid: 64_831, gid: 64_831 };

/** Undefined when we are not root: then servers run as we do. */
export function serverAccount(): Account | undefined {
  return process.getuid?.() === 0 ? own : undefined;
}

/** A user without rights that the machine knows by name, for programs that ask who they are. */
export async function namedAccount(): Promise<Account> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const fields = lines.find((line) => line.startsWith('nobody:'))?.split(':') ?? [];
  const [uid, gid] = [Number(fields[2]), Number(fields[3])];
  return Number.isInteger(uid) && uid > 0 ? { uid, gid } : { uid: 65_534, gid: 65_534 };
}
