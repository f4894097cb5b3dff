// A data folder made once for each version, of which every database begins as a copy.
import { access, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder, makeFolder } from '../files/folders.ts';
import { runTool } from '../process/tool.ts';
import { complete, optionWords } from './config/parameters.ts';
import { confined } from './confined.ts';
import type { MariadbContext } from './context.ts';
import type { MariadbRuntime } from './runtime.ts';

/** Raised with every change of what a template holds: one that an earlier version of this program made is left alone. */
const CONTENT = 1;

/** The folder `data` of the template; made when it is not there. */
export async function templateOf(context: MariadbContext, runtime: MariadbRuntime): Promise<string> {
  const home = join(context.folder, 'templates', `${runtime.version}-${CONTENT}`);
  const data = join(home, 'data');
  const isMade = await access(data).then(
    () => true,
    () => false,
  );
  if (isMade) return data;
  await makeFolder(home, async (partial) => {
    await fill(context, runtime, partial);
    if (context.durability === 'durable') await flushFolder(partial);
  });
  return data;
}

/** The programs flush nothing: that is done once, for the whole. */
async function fill({ account }: MariadbContext, runtime: MariadbRuntime, home: string): Promise<void> {
  const data = join(home, 'data');
  await mkdir(data, { mode: 0o700 });
  if (account) await chown(data, account.uid, account.gid);
  const common = (seen: string) => [
    `--datadir=${seen}/data`,
    '--debug-no-sync',
    ...optionWords(complete({})),
  ];
  const install = confined({ home, account }, runtime.installer, (seen) => [
    '--no-defaults',
    '--force',
    '--skip-name-resolve',
    '--skip-test-db',
    '--auth-root-authentication-method=normal',
    ...common(seen),
  ]);
  await runTool(install);
  const finish = confined({ home, account }, runtime.server, (seen) => [
    '--no-defaults',
    '--bootstrap',
    ...common(seen),
  ]);
  await runTool(finish, templateStatements.map((statement) => `${statement};\n`).join(''));
}

/** The installer's root, at every name of this machine, would need no password. */
const templateStatements = [
  "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys'",
  "DELETE FROM mysql.proxies_priv WHERE User <> 'mariadb.sys'",
];
