// Where one database keeps what. The outer folder is ours, so that nothing in it can be replaced by the server.
import { chown, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../../files/private-file.ts';
import type { PostgresContext } from '../context.ts';

/** Kept beside the data of a database and of a snapshot. */
export interface DatabaseRecord {
  /** Of the server that made the data, e.g. `14.23`. */
  readonly version: string;
  readonly masterUser: string;
  /** False until its users are made: what was left in between is made anew. */
  readonly isComplete: boolean;
}

export interface DatabaseFiles {
  readonly home: string;
  /** The server's. */
  readonly data: string;
  /** The folder of its socket. */
  readonly run: string;
}

export function databaseFiles(home: string): DatabaseFiles {
  return { home, data: join(home, 'data'), run: join(home, 'run') };
}

export async function readRecord(home: string): Promise<DatabaseRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(home, 'database.json'), 'utf8')) as DatabaseRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeRecord(home: string, record: DatabaseRecord): Promise<void> {
  await writePrivateFile(join(home, 'database.json'), `${JSON.stringify(record)}\n`);
}

/** Makes the socket's folder for the server's user. */
export async function makeRunFolder(context: PostgresContext, files: DatabaseFiles): Promise<void> {
  await mkdir(files.run, { recursive: true, mode: 0o700 });
  if (context.account) await chown(files.run, context.account.uid, context.account.gid);
}
