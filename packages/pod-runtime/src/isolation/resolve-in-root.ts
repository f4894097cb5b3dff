// Where a path leads inside a root: symbolic links are followed as a process would that has this root.
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './isolation.ts';

const linksMax = 40;

export interface Resolved {
  /** Absolute in the root, without links. */
  readonly path: string;
  /** The deepest directory that exists, when `path` does not. */
  readonly missingUnder: string | undefined;
}

/** `path` is absolute in `root`. Throws LaunchError for a loop of links. */
export function resolveInRoot(root: string, path: string): Resolved {
  const rest = path.split('/').filter((step) => step !== '');
  let at = '/';
  let links = 0;
  for (let step = rest.shift(); step !== undefined; step = rest.shift()) {
    const next = join(at, step);
    const found = lookAt(join(root, next));
    if (!found) return { path: join(next, ...rest), missingUnder: at };
    if (!found.isSymbolicLink()) {
      at = next;
      continue;
    }
    if (++links > linksMax) throw new LaunchError(`too many levels of symbolic links: ${path}`);
    const link = readlinkSync(join(root, next));
    rest.unshift(...link.split('/').filter((each) => each !== ''));
    if (link.startsWith('/')) at = '/';
  }
  return { path: at, missingUnder: undefined };
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined; // Absent, or closed to us: either way nothing that we could mount over.
  }
}
