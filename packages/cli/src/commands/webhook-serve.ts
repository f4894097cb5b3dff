// `pergola webhook serve`: the pod identity webhook as a server for a real cluster. The same code that the
// sandbox runs; flags and defaults follow amazon-eks-pod-identity-webhook.
import { createLogger, systemClock } from '@pergola/kernel';
import type { Topology, WebhookSettings } from '@pergola/irsa';
import { type Command as Commander, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { addKubeOptions, openKubeClient } from '../kube-options.ts';
import { nextSignal } from '../next-signal.ts';
import { type Options, textOf } from '../options.ts';
import { portNumber } from '../sandbox-options.ts';

export const webhookServe: Command = {
  path: 'webhook serve',
  summary: 'serve the pod identity webhook for a real cluster',
  configure: addOptions,
  run: async ({ terminal, env }, _args, options) => {
    const { settingsFor, startPodIdentityWebhook, watchKeyPairFiles } = await import('@pergola/irsa');
    const logger = createLogger('info');
    const client = await openKubeClient(env, options, 'pod-identity-webhook');
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
      settings: settingsFor((textOf(options, 'topology') ?? 'classic') as Topology, overridesOf(options)),
      clock: systemClock,
      logger,
    });
    terminal.note(`pod identity webhook serves ${webhook.url}`);
    await nextSignal();
    return exitCodes.ok;
  },
};

function addOptions(command: Commander): void {
  addKubeOptions(command)
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

function overridesOf(options: Options): Partial<WebhookSettings> {
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
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined));
}
