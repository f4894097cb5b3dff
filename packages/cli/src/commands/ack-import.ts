// `pergola ack import KIND NAME`: the manifest of a resource that exists in AWS, ready for the controller to adopt.
import type { Kind } from '@pergola/ack';
import { systemClock, systemRandom } from '@pergola/kernel';
import { Option } from 'commander';
import { addTargetOptions, openAckTarget } from '../ack/ack-target.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { withAwsFailures } from '../logs/aws-failure.ts';
import { textOf } from '../options.ts';

export const ackImport: Command = {
  path: 'ack import',
  summary: 'print the manifest of a resource that exists in AWS: ack import KIND NAME',
  configure: (command) =>
    void addTargetOptions(command)
      .argument('<kind>', 'such as DBInstance, dbinstances or buckets.s3.services.k8s.aws')
      .argument('<name>', 'its name in AWS, or its ARN')
      .option('-n, --namespace <name>', 'where it shall be')
      .addOption(
        new Option('-o, --output <format>', 'what to print').choices(['yaml', 'json']).default('yaml'),
      ),
  run: async (context, [kindName = '', name = ''], options) => {
    const { importResource, loadKinds } = await import('@pergola/ack');
    const kind = kindAmong(await loadKinds(), kindName);
    await using target = await openAckTarget(context, options);
    const namespace = textOf(options, 'namespace');
    const imported = await withAwsFailures(target.awsName, () =>
      importResource({ kind, name, namespace, aws: target.aws, clock: systemClock, random: systemRandom }),
    );
    if (imported === undefined) {
      throw new CliError({
        what: `${target.awsName} has no ${kind.kind} '${name}'`,
        exitCode: exitCodes.notFound,
      });
    }
    const { manifest, secrets } = imported;
    if (options['output'] === 'json') context.terminal.json(manifest);
    else {
      const { stringify } = await import('yaml');
      context.terminal.write(stringify(manifest, { aliasDuplicateObjects: false }));
    }
    for (const path of secrets) {
      context.terminal.note(
        `note: AWS tells nobody what stands in spec.${path}; to have it managed, add {name, key} of a Secret`,
      );
    }
    return exitCodes.ok;
  },
};

function kindAmong(kinds: readonly Kind[], text: string): Kind {
  const wanted = text.toLowerCase();
  const found = kinds.filter(({ kind, plural, group }) =>
    [kind.toLowerCase(), plural, `${plural}.${group}`, `${kind.toLowerCase()}.${group}`].includes(wanted),
  );
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const names = (first === undefined ? kinds : found).map(({ plural, group }) => `${plural}.${group}`);
  throw new CliError({
    what: first === undefined ? `no kind is called '${text}'` : `'${text}' may be several kinds`,
    details: names.toSorted().join(', '),
    exitCode: exitCodes.usage,
  });
}
