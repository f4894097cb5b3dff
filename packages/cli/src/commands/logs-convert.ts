// `pergola logs convert -f FILE`: a forwarder of logging 5 (logging.openshift.io/v1) as the one of logging 6
// (observability.openshift.io/v1) that fills the same groups. The file may hold the ClusterLogging and Secrets beside it.
import type { KubeResource } from '@pergola/kube-client';
import type { ConversionContext } from '@pergola/log-forwarding';
import { Option } from 'commander';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { readManifests } from '../manifests.ts';
import { textOf } from '../options.ts';

const legacyVersion = 'logging.openshift.io/v1';

export const logsConvert: Command = {
  path: 'logs convert',
  summary: 'turn a ClusterLogForwarder of logging 5 into that of logging 6 which fills the same groups',
  configure: (command) =>
    void command
      .requiredOption('-f, --file <path>', "YAML or JSON with the forwarder; '-' reads standard input")
      .option(
        '--infrastructure-name <name>',
        'of the cluster (oc get infrastructure cluster): the prefix where an output names none',
      )
      .addOption(
        new Option('-o, --output <format>', 'what to print').choices(['yaml', 'json']).default('yaml'),
      ),
  run: async ({ terminal }, _args, options) => {
    const objects = await readManifests(textOf(options, 'file') ?? '-');
    const context = contextOf(objects, textOf(options, 'infrastructureName'));
    const converted = await convertAll(forwardersAmong(objects), context);
    const resources = converted.flatMap((conversion) => conversion.resources);
    if (options['output'] === 'json') {
      terminal.json({ apiVersion: 'v1', kind: 'List', items: resources });
    } else {
      const { stringify } = await import('yaml');
      terminal.write(
        resources.map((resource) => stringify(resource, { aliasDuplicateObjects: false })).join('---\n'),
      );
    }
    for (const note of new Set(converted.flatMap(({ notes }) => notes))) terminal.note(`note: ${note}`);
    return exitCodes.ok;
  },
};

function forwardersAmong(objects: readonly KubeResource[]): KubeResource[] {
  const found = objects.filter(
    ({ apiVersion, kind }) => apiVersion === legacyVersion && kind === 'ClusterLogForwarder',
  );
  if (found.length > 0) return found;
  const kinds = objects.map(({ apiVersion, kind }) =>
    kind ? `${kind} of ${apiVersion}` : 'something without a kind',
  );
  throw new CliError({
    what: `there is no ClusterLogForwarder of ${legacyVersion} in the file`,
    details: kinds.length === 0 ? 'it holds no object' : `it holds: ${kinds.join(', ')}`,
    exitCode: exitCodes.usage,
  });
}

function contextOf(
  objects: readonly KubeResource[],
  infrastructureName: string | undefined,
): ConversionContext {
  const secrets = objects.filter(({ kind, apiVersion }) => kind === 'Secret' && apiVersion === 'v1');
  return {
    infrastructureName,
    clusterLogging: objects.find(({ kind }) => kind === 'ClusterLogging'),
    secretKeys: Object.fromEntries(
      secrets.map(({ metadata, data, stringData }) => [
        metadata.name,
        Object.keys({ ...data, ...stringData }),
      ]),
    ),
  };
}

async function convertAll(forwarders: readonly KubeResource[], context: ConversionContext) {
  const { ConversionError, convertForwarder } = await import('@pergola/log-forwarding');
  return forwarders.map((forwarder) => {
    try {
      return convertForwarder(forwarder, context);
    } catch (error) {
      if (!(error instanceof ConversionError)) throw error;
      throw new CliError({
        what: `the forwarder cannot be converted: ${error.message}`,
        exitCode: exitCodes.failed,
      });
    }
  });
}
