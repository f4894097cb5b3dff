// The files that a log was renamed to. The kubelet makes `0.log.20260102-030405` of `0.log` (and `….gz` of older ones),
// API servers `audit-2026-01-02T03-04-05.000.log` of `audit.log`, auditd `audit.log.1`.
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type FileState, fileStateAt } from './log-file.ts';

export interface RotatedFile {
  readonly path: string;
  readonly state: FileState;
}

const unreadable = /\.(?:gz|tmp|zst|bz2|xz)$/;

/** What was rotated away from `livePath` and is still readable, the oldest first. */
export function rotatedFilesOf(livePath: string): RotatedFile[] {
  const directory = dirname(livePath);
  const name = basename(livePath);
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const files: RotatedFile[] = [];
  for (const entry of namesIn(directory)) {
    if (!isRotated(entry, { name, stem, extension })) continue;
    const path = join(directory, entry);
    const state = fileStateAt(path);
    if (state) files.push({ path, state });
  }
  return files.sort(byAge);
}

function isRotated(
  entry: string,
  live: { readonly name: string; readonly stem: string; readonly extension: string },
): boolean {
  if (unreadable.test(entry) || entry === live.name) return false;
  if (entry.startsWith(`${live.name}.`)) return true;
  return (
    entry.startsWith(`${live.stem}-`) &&
    entry.endsWith(live.extension) &&
    /^\d{4}-?\d\d/.test(entry.slice(live.stem.length + 1))
  );
}

/** By the last write; the names tell when that was within one tick of the disk's clock. */
function byAge(left: RotatedFile, right: RotatedFile): number {
  if (left.state.mtimeNs !== right.state.mtimeNs) return left.state.mtimeNs < right.state.mtimeNs ? -1 : 1;
  return left.path.localeCompare(right.path, 'en', { numeric: true });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // The pod and its folder are gone: then nothing was rotated either.
    return [];
  }
}
