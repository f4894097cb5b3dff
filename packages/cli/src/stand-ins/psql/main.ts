// A small `psql` of our own, for machines and pods without the real one: statements by -c, by -f and from standard input,
// with the same output, errors and exit codes. It has no prompt and no backslash commands but \q, \echo and \set.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { readEnv } from '@pergola/kernel';
import { type Action, type CommandLine, parseCommandLine, UsageError } from './command-line.ts';
import { connectionSettings } from './connection-settings.ts';
import { errorText } from './error-text.ts';
import { ConnectionFailure, openSession, type Session } from './session.ts';
import { interpolate, metaCommand, splitStatements } from './statements.ts';
import { printTable } from './table.ts';

const help = `This small psql has: -h -p -U -d -c -f -t -A -F -q -v -1 -X -w, DBNAME or a URI, USERNAME.
Install PostgreSQL's own psql for the rest.
`;

/** Where in a script we are, as it stands before errors and notices. */
const place = { where: '' };

async function main(argv: readonly string[]): Promise<number> {
  try {
    const line = parseCommandLine(argv);
    if (line.wants !== 'run') {
      process.stdout.write(line.wants === 'help' ? help : 'psql (PostgreSQL) 17.0 (Pergola stand-in)\n');
      return 0;
    }
    const env = readEnv();
    const settings = connectionSettings(line.connection, env, env['USER'] ?? userInfo().username);
    const session = await openSession(settings, (text) => process.stderr.write(`${place.where}${text}\n`));
    try {
      return await runAll(line, session);
    } finally {
      await session.close().catch(() => {});
    }
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConnectionFailure)) throw error;
    process.stderr.write(`psql: error: ${error.message}\n`);
    return error instanceof ConnectionFailure ? 2 : 1;
  }
}

async function runAll(line: CommandLine, session: Session): Promise<number> {
  const variables = new Map(line.variables);
  const actions: readonly Action[] = line.actions.length > 0 ? line.actions : [{ kind: 'file', path: '-' }];
  const stops = () => /^(1|on|true|yes)$/i.test(variables.get('ON_ERROR_STOP') ?? '');
  let code = 0;
  if (line.singleTransaction) await session.run('BEGIN');
  for (const action of actions) {
    if (action.kind === 'command') code = (await runText(line, session, action.text)) ? 0 : 1;
    else code = await runFile({ line, session, variables, stops }, action.path);
    if (code !== 0 && (stops() || line.singleTransaction)) break;
  }
  if (line.singleTransaction) await session.run(code === 0 ? 'COMMIT' : 'ROLLBACK');
  return code;
}

interface ScriptRun {
  readonly line: CommandLine;
  readonly session: Session;
  readonly variables: Map<string, string>;
  readonly stops: () => boolean;
}

/** 0, or 3 when it stopped at an error; errors alone do not make it fail. */
async function runFile({ line, session, variables, stops }: ScriptRun, path: string): Promise<number> {
  const script = readScript(path);
  const isNamed = line.actions.length > 0;
  for (const statement of splitStatements(script)) {
    place.where = isNamed ? `psql:${path === '-' ? '<stdin>' : path}:${statement.line}: ` : '';
    const meta = metaCommand.exec(statement.text);
    if (meta?.[1] === 'q') break;
    const held = meta
      ? runMeta(meta, variables)
      : await runText(line, session, interpolate(statement.text, variables));
    if (!held && stops()) return 3;
  }
  place.where = '';
  return 0;
}

function readScript(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch {
    throw new UsageError(`${path}: No such file or directory`);
  }
}

function runMeta(meta: RegExpExecArray, variables: Map<string, string>): boolean {
  const [, name = '', rest = ''] = meta;
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const plain = (word: string) => word.replace(/^'(.*)'$/, '$1');
  if (name === 'echo') process.stdout.write(`${words.map(plain).join(' ')}\n`);
  else if (name === 'set' && words[0] !== undefined)
    variables.set(words[0], words.slice(1).map(plain).join(''));
  else {
    process.stderr.write(`${place.where}error: this small psql has no \\${name}\n`);
    return false;
  }
  return true;
}

async function runText(line: CommandLine, session: Session, text: string): Promise<boolean> {
  try {
    for (const { tag, columns, rows } of await session.run(text)) {
      if (columns.length > 0) process.stdout.write(printTable(columns, rows, line.format));
      if (
        tag !== '' &&
        !line.quiet &&
        (columns.length === 0 || !/^(SELECT|SHOW|EXPLAIN|FETCH|VALUES)\b/.test(tag))
      )
        process.stdout.write(`${tag}\n`);
    }
    return true;
  } catch (error) {
    process.stderr.write(`${place.where}${errorText(error as Error, text)}\n`);
    return false;
  }
}

process.exitCode = await main(process.argv.slice(2));
