// The options that all commands about a sandbox share, from the command line to `SandboxOptions`.
import type { SandboxOptions } from '@pergola/sandbox';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CliContext } from './command.ts';

/** Which sandbox: `--data-dir`, else PERGOLA_DATA_DIR (set inside `pergola shell`), else `.pergola`. */
export function addDataDir(command: Command): Command {
  return command.option(
    '--data-dir <folder>',
    'folder that holds all state (default: $PERGOLA_DATA_DIR, else .pergola)',
  );
}

export function dataDirOf(context: CliContext, options: Readonly<Record<string, unknown>>): string {
  const given = options['dataDir'];
  return typeof given === 'string' ? given : (context.env['PERGOLA_DATA_DIR'] ?? '.pergola');
}

/** Everything that may be chosen when a sandbox starts. */
export function addSandboxOptions(command: Command): void {
  addDataDir(command)
    .option('--ephemeral', 'keep nothing: a temporary folder and random ports')
    .option('--aws-port <port>', 'port of the AWS endpoint; 0 draws a free one (default: 4566)', portNumber)
    .option(
      '--kube-port <port>',
      'port of the Kubernetes API; 0 draws a free one (default: 6443)',
      portNumber,
    )
    .option('--account <id>', 'the AWS account, 12 digits (default: 123456789012)')
    .option('--region <name>', 'the AWS region (default: us-east-1)')
    .option('--cluster-name <name>', "the cluster's name (default: mycluster)")
    .addOption(
      new Option('--topology <kind>', 'control plane: changes the default audience of tokens').choices([
        'classic',
        'hcp',
      ]),
    )
    .addOption(
      new Option('--isolation <kind>', 'how containers are kept apart').choices([
        'auto',
        'namespaces',
        'none',
      ]),
    )
    .addOption(
      new Option(
        '--cache-engine <kind>',
        "what runs Redis and Valkey: the embedded server, or the host's",
      ).choices(['embedded', 'host']),
    )
    .option('--image-map <file>', 'YAML or JSON file that maps image names to programs')
    .addOption(
      new Option('--log-level <level>', 'what goes to the log').choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    );
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

/** What the command line said, as SandboxOptions. Absent options stay absent. */
export function sandboxOptionsOf(
  context: CliContext,
  options: Readonly<Record<string, unknown>>,
): SandboxOptions {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
  const number = (name: string) => (typeof options[name] === 'number' ? options[name] : undefined);
  const ephemeral = options['ephemeral'] === true;
  const entries: [keyof SandboxOptions, unknown][] = [
    ['dataDir', ephemeral ? text('dataDir') : dataDirOf(context, options)],
    ['ephemeral', ephemeral],
    ['awsPort', number('awsPort')],
    ['kubePort', number('kubePort')],
    ['account', text('account')],
    ['region', text('region')],
    ['clusterName', text('clusterName')],
    ['topology', text('topology')],
    ['isolation', text('isolation')],
    ['imageMapFile', text('imageMap')],
    ['cacheEngine', text('cacheEngine')],
    ['logLevel', text('logLevel')],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
