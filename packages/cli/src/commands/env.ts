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
    // Last, so that they hide nothing from a shell that was given all of it as one line.
    for (const line of liveTailNotes) context.terminal.print(`# ${line}`);
    return exitCodes.ok;
  },
};

/** StartLiveTail is called at `stream-` before the host's name, which an address of this machine cannot have. */
const liveTailNotes = [
  'Live tail: the SDKs call it at stream-HOST. aws and boto3 put that in front of the user name in',
  'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS, and so reach the sandbox; other SDKs need their host prefix turned off',
  "(JavaScript: disableHostPrefix: true). 'pergola logs tail GROUP' needs nothing.",
];

/** Single quotes keep everything but a single quote. */
function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
