// `pergola logs groups`: the log groups, how large they are and how long they keep events.
import { openAws, addAwsOptions } from '../aws-options.ts';
import { exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { withAwsFailures } from '../logs/aws-failure.ts';
import { listGroups, type LogGroup } from '../logs/logs-api.ts';
import { textOf } from '../options.ts';
import { renderTable } from '../output/terminal.ts';

export const logsGroups: Command = {
  path: 'logs groups',
  summary: 'list the log groups of CloudWatch Logs',
  configure: (command) =>
    void addAwsOptions(command)
      .option('--prefix <name>', 'only groups whose names begin so')
      .option('-o, --output <format>', 'json for programs'),
  run: async (context, _args, options) => {
    await using aws = await openAws(context, options);
    const groups = await withAwsFailures(aws.name, () => listGroups(aws.target, textOf(options, 'prefix')));
    if (options['output'] === 'json') context.terminal.json(groups);
    else if (groups.length === 0) context.terminal.note(`${aws.name} has no such log group`);
    else
      context.terminal.print(
        renderTable([['GROUP', 'STORED', 'RETENTION', 'CREATED'], ...groups.map(rowOf)]),
      );
    return exitCodes.ok;
  },
};

function rowOf({ name, storedBytes, retentionDays, createdMs }: LogGroup): string[] {
  const retention = retentionDays === undefined ? 'for ever' : `${retentionDays} days`;
  return [name, sizeOf(storedBytes), retention, new Date(createdMs).toISOString()];
}

function sizeOf(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}
