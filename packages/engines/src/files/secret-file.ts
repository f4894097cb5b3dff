// A secret drawn once and kept.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { alphabets, type Random } from '@pergola/kernel';
import { writePrivateFile } from './private-file.ts';

/** Reads it, or draws 40 letters and digits. */
export async function readSecret(path: string, random: Random): Promise<string> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return kept;
  const drawn = random.text(40, alphabets.alphanumeric);
  await mkdir(dirname(path), { recursive: true, mode: 0o711 });
  await writePrivateFile(path, drawn);
  return drawn;
}
