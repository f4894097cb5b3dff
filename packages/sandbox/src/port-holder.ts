// Who listens on a port, read from /proc, so that the error can name the process. Linux only.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** `node (process 123)`, or undefined where it cannot be known. */
export function describePortHolder(port: number): string | undefined {
  try {
    const inodes = new Set([
      ...listeningInodes('/proc/net/tcp', port),
      ...listeningInodes('/proc/net/tcp6', port),
    ]);
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, inodes));
    if (pid === undefined) return undefined;
    return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
  } catch {
    // No /proc, or no right to read it: the error does without the name.
    return undefined;
  }
}

/** Lines are `sl local_address rem_address st … inode`; 0A is LISTEN. */
function listeningInodes(path: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === '0A')
    .flatMap((fields) => fields[9] ?? []);
}

function holds(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // Another user's process, or one that has just ended.
    return false;
  }
}
