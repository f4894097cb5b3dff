// The cluster's inside: the controllers, the node that runs pods, and the pod identity webhook. Each speaks to
// the API server as it would on a real cluster: over TLS, with a token of its own.
import { dirname } from 'node:path';
import { ackPackages } from '@pergola/ack';
import { startCoreControllers } from '@pergola/core-controllers';
import { registerWebhook, settingsFor, startPodIdentityWebhook } from '@pergola/irsa';
import { type Clock, Disposal, type Random } from '@pergola/kernel';
import { createKubeClient, type KubeClient } from '@pergola/kube-client';
import { loggingPackage } from '@pergola/log-forwarding';
import { type PodRuntime, startPodRuntime } from '@pergola/pod-runtime';
import { logsUrl } from './client-files.ts';
import { loadImages } from './image-map-file.ts';
import type { ClusterIdentity, ClusterPki } from './identity.ts';
import type { Isolation } from './late-kubelet.ts';
import type { ResolvedOptions } from './options.ts';
import type { NodeLogs } from './node-logs/node-logs.ts';
import { nodeNameOf } from './node-name.ts';
import { podPrograms } from './pod-programs.ts';
import type { StateDir } from './state-dir.ts';
import { together } from './together.ts';
import { grantWebhookAccess } from './webhook-access.ts';

export interface ClusterSideContext {
  readonly options: ResolvedOptions;
  readonly dir: StateDir;
  readonly clock: Clock;
  readonly random: Random;
  readonly logs: Pick<NodeLogs, 'loggerOf'>;
  readonly identity: ClusterIdentity;
  readonly pki: ClusterPki;
  readonly awsUrl: string;
  readonly kubeUrl: string;
}

export interface ClusterSide extends AsyncDisposable {
  readonly podRuntime: PodRuntime;
  readonly isolation: Isolation;
}

/** Starts all three side by side; resolves when a pod created now would be mutated, bound and run. */
export async function startClusterSide(context: ClusterSideContext): Promise<ClusterSide> {
  const disposal = new Disposal();
  try {
    const { identity } = context;
    const clientOf = (component: string, token: string) => disposal.use(clientFor(context, component, token));
    const [podRuntime] = await together([
      startNode(context, clientOf('kubelet', identity.tokens.node), disposal),
      startControllers(context, clientOf('kube-controller-manager', identity.tokens.controllers), disposal),
      startWebhook(context, clientOf, disposal),
    ]);
    const isolation = { kind: podRuntime.isolation, reason: podRuntime.reason };
    return { podRuntime, isolation, [Symbol.asyncDispose]: () => disposal.dispose() };
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
}

function clientFor(context: ClusterSideContext, component: string, token: string): KubeClient {
  return createKubeClient({
    server: context.kubeUrl,
    ca: context.pki.ca.cert,
    token,
    userAgent: `${component}/0.1.0`,
    clock: context.clock,
  });
}

async function startControllers(
  context: ClusterSideContext,
  client: KubeClient,
  disposal: Disposal,
): Promise<void> {
  const { clock, random, logs } = context;
  const logger = logs.loggerOf('kube-controller-manager');
  const rootCa = context.pki.ca.cert;
  disposal.use(
    await startCoreControllers({
      client,
      clock,
      random,
      logger,
      rootCa,
      catalog: [loggingPackage, ...ackPackages()],
    }),
  );
}

async function startNode(
  context: ClusterSideContext,
  client: KubeClient,
  disposal: Disposal,
): Promise<PodRuntime> {
  const { clock, random, logs, options, identity } = context;
  const api = new URL(context.kubeUrl);
  const programs = podPrograms();
  const runtime = await startPodRuntime({
    client,
    clock,
    random,
    logger: logs.loggerOf('kubelet'),
    nodeName: nodeNameOf(identity),
    dataDir: context.dir.node,
    hidden: [context.dir.root, dirname(context.dir.controlSocket)],
    images: await loadImages(options.imageMapFile),
    isolation: options.isolation,
    podPath: [...options.podPath, ...programs.path],
    shown: programs.shown,
    // What the network of a real cluster does by itself: pods reach the region's endpoints, here by these.
    environment: {
      AWS_ENDPOINT_URL: context.awsUrl,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logsUrl(context.awsUrl),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      KUBERNETES_SERVICE_HOST: api.hostname,
      KUBERNETES_SERVICE_PORT: api.port,
      // Without isolation a pod's mounts stand elsewhere; what names them in the environment is told the true place.
      KUBERNETES_SERVICE_ACCOUNT_DIR: '/var/run/secrets/kubernetes.io/serviceaccount',
    },
  });
  return disposal.use(runtime);
}

async function startWebhook(
  context: ClusterSideContext,
  clientOf: (component: string, token: string) => KubeClient,
  disposal: Disposal,
): Promise<void> {
  const { clock, logs, identity, pki } = context;
  const administrator = clientOf('cloud-credential-operator', identity.tokens.controllers);
  await grantWebhookAccess(administrator);
  const webhook = await startPodIdentityWebhook({
    client: clientOf('pod-identity-webhook', identity.tokens.webhook),
    clock,
    logger: logs.loggerOf('pod-identity-webhook'),
    host: '127.0.0.1',
    port: 0,
    tls: pki.webhook,
    // A pod created right after its ServiceAccount waits for it to be seen, instead of starting without a role.
    settings: settingsFor(identity.topology, { region: identity.region, lookupGraceMs: 1_000 }),
  });
  disposal.use(webhook);
  await registerWebhook(administrator, {
    url: webhook.url,
    caBundle: pki.ca.cert,
    topology: identity.topology,
  });
}
