// Pergola's own programs for pods: the small `aws` and `psql` for machines without the real ones, the command line itself, which
// the images of Pergola's operators run, and the node that runs them.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PodPrograms {
  /** Folders for the end of PATH. */
  readonly path: readonly string[];
  /** Folders that these programs read, which must be visible in pods wherever they stand. */
  readonly shown: readonly string[];
}

/** Looks upwards from this very file, which is in `dist/` once bundled, for the folder that holds `bin/` and `dist/`. */
export function podPrograms(): PodPrograms {
  const node = dirname(process.execPath);
  let home = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(home, 'bin', 'aws', 'aws'))) {
    if (home === dirname(home)) return { path: [node], shown: [] };
    home = dirname(home);
  }
  const folders = ['aws', 'psql', 'pod'].map((name) => join(home, 'bin', name));
  return { path: [...folders, node], shown: [join(home, 'dist')] };
}
