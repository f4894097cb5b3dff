// Where one database keeps what. The outer folder is ours, so that nothing in it can be replaced by the server.
import { chown, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFile, writePrivateFile } from '../files/private-file.ts';
import type { Account } from '../process/account.ts';

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

/** Resolves when the record outlives a power cut. */
export async function flushRecord(home: string): Promise<void> {
  await flushFile(join(home, 'database.json'));
}

/** Makes a folder that is the servers' user's alone. */
export async function makeServerFolder(path: string, account: Account | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account) await chown(path, account.uid, account.gid);
}
