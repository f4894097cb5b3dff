// Finds the logs of containers: `<pods>/<namespace>_<pod>_<uid>/<container>/<n>.log`. A folder is listed again only
// when it has changed, so a look at thousands of pods costs one stat each.
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A folder that changed so lately may change again without its time of change showing it. */
const unsettledMs = 2_000;
const logName = /^(\d+\.log)(?:$|\.(?!.*(?:gz|tmp)$))/;
/** Where container runtimes keep what a log may be a link to. */
const runtimeRoots = ['/var/lib/docker/containers', '/var/lib/containerd', '/var/lib/containers'];

interface Listing {
  readonly mtimeMs: number;
  readonly names: readonly string[];
}

export class PodLogFinder {
  readonly #root: string;
  #listings = new Map<string, Listing>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The paths, from the root, of all logs there are now. */
  find(nowMs: number): string[] {
    const before = this.#listings;
    const current = new Map<string, Listing>();
    const list = (path: string): readonly string[] => {
      const listing = listingOf(join(this.#root, path), before.get(path), nowMs);
      if (listing) current.set(path, listing);
      return listing?.names ?? [];
    };
    const found: string[] = [];
    for (const pod of list('')) {
      if (!/^[^_]+_[^_]+_[^_]+$/.test(pod)) continue;
      for (const container of list(pod)) {
        for (const log of logsAmong(list(join(pod, container)))) found.push(join(pod, container, log));
      }
    }
    this.#listings = current;
    return found;
  }

  /** Whether the log at `path` may be read: it is no link, or one to where runtimes keep logs. */
  mayRead(path: string): boolean {
    const whole = join(this.#root, path);
    try {
      if (!lstatSync(whole).isSymbolicLink()) return true;
      const target = realpathSync(whole);
      return runtimeRoots.some((root) => target.startsWith(root + sep));
    } catch {
      // It may just have been rotated away: what it was renamed to is a file.
      return true;
    }
  }
}

/** The logs whose files are among `names`, those that were rotated away and have no live file included. */
function logsAmong(names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => logName.exec(name)?.[1] ?? []));
}

function listingOf(path: string, known: Listing | undefined, nowMs: number): Listing | undefined {
  try {
    const mtimeMs = statSync(path).mtimeMs;
    if (known && known.mtimeMs === mtimeMs && nowMs - mtimeMs > unsettledMs) return known;
    return { mtimeMs, names: readdirSync(path) };
  } catch {
    // A file among the folders, or gone meanwhile.
    return undefined;
  }
}
