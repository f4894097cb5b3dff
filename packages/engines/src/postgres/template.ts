// A data folder made once for each version, of which every database begins as a copy.
import { access, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder, giveFolder, makeFolder } from '../files/folders.ts';
import { namedAccount } from '../process/account.ts';
import { runTool } from '../process/tool.ts';
import type { PostgresContext } from './context.ts';
import { administrator, templateStatements } from './roles/template-roles.ts';
import { libraryPath, type PreparedRuntime } from './runtime/prepared-runtime.ts';
import { scramSecret } from './server/scram.ts';
import { runAtRest } from './single-user.ts';

/** Raised with every change of what a template holds: one that an earlier version of this program made is left alone. */
const CONTENT = 2;

/** The folder `data` of the template; made when it is not there. */
export async function templateOf(context: PostgresContext, runtime: PreparedRuntime): Promise<string> {
  const home = join(context.folder, 'templates', `${runtime.version}-${CONTENT}`);
  const data = join(home, 'data');
  const isMade = await access(data).then(
    () => true,
    () => false,
  );
  if (isMade) return data;
  await makeFolder(home, async (partial) => {
    await fill(context, runtime, join(partial, 'data'));
    if (context.durability === 'durable') await flushFolder(partial);
  });
  return data;
}

async function fill(context: PostgresContext, runtime: PreparedRuntime, data: string): Promise<void> {
  await mkdir(data, { mode: 0o700 });
  // initdb must know the name of the user that it runs as; ours has none.
  const maker = context.account && (await namedAccount());
  if (maker) await chown(data, maker.uid, maker.gid);
  await runTool({
    program: join(runtime.bin, 'initdb'),
    folders: [data, ...(runtime.links === undefined ? [] : [runtime.links])],
    account: maker,
    variables: ([, links]) => libraryPath(runtime, links),
    words: ([path = '']) => ['-D', path, ...initdbOptions()],
  });
  const secret = await scramSecret(context.administratorPassword, context.random);
  await runAtRest({ runtime, data, account: maker }, templateStatements(runtime.major, secret));
  if (context.account) await giveFolder(data, context.account);
}

/** Small segments of the write-ahead log halve the size of an empty database. */
function initdbOptions(): string[] {
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  return [
    `--username=${administrator}`,
    '--auth-local=trust',
    '--auth-host=reject',
    '--encoding=UTF8',
    `--locale=${locale}`,
    '--wal-segsize=1',
    '--no-sync',
    '--no-instructions',
  ];
}
