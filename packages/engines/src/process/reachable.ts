// Whether another user may walk to a folder.
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** True when every folder on the way, `path` included, lets everybody pass. */
export async function isReachableByAll(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
