// What a host of engines is given.
import type { Clock, Logger, Random } from '@pergola/kernel';

/** A certificate and its private key, both PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface EngineHostOptions {
  /** A folder of the host's own; made when it is first needed, for its owner only. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** A server's certificate for `hosts` (names and addresses), of a CA that clients may be told to trust. */
  readonly certify: (hosts: readonly string[]) => Promise<ServerCertificate>;
  /** `durable`: what was committed outlives the machine's sudden end. `ephemeral`: only that of the servers. */
  readonly durability: 'durable' | 'ephemeral';
  /**
   * What new caches of Redis and Valkey are run by: the embedded server (the default), or the servers of this machine,
   * which have no cluster mode here. Memcached is always the machine's.
   */
  readonly caches?: 'embedded' | 'host' | undefined;
}
