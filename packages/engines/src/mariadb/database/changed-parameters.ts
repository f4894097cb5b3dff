// New parameters for a running server: set one by one, all or none.
import type { Connection } from '../client/connection.ts';
import { ServerError } from '../client/packets.ts';
import { complete, type Parameters, setStatement } from '../config/parameters.ts';

/** Read only: it counts from the next start on. */
const READ_ONLY = 1238;

export interface ParameterChange {
  /** Those of the command line that the server was started with. */
  readonly started: Parameters;
  /** Those that are in force, or wait. */
  readonly before: Parameters;
  readonly after: Parameters;
}

/** Resolves with the names of those that wait for the next start. Rejects with the server's words, and nothing is changed. */
export async function changeParameters(
  connection: Connection,
  { started, before, after }: ParameterChange,
): Promise<string[]> {
  const [first, from, to] = [complete(started), complete(before), complete(after)];
  const names = new Set([first, from, to].flatMap((parameters) => Object.keys(parameters)));
  const waiting: string[] = [];
  const undo: string[] = [];
  for (const name of [...names].sort()) {
    if (first[name] === to[name] && from[name] === to[name]) continue;
    const outcome = await attempt(connection, setStatement(name, to[name]));
    if (outcome === 'set') undo.unshift(setStatement(name, from[name]));
    else if (outcome !== 'read only') {
      for (const statement of undo) await connection.query(statement);
      throw outcome;
    } else if (to[name] !== first[name]) waiting.push(name);
  }
  return waiting;
}

async function attempt(
  connection: Connection,
  statement: string,
): Promise<'set' | 'read only' | ServerError> {
  try {
    await connection.query(statement);
    return 'set';
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return error.code === READ_ONLY ? 'read only' : error;
  }
}
