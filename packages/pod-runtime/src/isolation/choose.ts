// Chooses the isolation once, at start, by trying it: a real launch of true(1) through every stage.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { Isolation } from './isolation.ts';
import { startNamespaces } from './namespaces.ts';
import { PlainIsolation } from './plain.ts';

export interface ChooseOptions {
  readonly wanted: 'auto' | 'namespaces' | 'none';
  /** A directory of ours for mount points and pipes. */
  readonly directory: string;
  readonly hidden: readonly string[];
  /** Host directories that show even inside hidden ones (Pergola's own programs). */
  readonly shown: readonly string[];
  readonly searchPath: readonly string[];
  readonly logger: Logger;
}

/** With `namespaces`, rejects when the machine refuses them; with `auto`, falls back and tells why. */
export async function chooseIsolation(options: ChooseOptions): Promise<Isolation> {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  if (options.wanted === 'none') return new PlainIsolation(options.directory, 'isolation is switched off');
  try {
    return await tryNamespaces(options);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    if (options.wanted === 'namespaces') {
      throw new Error(`this machine refuses namespaces: ${because}`, { cause: error });
    }
    options.logger.warn({ because }, 'pods run without isolation: this machine refuses namespaces');
    return new PlainIsolation(options.directory, `this machine refuses namespaces: ${because}`);
  }
}

async function tryNamespaces(options: ChooseOptions): Promise<Isolation> {
  const isolation = await startNamespaces({ ...options, user: process.getuid?.() !== 0 });
  const scratch = mkdtempSync(join(options.directory, 'probe-'));
  try {
    const probe = await isolation.launch({
      argv: ['/bin/true'],
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
      tty: false,
      stdin: false,
      mounts: [],
      hostname: 'probe',
      scratch,
    });
    probe.stdout.resume();
    probe.stderr.resume();
    const { code } = await probe.exited;
    if (code !== 0) throw new Error(`a trial container ended with code ${code}`);
    return isolation;
  } catch (error) {
    await isolation[Symbol.asyncDispose]();
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
