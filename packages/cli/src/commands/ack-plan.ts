// `pergola ack plan -f FILE`: what applying resources of ACK would do to AWS. Nothing is written, neither there nor in the
// cluster.
import { systemClock, systemRandom } from '@pergola/kernel';
import { Option } from 'commander';
import { addTargetOptions, openAckTarget } from '../ack/ack-target.ts';
import { hasChanges, renderPlan } from '../ack/plan-text.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { withAwsFailures } from '../logs/aws-failure.ts';
import { readManifests } from '../manifests.ts';
import { textOf } from '../options.ts';

/** As `terraform plan -detailed-exitcode` has it. */
const changesExitCode = 2;

export const ackPlan: Command = {
  path: 'ack plan',
  summary: 'show what applying resources of ACK would do to AWS',
  configure: (command) =>
    void addTargetOptions(command)
      .requiredOption('-f, --file <path>', "YAML or JSON with the resources; '-' reads standard input")
      .option('-n, --namespace <name>', 'of resources that name none', 'default')
      .option('--detailed-exitcode', `end with ${changesExitCode} when something would change`)
      .addOption(
        new Option('-o, --output <format>', 'what to print').choices(['text', 'json']).default('text'),
      ),
  run: async (context, _args, options) => {
    const { loadKinds, planResources } = await import('@pergola/ack');
    const objects = await readManifests(textOf(options, 'file') ?? '-');
    const kinds = await loadKinds();
    await using target = await openAckTarget(context, options);
    const { aws, client, awsName } = target;
    const settings = { clock: systemClock, random: systemRandom, namespace: textOf(options, 'namespace') };
    const planned = await withAwsFailures(awsName, () =>
      planResources({ kinds, objects, client, aws, ...settings }),
    );
    if (planned.length === 0) {
      throw new CliError({
        what: 'the file holds no resource of ACK that is known here',
        details: `known are: ${[...new Set(kinds.map(({ kind }) => kind))].toSorted().join(', ')}`,
        exitCode: exitCodes.usage,
      });
    }
    if (options['output'] === 'json') context.terminal.json(planned);
    else context.terminal.print(renderPlan(planned, context.terminal));
    if (planned.some(({ action }) => action === 'fail')) return exitCodes.failed;
    return options['detailedExitcode'] === true && hasChanges(planned) ? changesExitCode : exitCodes.ok;
  },
};
