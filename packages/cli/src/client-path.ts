// PATH for people's shells: Pergola's stand-ins for oc, rosa, aws and psql, each only where the real one is absent.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { CliContext } from './command.ts';

const standIns = ['oc', 'rosa', 'aws', 'psql'];

/** The caller's PATH, followed by the folders of the stand-ins that it lacks. */
export function clientPath(context: CliContext): string {
  const path = context.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  const folders = path.split(delimiter);
  const absent = standIns.filter((name) => !folders.some((folder) => isProgram(join(folder, name))));
  const pergola = join(context.home, 'bin', 'pergola');
  return [...folders, pergola, ...absent.map((name) => join(context.home, 'bin', name))].join(delimiter);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not executable: either way it is not the program.
    return false;
  }
}
