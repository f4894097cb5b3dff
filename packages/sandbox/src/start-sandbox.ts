// The composition root: everything below, in one process. The order here is the order of the boot.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsPlane, startAwsPlane } from '@pergola/aws-plane';
import {
  type Clock,
  createLogger,
  Disposal,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from '@pergola/kernel';
import { startKubePlane } from '@pergola/kube-plane';
import type { KeyPair } from '@pergola/pki';
import { openStore } from '@pergola/store';
import { clientEnvironment, writeClientFiles } from './client-files.ts';
import { type ClusterSide, startClusterSide } from './cluster-side.ts';
import { startControl } from './control.ts';
import { openEngines } from './engines.ts';
import { type ClusterIdentity, type ClusterPki, loadIdentity, loadPki } from './identity.ts';
import { type ResolvedOptions, resolveOptions, type SandboxOptions } from './options.ts';
import { type NodeLogs, openNodeLogs } from './node-logs/node-logs.ts';
import { nodeNameOf } from './node-name.ts';
import { describePortHolder } from './port-holder.ts';
import { publishIdentity } from './publish-identity.ts';
import { together } from './together.ts';
import { holdStateDir, type StateDir, stateDirOf } from './state-dir.ts';
import { type Isolation, LateKubelet } from './late-kubelet.ts';
import { webhookUser } from './webhook-access.ts';

/** A running sandbox. `await using` stops it. */
export interface Sandbox extends AsyncDisposable {
  readonly dataDir: string;
  readonly identity: ClusterIdentity;
  /** http://127.0.0.1:PORT */
  readonly awsUrl: string;
  /** https://127.0.0.1:PORT */
  readonly kubeUrl: string;
  readonly caPem: string;
  /** The administrator's access key, an IAM user's: rosa refuses the account root. */
  readonly administrator: AwsPlane['administrator'];
  /** Bearer token of system:admin. */
  readonly administratorToken: string;
  /** Variables that point ordinary clients at the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  readonly isolation: Isolation;
  readonly records: AwsPlane['records'];
  /** Resolves when someone has asked the sandbox to stop (`pergola down`). */
  readonly stopRequested: Promise<void>;
}

/** Thrown when a port is taken: names the port, the flag that changes it, and the process when it can be known. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly port: number;
  readonly flag: string;

  constructor(port: number, flag: string, holder: string | undefined) {
    super(`port ${port} of 127.0.0.1 is taken${holder ? ` by ${holder}` : ''}`);
    this.port = port;
    this.flag = flag;
  }
}

interface Boot {
  readonly options: ResolvedOptions;
  readonly dir: StateDir;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly disposal: Disposal;
}

/** Boots a sandbox and resolves when both APIs answer and pods can run. */
export async function startSandbox(given: SandboxOptions = {}): Promise<Sandbox> {
  const disposal = new Disposal();
  try {
    const options = resolveOptions(given, () => temporaryDir(disposal));
    const dir = stateDirOf(options.dataDir);
    const release = holdStateDir(dir);
    disposal.defer(release);
    const logger = options.logLevel === 'silent' ? silentLogger : createLogger(options.logLevel, dir.log);
    return await boot({ options, dir, clock: systemClock, random: systemRandom, logger, disposal });
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
}

async function boot(context: Boot): Promise<Sandbox> {
  const { options, dir, disposal } = context;
  const identity = loadIdentity(dir, options, context.random);
  const { node } = dir;
  const logs = disposal.use(openNodeLogs({ ...context, node, nodeName: nodeNameOf(identity) }));
  const kubelet = new LateKubelet();
  const pkiLoaded = loadPki(dir, context);
  const [aws, { pki, kube }] = await together([
    openAwsPlane(context, { identity, logs, ca: async () => (await pkiLoaded).ca }),
    pkiLoaded.then(async (pki) => ({
      pki,
      kube: await openKubePlane(context, { identity, pki, kubelet, logs }),
    })),
  ]);
  const endpoints = { awsUrl: aws.url, kubeUrl: kube.url, caPem: pki.ca.cert, ...aws.administrator };
  writeClientFiles(dir, identity, endpoints);
  const [cluster] = await together([
    startClusterSide({ ...context, identity, pki, logs, awsUrl: aws.url, kubeUrl: kube.url }),
    publishIdentity({
      awsUrl: aws.url,
      credentials: aws.administrator,
      identity,
      signingKey: pki.signingKey,
      clock: context.clock,
    }),
  ]);
  disposal.use(cluster);
  kubelet.arrive(cluster.podRuntime);
  const { stopRequested } = await openControl(context, identity, aws, { kubeUrl: kube.url, cluster });
  logs
    .loggerOf('pergola')
    .info({ aws: aws.url, kubernetes: kube.url, cluster: identity.infrastructureName }, 'the sandbox is up');
  return {
    dataDir: options.dataDir,
    identity,
    awsUrl: aws.url,
    kubeUrl: kube.url,
    caPem: pki.ca.cert,
    administrator: aws.administrator,
    administratorToken: identity.tokens.administrator,
    environment: clientEnvironment(dir, identity, aws.url),
    isolation: cluster.isolation,
    records: aws.records,
    stopRequested,
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}

function temporaryDir(disposal: Disposal): string {
  const path = mkdtempSync(join(tmpdir(), 'pergola-'));
  disposal.defer(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

interface AwsSide {
  readonly identity: ClusterIdentity;
  readonly logs: NodeLogs;
  readonly ca: () => Promise<KeyPair>;
}

async function openAwsPlane(context: Boot, { identity, logs, ca }: AwsSide): Promise<AwsPlane> {
  const { options, dir, disposal } = context;
  const { ephemeral, cacheEngine } = options;
  const engines = await openEngines({
    ...servicesOf(context, logs.loggerOf('engines')),
    dir,
    ephemeral,
    cacheEngine,
    ca,
  });
  disposal.use(engines);
  const store = disposal.use(
    // Nobody watches this one, so it need not remember what has changed.
    openStore({
      path: dir.awsStore,
      durability: options.ephemeral ? 'ephemeral' : 'durable',
      historyLimit: 0,
    }),
  );
  const plane = await startAwsPlane({
    ...servicesOf(context, logs.loggerOf('aws-endpoint')),
    store,
    dataDir: dir.awsFiles,
    port: options.awsPort,
    account: identity.account,
    region: identity.region,
    engines,
  }).catch((error: unknown) => {
    throw portTaken(error, options.awsPort, '--aws-port');
  });
  return disposal.use(plane);
}

interface KubeSide {
  readonly identity: ClusterIdentity;
  readonly pki: ClusterPki;
  readonly kubelet: LateKubelet;
  readonly logs: NodeLogs;
}

async function openKubePlane(context: Boot, { identity, pki, kubelet, logs }: KubeSide) {
  const { options, dir, disposal } = context;
  const store = disposal.use(
    openStore({ path: dir.kubeStore, durability: options.ephemeral ? 'ephemeral' : 'durable' }),
  );
  const { tokens } = identity;
  const plane = await startKubePlane({
    ...servicesOf(context, logs.loggerOf('kube-apiserver')),
    audit: logs.audit,
    store,
    port: options.kubePort,
    tls: { ...pki.api, ca: pki.ca.cert },
    signingKeys: [pki.signingKey],
    issuer: identity.issuer,
    cluster: { ...identity, version: '4.17.9' },
    tokens: [
      {
        token: tokens.administrator,
        user: 'system:admin',
        groups: ['system:masters', 'system:authenticated'],
      },
      { token: tokens.ocm, user: 'ocm-admin', groups: ['system:masters', 'system:authenticated'] },
      {
        token: tokens.controllers,
        user: 'system:kube-controller-manager',
        groups: ['system:masters', 'system:authenticated'],
      },
      {
        token: tokens.node,
        user: `system:node:${nodeNameOf(identity)}`,
        groups: ['system:nodes', 'system:authenticated'],
      },
      {
        token: tokens.webhook,
        user: webhookUser,
        groups: ['system:serviceaccounts', 'system:authenticated'],
      },
    ],
    dialKubelet: () => kubelet.dial(),
  }).catch((error: unknown) => {
    throw portTaken(error, options.kubePort, '--kube-port');
  });
  return disposal.use(plane);
}

function servicesOf({ clock, random }: Boot, logger: Logger) {
  return { clock, random, logger };
}

function portTaken(error: unknown, port: number, flag: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new PortTakenError(port, flag, describePortHolder(port));
}

async function openControl(
  context: Boot,
  identity: ClusterIdentity,
  aws: AwsPlane,
  rest: { readonly kubeUrl: string; readonly cluster: ClusterSide },
): Promise<{ readonly stopRequested: Promise<void> }> {
  const startedAt = new Date(context.clock.nowMs()).toISOString();
  let requestStop: () => void = () => {};
  const stopRequested = new Promise<void>((resolve) => {
    requestStop = resolve;
  });
  context.disposal.use(
    await startControl(context.dir.controlSocket, {
      status: () => ({
        pid: process.pid,
        startedAt,
        dataDir: context.options.dataDir,
        awsUrl: aws.url,
        kubeUrl: rest.kubeUrl,
        cluster: identity.name,
        infrastructureName: identity.infrastructureName,
        account: identity.account,
        region: identity.region,
        topology: identity.topology,
        issuer: identity.issuer,
        isolation: rest.cluster.isolation,
        memoryBytes: process.memoryUsage.rss(),
        environment: clientEnvironment(context.dir, identity, aws.url),
      }),
      record: (requestId) => aws.records.find(requestId),
      records: (limit) => aws.records.list({ limit }),
      stop: requestStop,
    }),
  );
  return { stopRequested };
}
