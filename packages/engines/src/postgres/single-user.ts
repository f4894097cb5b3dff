// Statements for data that no server runs on.
import { join } from 'node:path';
import type { Account } from '../process/account.ts';
import { runTool } from '../process/tool.ts';
import { libraryPath, type PreparedRuntime } from './runtime/prepared-runtime.ts';

export interface DataAtRest {
  readonly runtime: PreparedRuntime;
  readonly data: string;
  /** Who owns the data; it must have a name on this machine. */
  readonly account: Account | undefined;
}

/** Runs them one after another as superuser, without flushing anything; rejects with the server's words at the first that fails. */
export async function runAtRest(rest: DataAtRest, statements: readonly string[]): Promise<void> {
  const { runtime, data, account } = rest;
  await runTool(
    {
      program: join(runtime.bin, 'postgres'),
      folders: [data, ...(runtime.links === undefined ? [] : [runtime.links])],
      account,
      variables: ([, links]) => libraryPath(runtime, links),
      words: ([path = '']) => [
        '--single',
        '-D',
        path,
        '-c',
        'fsync=off',
        '-c',
        'exit_on_error=on',
        'postgres',
      ],
    },
    // A line end ends a statement in this mode.
    statements.map((statement) => `${statement.replaceAll('\n', ' ')}\n`).join(''),
  );
}
