// Paths to sockets, which the system bounds.
import { open } from 'node:fs/promises';

/** Unix socket paths end at 107 bytes on Linux and 103 on macOS; the file's own name takes up to 18. */
const FOLDER_MAX = 85;

/** A path that leads to `folder` and is short enough for a socket in it. */
export async function shortPath(folder: string): Promise<AsyncDisposable & { readonly path: string }> {
  if (Buffer.byteLength(folder) <= FOLDER_MAX) return { path: folder, [Symbol.asyncDispose]: async () => {} };
  if (process.platform !== 'linux') {
    throw new Error(`the path ${folder} is too long for a socket; choose a shorter data folder`);
  }
  const handle = await open(folder, 'r');
  return { path: `/proc/self/fd/${handle.fd}`, [Symbol.asyncDispose]: () => handle.close() };
}
