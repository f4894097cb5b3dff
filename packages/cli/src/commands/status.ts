// `pergola status`: where the sandbox is and how it is.
import { exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { requireStatus } from '../running-sandbox.ts';
import { addDataDir, dataDirOf } from '../sandbox-options.ts';
import { renderTable } from '../output/terminal.ts';

export const status: Command = {
  path: 'status',
  summary: 'where the sandbox is, and how it is',
  configure: (command) => void addDataDir(command).option('-o, --output <format>', 'json for programs'),
  run: async ({ terminal, env }, _args, options) => {
    const found = await requireStatus(dataDirOf({ terminal, env, home: '' }, options));
    if (options['output'] === 'json') {
      const { environment: _, ...rest } = found;
      terminal.json(rest);
      return exitCodes.ok;
    }
    terminal.print(
      renderTable([
        ['process', `${found.pid}, since ${found.startedAt}, ${Math.round(found.memoryBytes / 2 ** 20)} MiB`],
        ['cluster', `${found.infrastructureName} (${found.topology})`],
        ['account', `${found.account}, ${found.region}`],
        ['AWS endpoint', found.awsUrl],
        ['Kubernetes API', found.kubeUrl],
        ['issuer', found.issuer],
        ['pods', `${found.isolation.kind}: ${found.isolation.reason}`],
        ['state', found.dataDir],
      ]),
    );
    return exitCodes.ok;
  },
};
