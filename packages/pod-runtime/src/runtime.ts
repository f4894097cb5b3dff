// Wires the node together: isolation, volumes, events, workers, the kubelet's HTTP server, the Node object.
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type Clock, Disposal, type Logger, type Random, readEnv } from '@pergola/kernel';
import { createInformer, type KubeClient } from '@pergola/kube-client';
import { ReferenceReader } from './config/references.ts';
import type { ImageMap } from './images/image-map.ts';
import { chooseIsolation } from './isolation/choose.ts';
import type { IsolationKind } from './isolation/isolation.ts';
import { nodeCapacity, startNode } from './node/node-object.ts';
import { PodAddresses } from './node/pod-addresses.ts';
import type { Pod } from './pod.ts';
import type { NodeContext } from './pods/pod-context.ts';
import { PodEvents } from './pods/pod-events.ts';
import { PodWorkers } from './pods/pod-workers.ts';
import { podType } from './pods/status-writer.ts';
import { startKubeletServer } from './server/kubelet-server.ts';
import { volumeKinds } from './volumes/kinds.ts';
import type { NodePath } from './volumes/volume.ts';
import { TokenCache } from './volumes/service-account-token.ts';

export interface PodRuntimeOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly nodeName: string;
  /** The node's root: `pods/<uid>/…`, `var/log/pods/…`, `var/log/containers/…`, `run/…`. */
  readonly dataDir: string;
  readonly images: ImageMap;
  /** Given to every container beneath the pod's own variables; `KUBERNETES_SERVICE_HOST` belongs here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Default `auto`: namespaces where the machine gives them. `namespaces` fails at start where it does not. */
  readonly isolation?: 'auto' | 'namespaces' | 'none';
  /** Directories at the end of every container's PATH, visible wherever they stand. */
  readonly podPath?: readonly string[];
  /** More directories that containers see wherever they stand: what the programs of `podPath` read. */
  readonly shown?: readonly string[];
  /** More directories of the host that no pod may see; `dataDir` is always one. */
  readonly hidden?: readonly string[];
  /** The machine's PATH as containers get it. Default: this process's own. */
  readonly hostPath?: string;
}

export interface PodRuntime extends AsyncDisposable {
  /** A raw connection to the kubelet's HTTP server. It never leaves this process. */
  dial(): Promise<Duplex>;
  readonly isolation: IsolationKind;
  /** One sentence: why this isolation. */
  readonly reason: string;
}

/** What a node of OpenShift has below /var/log: a collector mounts each of them, whether anybody writes there or not. */
const logFolders = [
  'pods',
  'containers',
  'journal',
  'audit',
  'kube-apiserver',
  'openshift-apiserver',
  'oauth-apiserver',
  'oauth-server',
  'ovn',
];

/** Where collectors keep what must outlive their pods. */
const keptPaths = ['/var/lib/logcollector', '/var/lib/vector'];

const hostIp = '127.0.0.1';
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Starts the node. Resolves once it is registered and follows its pods. */
export async function startPodRuntime(options: PodRuntimeOptions): Promise<PodRuntime> {
  const disposal = new Disposal();
  try {
    return await start(options, disposal);
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
}

async function start(options: PodRuntimeOptions, disposal: Disposal): Promise<PodRuntime> {
  const { client, clock, random, logger, nodeName } = options;
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const node = await nodeContext(options, disposal);
  const { isolation, events } = node;
  const workers = new PodWorkers(node, new PodAddresses(process.platform !== 'linux', options.dataDir));
  disposal.defer(() => events.flush());
  disposal.defer(() => workers.close());
  const server = startKubeletServer({ workers, clock, logger });
  disposal.use(server);
  const registration = {
    client,
    clock,
    logger,
    nodeName,
    hostIp,
    isolation: isolation.kind,
    capacity: node.capacity,
  };
  disposal.use(await startNode(registration));
  const fieldSelector = `spec.nodeName=${nodeName}`;
  const informer = disposal.use(
    createInformer<Pod>(client, podType, { fieldSelector, clock, random, logger }),
  );
  await informer.synced;
  workers.sweep(informer.list());
  workers.follow(informer);
  return {
    dial: () => Promise.resolve(server.dial()),
    isolation: isolation.kind,
    reason: isolation.reason,
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}

async function nodeContext(options: PodRuntimeOptions, disposal: Disposal): Promise<NodeContext> {
  const { client, clock, random, logger, images, environment } = options;
  const dataDir = realpathSync(options.dataDir);
  const hidden = [dataDir, ...(options.hidden ?? [])];
  const search = [
    ...(options.hostPath ?? readEnv()['PATH'] ?? defaultPath).split(':'),
    ...(options.podPath ?? []),
  ];
  const searchPath = [...new Set(search.filter((entry) => entry.startsWith('/')))];
  const isolation = await chooseIsolation({
    wanted: options.isolation ?? 'auto',
    directory: join(dataDir, 'run'),
    hidden,
    shown: [...(options.podPath ?? []), ...(options.shown ?? [])],
    searchPath,
    logger,
  });
  disposal.use(isolation);
  const logRoot = join(dataDir, 'var', 'log');
  const podRoot = join(dataDir, 'pods');
  for (const path of [...logFolders.map((name) => join(logRoot, name)), podRoot])
    mkdirSync(path, { recursive: true });
  const references = new ReferenceReader(client, clock);
  const nodePaths: readonly NodePath[] = [
    { shown: '/var/log', directory: logRoot, access: 'shows' },
    ...keptPaths.map((shown) => ({ shown, directory: join(dataDir, shown), access: 'keeps' as const })),
  ];
  return {
    client,
    clock,
    random,
    logger,
    isolation,
    images,
    references,
    environment,
    hostIp,
    logRoot,
    podRoot,
    events: new PodEvents({ client, clock, logger, host: options.nodeName }),
    volumeKinds: volumeKinds(new TokenCache()),
    volumeContext: { client, clock, random, references, nodePaths, hidden },
    searchPath: searchPath.join(':'),
    capacity: nodeCapacity(),
  };
}
