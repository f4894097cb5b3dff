// The host's mount table: which flags a bind mount must keep. The kernel refuses, inside a user
// namespace, to drop a flag that the host set; so we repeat them.
import { readFileSync } from 'node:fs';

const keptFlags = new Set(['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime', 'nosymfollow']);

export interface HostMount {
  readonly path: string;
  readonly flags: readonly string[];
}

/** Parses the text of /proc/self/mountinfo. Paths are unescaped; the last mount over a path wins. */
export function parseMountInfo(text: string): HostMount[] {
  const byPath = new Map<string, HostMount>();
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const path = fields[4];
    const options = fields[5];
    if (path === undefined || options === undefined) continue;
    const unescaped = path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    byPath.set(unescaped, {
      path: unescaped,
      flags: options.split(',').filter((flag) => keptFlags.has(flag)),
    });
  }
  return [...byPath.values()];
}

export function readHostMounts(): HostMount[] {
  return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** The flags of the mount that `path` lies on. */
export function flagsAt(mounts: readonly HostMount[], path: string): readonly string[] {
  let best: HostMount | undefined;
  for (const mount of mounts) {
    const inside = mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`);
    if (inside && mount.path.length >= (best?.path.length ?? 0)) best = mount;
  }
  return best?.flags ?? [];
}
