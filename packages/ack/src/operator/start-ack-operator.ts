// The ACK operator as one thing to start and stop, led by one process when several run.
import { runAsLeader } from '@pergola/controller-kit';
import { Disposal } from '@pergola/kernel';
import { Counters } from '../runtime/counters.ts';
import type { AckOperator, AckOperatorOptions } from './operator-options.ts';
import { startControllers } from './start-controllers.ts';
import { type Health, startStatusServer, type StatusServer } from './status-server.ts';

/**
 * Starts the operator. Resolves when it has seen the cluster, or with leader election at once: it then waits for its turn.
 * Rejects with KubeApiError when the cluster cannot be read.
 */
export async function startAckOperator(options: AckOperatorOptions): Promise<AckOperator> {
  const disposal = new Disposal();
  const counters = new Counters();
  const health: Health = { isReady: false };
  try {
    const server = await openStatus(options, counters, health);
    if (server) disposal.use(server);
    disposal.use(await startOrWait(options, counters, health));
    return {
      metrics: () => counters.text(),
      statusUrl: server?.url,
      get totals() {
        return { awsCalls: counters.requests, kubernetesWrites: counters.writes };
      },
      [Symbol.asyncDispose]: () => disposal.dispose(),
    };
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
}

async function openStatus(
  { statusPort, statusHost }: AckOperatorOptions,
  counters: Counters,
  health: Health,
): Promise<StatusServer | undefined> {
  if (statusPort === undefined) return undefined;
  return startStatusServer({ port: statusPort, host: statusHost ?? '127.0.0.1', counters, health });
}

async function startOrWait(
  options: AckOperatorOptions,
  counters: Counters,
  health: Health,
): Promise<AsyncDisposable> {
  const start = async () => {
    const controllers = await startControllers(options, counters);
    health.isReady = true;
    options.logger.info({ kinds: options.kinds.length }, 'the ACK operator has seen the cluster');
    return controllers;
  };
  if (!options.leaderElection) return start();
  const { client, clock, random, logger, leaderElection } = options;
  const { namespace, identity, onLost, lease = leaseOf(options) } = leaderElection;
  const stop = new AbortController();
  // Whoever waits for its turn is as ready as it can be.
  health.isReady = true;
  const lead = async (signal: AbortSignal) => {
    await using _controllers = await start();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  };
  const election = { client, lease: { namespace, name: lease }, identity, clock, random, logger };
  const leading = runAsLeader(election, lead, stop.signal).catch((error: unknown) => {
    // Stopping ends it by the same way.
    if (!stop.signal.aborted) onLost(error instanceof Error ? error : new Error(String(error)));
  });
  return {
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('the operator was stopped'));
      await leading;
    },
  };
}

/** `ack-rds.services.k8s.aws` for one service, as ACK's controller of it would have. */
function leaseOf({ kinds }: AckOperatorOptions): string {
  const services = new Set(kinds.map((kind) => kind.group));
  const [only] = services;
  return services.size === 1 && only !== undefined ? `ack-${only}` : 'ack-pergola';
}
