// The command `pergola`: reads the command line, runs one command, exits with its code.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnv } from '@pergola/kernel';
import { Command as Commander, CommanderError } from 'commander';
import { exitCodes } from './cli-error.ts';
import type { CliContext, Command } from './command.ts';
import { commands } from './commands/index.ts';
import { createTerminal, reportError } from './output/terminal.ts';

const version = '0.1.0';

/** Builds the parser. `finish` receives the exit code of the command that ran. */
function buildProgram(context: CliContext, finish: (code: number) => void): Commander {
  const program = new Commander('pergola')
    .description('A ROSA cluster on AWS in one Node process, with identity that is really verified.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(pergola --help lists the commands)');
  for (const command of commands) addCommand(program, command, context, finish);
  return program;
}

function addCommand(
  program: Commander,
  command: Command,
  context: CliContext,
  finish: (code: number) => void,
): void {
  const words = command.path.split(' ');
  const name = words.pop() ?? '';
  const parent = words.reduce(
    (at, word) => at.commands.find((each) => each.name() === word) ?? at.command(word),
    program,
  );
  const built = parent.command(name).description(command.summary).exitOverride();
  command.configure?.(built);
  built.action(async () => finish(await command.run(context, built.args, built.opts())));
}

/** Runs `argv` (without node and script) and returns the exit code. */
async function runCli(argv: readonly string[]): Promise<number> {
  const env = readEnv();
  const terminal = createTerminal(env);
  const home = dirname(dirname(fileURLToPath(import.meta.url)));
  let code: number = exitCodes.ok;
  try {
    await buildProgram({ env, terminal, home }, (result) => {
      code = result;
    }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed its own message already: help and version end with 0, a bad command line with 2.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return reportError(terminal, error);
  }
}

// Whoever read our output has gone (`| head`): the command goes on to its end, and what it still prints is dropped.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
process.exitCode = await runCli(process.argv.slice(2));
