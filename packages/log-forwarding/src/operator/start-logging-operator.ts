// The logging operator as one thing to start and stop: its controllers over shared watches, led by one process.
import { createEventRecorder, keyOfObject, runAsLeader } from '@pergola/controller-kit';
import { type Clock, Disposal, type Logger, type Random } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import { startClusterRoles } from './cluster/cluster-roles.ts';
import { startClusterLoggingController } from './cluster-logging/controller.ts';
import type { OperatorContext } from './context.ts';
import { startForwarderController } from './forwarder/controller.ts';
import { legacyKind, observabilityKind } from './forwarder/forwarder-kind.ts';
import { legacySteps, observabilitySteps } from './forwarder/reconcile.ts';
import { openSources } from './forwarder/sources.ts';
import { operatorName } from './names.ts';

/** Changes come in flocks: a namespace that is read for the first time, roles of an operator that is installed. */
const settleMs = 50;

export interface LoggingOperatorOptions {
  /** Needs the rights of the package's ClusterServiceVersion. Not disposed. */
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The image of collectors; its entrypoint takes `collector run`. */
  readonly collectorImage: string;
  /** Forwarders elsewhere are left alone. Default, and when empty: all namespaces. */
  readonly watchNamespaces?: readonly string[];
  /** With it, one of several operators works, the others wait. Without it this one works at once. */
  readonly leaderElection?: {
    /** Where the lease lies: the operator's own namespace. */
    readonly namespace: string;
    /** Differs for every process, e.g. the pod's name. */
    readonly identity: string;
    /** Called when the lease is lost or leading failed: the process should end and be started again. */
    readonly onLost: (error: Error) => void;
  };
}

/**
 * Starts the operator. Resolves when it has seen the cluster, or with leader election at once: it then waits for its turn.
 * Rejects with KubeApiError when the cluster cannot be read. Disposing it waits for the reconciliations under way.
 */
export async function startLoggingOperator(options: LoggingOperatorOptions): Promise<AsyncDisposable> {
  const { client, clock, random, logger, leaderElection } = options;
  if (!leaderElection) return startControllers(options);
  const { namespace, identity, onLost } = leaderElection;
  const stop = new AbortController();
  const lease = { namespace, name: operatorName };
  const lead = async (signal: AbortSignal) => {
    await using _controllers = await startControllers(options);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  };
  const leading = runAsLeader({ client, lease, identity, clock, random, logger }, lead, stop.signal).catch(
    (error: unknown) => {
      // Stopping ends it by the same way.
      if (!stop.signal.aborted) onLost(error instanceof Error ? error : new Error(String(error)));
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('the operator was stopped'));
      await leading;
    },
  };
}

async function startControllers(options: LoggingOperatorOptions): Promise<AsyncDisposable> {
  const { client, clock, random, logger, collectorImage, watchNamespaces = [] } = options;
  const disposal = new Disposal();
  const recorder = createEventRecorder({ client, clock, logger, component: operatorName });
  disposal.defer(() => recorder.flush());
  const context: OperatorContext = {
    client,
    clock,
    random,
    logger,
    recorder,
    collectorImage,
    namespaces: watchNamespaces.length > 0 ? [...new Set(watchNamespaces)] : [undefined],
  };
  const sources = disposal.use(
    openSources(context, (namespace) => {
      for (const { kind, controller } of forwarders) {
        for (const object of sources.forwardersOf(kind.apiVersion).list(namespace)) {
          controller.enqueue(keyOfObject(object), settleMs);
        }
      }
    }),
  );
  const legacy = disposal.use(
    startForwarderController(context, sources, { kind: legacyKind, steps: legacySteps }),
  );
  const current = disposal.use(
    startForwarderController(context, sources, { kind: observabilityKind, steps: observabilitySteps }),
  );
  const forwarders = [
    { kind: legacyKind, controller: legacy },
    { kind: observabilityKind, controller: current },
  ];
  disposal.use(startClusterLoggingController(context, sources));
  disposal.use(startClusterRoles(context, sources.owned));
  try {
    await sources.synced;
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
  logger.info({ namespaces: watchNamespaces }, 'the logging operator has seen the cluster');
  return disposal;
}
