// The file of a cache's data: lines of JSON, one a key, between a head and an end that proves that nothing is missing.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

const HEAD = 'pergola-cache-1';
const CHUNK_CHARS = 1 << 20;

/** Writes all lines, or nothing. They are taken before the disk is waited for. */
export async function writeSnapshotFile(path: string, lines: AsyncIterable<string>): Promise<number> {
  const chunks = await chunksOf(lines);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.partial`;
  const file = await open(partial, 'w', 0o600);
  let bytes = 0;
  try {
    for (const chunk of chunks) {
      await file.writeFile(chunk);
      bytes += chunk.length;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(partial, path);
  return bytes;
}

async function chunksOf(lines: AsyncIterable<string>): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  const hash = createHash('sha256');
  let text = `${HEAD}\n`;
  const cut = () => {
    const chunk = Buffer.from(text, 'latin1');
    hash.update(chunk);
    chunks.push(chunk);
    text = '';
  };
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length > CHUNK_CHARS) cut();
  }
  cut();
  chunks.push(Buffer.from(hash.digest('hex'), 'latin1'));
  return chunks;
}

/** Undefined when there is no such file. Throws when it is not whole. */
export async function readSnapshotFile(path: string): Promise<string[] | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const body = bytes.subarray(0, Math.max(0, bytes.length - 64));
  const isWhole = createHash('sha256').update(body).digest('hex') === bytes.toString('latin1', body.length);
  if (!isWhole) throw new Error('the snapshot of the cache is damaged');
  const lines = body.toString('latin1').split('\n');
  if (lines.shift() !== HEAD) throw new Error('the snapshot of the cache is of another kind');
  return lines.filter(Boolean);
}
