// `pergola operator logging`: the logging operator for a real cluster, in a Deployment. The same code that the
// sandbox's operator pod runs.
import { createLogger, type Logger, systemClock, systemRandom } from '@pergola/kernel';
import { addLogLevel, logLevelOf } from '../log-level.ts';
import { exitCodes } from '../cli-error.ts';
import type { CliContext, Command } from '../command.ts';
import { addKubeOptions, openKubeClient } from '../kube-options.ts';
import { nextSignal } from '../next-signal.ts';
import { type Options, textOf } from '../options.ts';

export const operatorLogging: Command = {
  path: 'operator logging',
  summary: 'run the logging operator for a real cluster',
  configure: (command) =>
    void addLogLevel(addKubeOptions(command))
      .option(
        '--collector-image <image>',
        'image of the collectors, whose entrypoint is pergola (default: $RELATED_IMAGE_COLLECTOR)',
      )
      .option(
        '--watch-namespace <names>',
        'only forwarders of these namespaces, separated by commas (default: $WATCH_NAMESPACE, else all)',
      )
      .option('--leader-elect', 'let one of several operators work, and the others wait')
      .option('--lease-namespace <name>', "where the lease lies (default: the pod's own namespace)"),
  run: async (context, _args, options) => {
    const { pergolaImage, startLoggingOperator } = await import('@pergola/log-forwarding');
    const { env } = context;
    const logger = createLogger(logLevelOf(options));
    await using client = await openKubeClient(env, options, 'cluster-logging-operator');
    let lost: Error | undefined;
    let lose: () => void = () => {};
    const leadershipLost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const onLost = (error: Error) => {
      lost = error;
      lose();
    };
    await using _operator = await startLoggingOperator({
      client,
      clock: systemClock,
      random: systemRandom,
      logger,
      collectorImage: textOf(options, 'collectorImage') ?? env['RELATED_IMAGE_COLLECTOR'] ?? pergolaImage,
      watchNamespaces: namespacesOf(textOf(options, 'watchNamespace') ?? env['WATCH_NAMESPACE'] ?? ''),
      ...(await leaderElection(context, options, onLost)),
    });
    await nextSignal(leadershipLost);
    return farewell(logger, lost);
  },
};

function namespacesOf(text: string): string[] {
  return text.split(',').flatMap((name) => name.trim() || []);
}

async function leaderElection({ env }: CliContext, options: Options, onLost: (error: Error) => void) {
  if (options['leaderElect'] !== true) return {};
  const { namespaceInCluster } = await import('@pergola/kube-client');
  const namespace = textOf(options, 'leaseNamespace') ?? (await namespaceInCluster(env));
  const identity = `${env['POD_NAME'] ?? env['HOSTNAME'] ?? 'operator'}_${systemRandom.uuid()}`;
  return { leaderElection: { namespace, identity, onLost } };
}

/** Whoever lost the lease ends with an error, so that the Deployment starts it anew. */
function farewell(logger: Logger, lost: Error | undefined): number {
  if (lost === undefined) {
    logger.info({}, 'the logging operator stops');
    return exitCodes.ok;
  }
  logger.error({ error: lost }, 'the logging operator no longer leads');
  return exitCodes.failed;
}
