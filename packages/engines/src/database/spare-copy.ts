// A copy of a template made in advance: the next database begins with it, without waiting for a thousand files.
import { rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyFolder, makeFolder } from '../files/folders.ts';

/** Where a disk has less than that left, the room is for data. */
const FREE_BYTES_MIN = 1024 ** 3;

export class SpareCopies {
  /** By template, those that are there or are being made. One that an earlier process has left may be damaged. */
  readonly #spares = new Map<string, Promise<string | undefined>>();
  #isClosed = false;

  /** Makes `to` a copy of the template's folder: the spare one, or a new one when there is none. It is not flushed. */
  async take(template: string, to: string): Promise<void> {
    const spare = this.#spares.get(template);
    this.#spares.delete(template);
    const home = await spare?.catch(() => undefined); // NOTE: what went wrong goes wrong again, and is told then.
    if (home === undefined) return await copyFolder(template, to);
    await rename(join(home, 'data'), to);
  }

  /** Begins to make the next one, unless it is there. */
  refill(template: string): void {
    if (this.#isClosed || this.#spares.has(template)) return;
    const made = makeSpare(template);
    made.catch(() => {}); // NOTE: for the next `take` to meet.
    this.#spares.set(template, made);
  }

  /** Resolves when none is being made any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#spares.values());
  }
}

/** Beside the template: that of `<version>/data` is `<version>.spare/data`. Undefined when there is no room for one. */
async function makeSpare(template: string): Promise<string | undefined> {
  const home = `${dirname(template)}.spare`;
  await rm(home, { recursive: true, force: true });
  const { bavail, bsize } = await statfs(template);
  if (bavail * bsize < FREE_BYTES_MIN) return undefined;
  await makeFolder(home, (partial) => copyFolder(template, join(partial, 'data')));
  return home;
}
