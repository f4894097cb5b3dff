// `pergola webhook serve`: the pod identity webhook as a server for a real cluster. The same code that the
// sandbox runs; flags and defaults follow amazon-eks-pod-identity-webhook.
import { createLogger, type Env, systemClock } from '@pergola/kernel';
import {
  settingsFor,
  startPodIdentityWebhook,
  type Topology,
  watchKeyPairFiles,
  type WebhookSettings,
} from '@pergola/irsa';
import { clientFromKubeconfig, clientInCluster, type KubeClient } from '@pergola/kube-client';
import { type Command as Commander, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { portNumber } from '../sandbox-options.ts';

type Options = Readonly<Record<string, unknown>>;

export const webhookServe: Command = {
  path: 'webhook serve',
  summary: 'serve the pod identity webhook for a real cluster',
  configure: addOptions,
  run: async ({ terminal, env }, _args, options) => {
    const logger = createLogger('info');
    const client = await openClient(env, options);
    await using _client = client;
    const files = { cert: textOf(options, 'tlsCert') ?? '', key: textOf(options, 'tlsKey') ?? '' };
    await using keys = await watchKeyPairFiles(files, systemClock, logger);
    const metricsPort = options['metricsPort'];
    await using webhook = await startPodIdentityWebhook({
      client,
      tls: keys,
      host: textOf(options, 'host') ?? '0.0.0.0',
      port: Number(options['port']),
      ...(typeof metricsPort === 'number' && metricsPort > 0 ? { metricsPort } : {}),
      settings: settingsOf(options),
      clock: systemClock,
      logger,
    });
    terminal.note(`pod identity webhook serves ${webhook.url}`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    return exitCodes.ok;
  },
};

function openClient(env: Env, options: Options): Promise<KubeClient> {
  const identity = { userAgent: 'pod-identity-webhook/0.1.0', clock: systemClock };
  const kubeconfig = textOf(options, 'kubeconfig');
  if (kubeconfig === undefined) return clientInCluster(env, identity);
  return clientFromKubeconfig(kubeconfig, textOf(options, 'context'), identity);
}

function addOptions(command: Commander): void {
  command
    .option('--kubeconfig <file>', 'the cluster; without it, the one that this runs in')
    .option('--context <name>', "context of the kubeconfig (default: the file's current one)")
    .option(
      '--host <address>',
      'address to serve on (default: all, because the API server calls from elsewhere)',
    )
    .option('--port <port>', 'port of /mutate', portNumber, 443)
    .option('--metrics-port <port>', 'port of /metrics; 0: none', portNumber, 9999)
    .option('--tls-cert <file>', 'serving certificate', '/etc/webhook/certs/tls.crt')
    .option('--tls-key <file>', 'its key', '/etc/webhook/certs/tls.key')
    .addOption(
      new Option('--topology <kind>', 'decides the default audience')
        .choices(['classic', 'hcp'])
        .default('classic'),
    )
    .option('--annotation-prefix <prefix>', 'prefix of the annotations (default: eks.amazonaws.com)')
    .option('--token-audience <audience>', 'default audience (default: by topology)')
    .option('--token-mount-path <path>', 'where containers find the token')
    .option('--token-expiration <seconds>', 'default lifetime of the token (default: 86400)', seconds)
    .option('--aws-default-region <region>', 'sets AWS_REGION and AWS_DEFAULT_REGION in containers')
    .option('--sts-regional-endpoint', 'sets AWS_STS_REGIONAL_ENDPOINTS=regional in containers')
    .option(
      '--watch-config-map <namespace>',
      'also read the ConfigMap pod-identity-webhook of this namespace',
    )
    .option(
      '--service-account-lookup-grace-period <ms>',
      'how long to wait for an unknown ServiceAccount',
      seconds,
    );
}

function seconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is wanted');
  return Number(text);
}

function settingsOf(options: Options): WebhookSettings {
  const chosen: [keyof WebhookSettings, unknown][] = [
    ['annotationPrefix', options['annotationPrefix']],
    ['audience', options['tokenAudience']],
    ['mountPath', options['tokenMountPath']],
    ['tokenExpirationSeconds', options['tokenExpiration']],
    ['region', options['awsDefaultRegion']],
    ['regionalSts', options['stsRegionalEndpoint']],
    ['configMapNamespace', options['watchConfigMap']],
    ['lookupGraceMs', options['serviceAccountLookupGracePeriod']],
  ];
  const overrides = Object.fromEntries(chosen.filter(([, value]) => value !== undefined));
  return settingsFor((textOf(options, 'topology') ?? 'classic') as Topology, overrides);
}

function textOf(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
