// `pergola collector run`: the log collector of one node, in a DaemonSet of a real cluster or as the sandbox's pod.
import { createLogger, type Env, systemClock, systemRandom } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { addKubeOptions, openKubeClient } from '../kube-options.ts';
import { addLogLevel, logLevelOf } from '../log-level.ts';
import { nextSignal } from '../next-signal.ts';
import { type Options, textOf } from '../options.ts';
import { portNumber } from '../sandbox-options.ts';

export const collectorRun: Command = {
  path: 'collector run',
  summary: "collect a node's logs and deliver them, as the logging operator configures it",
  configure: (command) =>
    void addLogLevel(addKubeOptions(command))
      .option(
        '--config <file>',
        'what to collect and where to (default: $COLLECTOR_CONFIG, else the mounted one)',
      )
      .option('--node <name>', 'the node whose logs these are (default: $NODE_NAME)')
      .option(
        '--state-dir <folder>',
        'checkpoints and buffers, kept over restarts (default: $COLLECTOR_DATA_DIR)',
      )
      .option(
        '--metrics-port <port>',
        'port of /metrics, /healthz and /readyz; 0 draws a free one',
        portNumber,
      )
      .option('--no-cluster', 'ask no Kubernetes API: records tell what paths do, and nothing is reported'),
  run: async ({ env }, _args, options) => {
    const { collectorOptionsFrom, ConfigError, startCollector } = await import('@pergola/log-forwarding');
    const logger = createLogger(logLevelOf(options));
    const fromEnv = collectorOptionsFrom(await environmentOf(env, options));
    await using client = options['cluster'] === false ? noClient : await openClient(env, options);
    const collector = await startCollector({
      ...fromEnv,
      client: client.client,
      clock: systemClock,
      random: systemRandom,
      logger,
    }).catch((error: unknown) => {
      throw error instanceof ConfigError ? unusable(error) : error;
    });
    await using _collector = collector;
    logger.info({ node: fromEnv.nodeName, metricsPort: collector.metricsPort }, 'the collector runs');
    await nextSignal();
    logger.info({}, 'the collector stops: it delivers what it has read');
    return exitCodes.ok;
  },
};

/** Options are stronger than the variables that stand for them. */
async function environmentOf(env: Env, options: Options): Promise<Env> {
  const { collectorVariables } = await import('@pergola/log-forwarding');
  const port = options['metricsPort'];
  const given: readonly (readonly [string, string | undefined])[] = [
    [collectorVariables.config, textOf(options, 'config')],
    [collectorVariables.node, textOf(options, 'node')],
    [collectorVariables.data, textOf(options, 'stateDir')],
    [collectorVariables.metricsPort, typeof port === 'number' ? String(port) : undefined],
  ];
  const merged = { ...env, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
  if (merged[collectorVariables.node]) return merged;
  throw new CliError({
    what: 'the node has no name',
    fix: `name it with --node, or set ${collectorVariables.node} from the pod's field spec.nodeName`,
    exitCode: exitCodes.usage,
  });
}

interface OpenClient extends AsyncDisposable {
  readonly client: KubeClient | undefined;
}

const noClient: OpenClient = {
  client: undefined,
  async [Symbol.asyncDispose]() {
    // There is nothing to close.
  },
};

async function openClient(env: Env, options: Options): Promise<OpenClient> {
  const client = await openKubeClient(env, options, 'pergola-collector');
  return { client, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

function unusable(error: Error): CliError {
  return new CliError({
    what: error.message,
    fix: 'name the file that the operator writes with --config',
    exitCode: exitCodes.usage,
  });
}
