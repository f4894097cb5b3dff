// A server's certificate and key, in its data folder.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../files/private-file.ts';
import type { EngineHostOptions } from '../host/options.ts';
import type { Account } from '../process/account.ts';
import type { DatabaseFiles } from './database-files.ts';

interface Certifier extends Pick<EngineHostOptions, 'certify'> {
  readonly account: Account | undefined;
}

/** Writes `server.crt` and `server.key`, which name the address; those from earlier are kept while the address stays. */
export async function certifyServer(context: Certifier, files: DatabaseFiles, host: string): Promise<void> {
  const mark = join(files.home, 'certified-host');
  if ((await readFile(mark, 'utf8').catch(() => '')) === host) return;
  const { cert, key } = await context.certify([host, 'localhost']);
  await writePrivateFile(join(files.data, 'server.crt'), cert, context.account);
  await writePrivateFile(join(files.data, 'server.key'), key, context.account);
  await writePrivateFile(mark, host);
}
