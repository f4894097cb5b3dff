// `pergola operator ack`: the controller of AWS resources for a real cluster, in a Deployment. The same code that the
// sandbox's operator pod runs.
import { environmentCredentials, providedCredentials } from '@pergola/aws-client';
import { createLogger, type Env, type Logger, systemClock, systemRandom } from '@pergola/kernel';
import { listOf, servicesOf } from '../ack/services-option.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext, Command } from '../command.ts';
import { addKubeOptions, openKubeClient } from '../kube-options.ts';
import { addLogLevel, logLevelOf } from '../log-level.ts';
import { nextSignal } from '../next-signal.ts';
import { type Options, textOf } from '../options.ts';

const defaultPort = 8080;

export const operatorAck: Command = {
  path: 'operator ack',
  summary: 'run the controller that makes AWS resources from custom resources',
  configure: (command) =>
    void addLogLevel(addKubeOptions(command))
      .option(
        '--services <names>',
        'of AWS, by the names that ACK gives them, separated by commas (default: all)',
      )
      .option('--region <name>', 'where a resource says nothing else (default: $AWS_REGION)')
      .option('--endpoint-url <url>', "another AWS endpoint (default: $AWS_ENDPOINT_URL, else AWS's own)")
      .option(
        '--watch-namespace <names>',
        'only resources of these namespaces, separated by commas (default: $ACK_WATCH_NAMESPACE, $WATCH_NAMESPACE, else all)',
      )
      .option(
        '--resource-tags <tags>',
        'key=value,… for all that is made (default: $ACK_RESOURCE_TAGS, else as ACK)',
      )
      .option('--deletion-policy <policy>', 'delete or retain (default: delete, but retain what holds data)')
      .option(
        '--drift-check-period <seconds>',
        'how often AWS is looked at when nothing has changed; 0: never',
        '60',
      )
      .option('--max-concurrent-syncs <count>', 'resources of one service that are worked on at a time', '8')
      .option('--calls-per-second <count>', 'to one service in one region, at most', '200')
      .option('--disable-cross-namespace', 'refuse references, secrets and exports that cross namespaces')
      .option('--leader-election', 'let one of several operators work (default: $ENABLE_LEADER_ELECTION)')
      .option('--lease-namespace <name>', "where the lease lies (default: the pod's own namespace)")
      .option('--metrics-port <port>', `for /metrics, /healthz and /readyz (default: ${defaultPort})`),
  run: async (context, _args, options) => {
    const { loadKinds, serviceNames, startAckOperator } = await import('@pergola/ack');
    const { env } = context;
    const logger = createLogger(logLevelOf(options));
    const kinds = await loadKinds(servicesOf(textOf(options, 'services'), serviceNames()));
    await using client = await openKubeClient(env, options, 'pergola-ack');
    let lost: Error | undefined;
    let lose: () => void = () => {};
    const leadershipLost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const onLost = (error: Error) => {
      lost = error;
      lose();
    };
    await using operator = await startAckOperator({
      client,
      aws: await awsOf(env, options),
      kinds,
      clock: systemClock,
      random: systemRandom,
      logger,
      ...settingsOf(env, options),
      leaderElection: await leaderElection(context, options, onLost),
    });
    logger.info({ url: operator.statusUrl }, 'metrics and health are served');
    await nextSignal(leadershipLost);
    return farewell(logger, lost);
  },
};

/** Keys or a web identity from the environment, as pods have them, else what the SDK finds. */
async function awsOf(env: Env, options: Options) {
  const region = textOf(options, 'region') ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (!region) {
    throw new CliError({
      what: 'no region is known',
      fix: 'name it, or set AWS_REGION',
      command: 'pergola operator ack --region us-east-1',
      exitCode: exitCodes.usage,
    });
  }
  const where = { region, endpoint: textOf(options, 'endpointUrl'), env, clock: systemClock };
  const found = environmentCredentials({ ...where, random: systemRandom }, env);
  if (found) return { ...where, credentials: found };
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const timing = { clock: systemClock, random: systemRandom };
  return { ...where, credentials: providedCredentials(fromNodeProviderChain(), timing) };
}

function settingsOf(env: Env, options: Options) {
  const namespaces =
    textOf(options, 'watchNamespace') ?? (env['ACK_WATCH_NAMESPACE'] || env['WATCH_NAMESPACE']);
  const tags = textOf(options, 'resourceTags') ?? env['ACK_RESOURCE_TAGS'];
  const deletionPolicy = textOf(options, 'deletionPolicy');
  if (deletionPolicy !== undefined && deletionPolicy !== 'delete' && deletionPolicy !== 'retain') {
    throw usage(`'${deletionPolicy}' is no deletion policy`, 'delete or retain');
  }
  return {
    watchNamespaces: listOf(namespaces ?? ''),
    systemNamespace: env['ACK_SYSTEM_NAMESPACE'] || 'ack-system',
    deletionPolicy,
    resourceTags: tags ? listOf(tags) : undefined,
    driftCheckMs: 1000 * numberOf(options, 'driftCheckPeriod', 60),
    workers: Math.max(1, numberOf(options, 'maxConcurrentSyncs', 8)),
    callsPerSecond: Math.max(1, numberOf(options, 'callsPerSecond', 200)),
    crossNamespace: options['disableCrossNamespace'] !== true,
    statusPort: numberOf(options, 'metricsPort', defaultPort),
    statusHost: env['METRICS_HOST'],
  } as const;
}

function numberOf(options: Options, name: string, fallback: number): number {
  const text = textOf(options, name);
  if (text === undefined) return fallback;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw usage(`'${text}' is no number`, 'a whole number');
}

function usage(what: string, fix: string): CliError {
  return new CliError({ what, fix, exitCode: exitCodes.usage });
}

async function leaderElection({ env }: CliContext, options: Options, onLost: (error: Error) => void) {
  if (options['leaderElection'] !== true && env['ENABLE_LEADER_ELECTION'] !== 'true') return undefined;
  const { namespaceInCluster } = await import('@pergola/kube-client');
  const namespace =
    textOf(options, 'leaseNamespace') ??
    (env['LEADER_ELECTION_NAMESPACE'] || (await namespaceInCluster(env)));
  const identity = `${env['POD_NAME'] ?? env['HOSTNAME'] ?? 'operator'}_${systemRandom.uuid()}`;
  return { namespace, identity, onLost };
}

/** Whoever lost the lease ends with an error, so that the Deployment starts it anew. */
function farewell(logger: Logger, lost: Error | undefined): number {
  if (lost === undefined) {
    logger.info({}, 'the ACK operator stops');
    return exitCodes.ok;
  }
  logger.error({ error: lost }, 'the ACK operator no longer leads');
  return exitCodes.failed;
}
