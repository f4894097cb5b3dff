// `pergola env`: the variables of `pergola shell`, for `eval "$(pergola env)"` or as JSON.
import { exitCodes } from '../cli-error.ts';
import { clientPath } from '../client-path.ts';
import type { Command } from '../command.ts';
import { requireStatus } from '../running-sandbox.ts';
import { addDataDir, dataDirOf } from '../sandbox-options.ts';

export const env: Command = {
  path: 'env',
  summary: 'the variables that point clients at the sandbox: eval "$(pergola env)"',
  configure: (command) => void addDataDir(command).option('-o, --output <format>', 'json for programs'),
  run: async (context, _args, options) => {
    const status = await requireStatus(dataDirOf(context, options));
    const variables = { ...status.environment, PATH: clientPath(context) };
    if (options['output'] === 'json') {
      context.terminal.json(variables);
      return exitCodes.ok;
    }
    for (const [name, value] of Object.entries(variables))
      context.terminal.print(`export ${name}=${quote(value)}`);
    return exitCodes.ok;
  },
};

/** Single quotes keep everything but a single quote. */
function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
