// One leader among several processes, by a Lease, with client-go's semantics: whoever renews in time stays.
import type { Clock, Logger, Random } from '@pergola/kernel';
import {
  hasCode,
  type KubeClient,
  type KubeResource,
  type ObjectRef,
  resourceTypes,
} from '@pergola/kube-client';

export interface LeaderElectionOptions {
  readonly client: KubeClient;
  readonly lease: ObjectRef & { readonly namespace: string };
  /** Differs for every process. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How long others wait after the last renewal before they take over. Default 15 s. */
  readonly leaseDurationMs?: number;
  /** How long the leader tries to renew before it gives up. Default 10 s. */
  readonly renewDeadlineMs?: number;
  /** Pause between tries. Default 2 s. */
  readonly retryPeriodMs?: number;
}

const jitterFactor = 1.2;

/** The state of the lease as this process last saw it; expiry is measured on its own clock only. */
interface Observed {
  readonly record: string;
  readonly atMs: number;
}

/**
 * Waits to become leader, then runs `lead` until it ends or the lease is lost, which aborts its signal. Gives the
 * lease up at the end. Rejects when leading failed or `signal` aborts.
 */
export async function runAsLeader(
  options: LeaderElectionOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const candidate = new Candidate(options);
  await candidate.acquire(signal);
  options.logger.info({ lease: options.lease.name, identity: options.identity }, 'became the leader');
  const leading = new AbortController();
  const stop = () => leading.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const renewing = candidate.renew(leading.signal).then((lost) => lost && leading.abort(lost));
  try {
    await lead(leading.signal);
    leading.signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    leading.abort(new Error('finished leading'));
    await renewing;
    await candidate.release();
  }
}

class Candidate {
  readonly #options: LeaderElectionOptions;
  readonly #leaseDurationMs: number;
  readonly #retryPeriodMs: number;
  #observed: Observed = { record: '', atMs: 0 };

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#leaseDurationMs = options.leaseDurationMs ?? 15_000;
    this.#retryPeriodMs = options.retryPeriodMs ?? 2_000;
  }

  async acquire(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    while (!(await this.#tryAcquireOrRenew())) {
      await clock.sleep(this.#retryPeriodMs * (1 + jitterFactor * random.fraction()), signal);
    }
    // Whoever was stopped while the lease came to it would let the others wait until it expires.
    if (signal.aborted) await this.release();
    signal.throwIfAborted();
  }

  /** Renews until `signal` aborts (undefined) or the deadline passes (the reason). */
  async renew(signal: AbortSignal): Promise<Error | undefined> {
    const { clock, renewDeadlineMs = 10_000, lease } = this.#options;
    let renewedMs = clock.monotonicMs();
    while (!signal.aborted) {
      try {
        await clock.sleep(this.#retryPeriodMs, signal);
      } catch {
        // Aborted while waiting.
        return undefined;
      }
      if (await this.#tryAcquireOrRenew()) renewedMs = clock.monotonicMs();
      else if (clock.monotonicMs() - renewedMs >= renewDeadlineMs) {
        return new Error(`leadership of ${lease.namespace}/${lease.name} was lost: it could not be renewed`);
      }
    }
    return undefined;
  }

  /** Frees the lease for the next, as far as it is still ours. */
  async release(): Promise<void> {
    const { client, lease, identity, logger } = this.#options;
    try {
      const current = await client.find(resourceTypes.leases, lease);
      if (current?.spec?.holderIdentity !== identity) return;
      const spec = { ...current.spec, holderIdentity: '', leaseDurationSeconds: 1 };
      await client.update(resourceTypes.leases, { ...current, spec });
    } catch (error) {
      // It expires by itself.
      logger.debug({ because: String(error) }, 'could not release the lease');
    }
  }

  async #tryAcquireOrRenew(): Promise<boolean> {
    const { client, lease, identity, logger } = this.#options;
    try {
      const current = await client.find(resourceTypes.leases, lease);
      if (!current) {
        await client.create(resourceTypes.leases, this.#claim(undefined));
        return true;
      }
      const holder = current.spec?.holderIdentity ?? '';
      if (holder !== identity && holder !== '' && !this.#hasExpired(current)) return false;
      await client.update(resourceTypes.leases, this.#claim(current));
      return true;
    } catch (error) {
      // 409: another candidate was faster.
      if (!hasCode(error, 409)) logger.warn({ because: String(error) }, 'could not reach the lease');
      return false;
    }
  }

  #hasExpired(current: KubeResource): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const record = JSON.stringify(current.spec);
    if (record !== this.#observed.record) this.#observed = { record, atMs: nowMs };
    return nowMs - this.#observed.atMs >= this.#leaseDurationMs;
  }

  #claim(current: KubeResource | undefined): KubeResource {
    const { lease, identity, clock } = this.#options;
    const now = microTime(clock.nowMs());
    const mine = current?.spec?.holderIdentity === identity;
    const transitions = current?.spec?.leaseTransitions ?? 0;
    const spec = {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#leaseDurationMs / 1000),
      acquireTime: mine ? current.spec.acquireTime : now,
      renewTime: now,
      leaseTransitions: current && !mine ? transitions + 1 : transitions,
    };
    if (current) return { ...current, spec };
    const { name, namespace } = lease;
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec };
  }
}

/** RFC 3339 with six decimals, as MicroTime demands. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
