// What of a checkout is needed to run the command `pergola`, copied to where another user may read it: the
// bundle, the starters, and the packages that stay outside of the bundle with what they depend on.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const home = resolve(import.meta.dirname, '../..');

export const nobody = 65534;

/** Words before a command that make it another user's, without any privilege. */
export const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];

/** Why nothing can be run as another user here, or undefined when it can. */
export function whyNotNobody(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can become another user';
  try {
    const [program = '', ...args] = asNobody;
    execFileSync(program, [...args, process.execPath, '--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `another user cannot run ${process.execPath}`;
  }
}

/** Fills `folder` and returns the path of the starter in it. The bundle is brought up to date first. */
export function makeRunnableCopy(folder: string): string {
  execFileSync(process.execPath, [join(home, 'bin', 'pergola.mjs'), '--version'], { stdio: 'ignore' });
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  for (const name of ['bin', 'dist', 'package.json'])
    cpSync(join(home, name), join(folder, name), { recursive: true });
  copyPackage('lmdb', folder, new Set());
  for (const name of readdirSync(join(home, 'node_modules')))
    if (name.startsWith('pergola-postgres-')) copyPackage(name, folder, new Set());
  return join(folder, 'bin', 'pergola.mjs');
}

function copyPackage(name: string, folder: string, copied: Set<string>): void {
  const source = join(home, 'node_modules', name);
  if (copied.has(name) || !existsSync(source)) return;
  copied.add(name);
  cpSync(source, join(folder, 'node_modules', name), { recursive: true });
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string> | undefined>;
  for (const each of Object.keys({ ...dependencies, ...optionalDependencies }))
    copyPackage(each, folder, copied);
}
