// The host of databases and caches. It does nothing before the first one is made, so that the boot does not wait for it.
import { type EngineHost, openEngineHost } from '@pergola/engines';
import type { Clock, Logger, Random } from '@pergola/kernel';
import { issueCertificate, type KeyPair } from '@pergola/pki';
import type { StateDir } from './state-dir.ts';

export interface EnginesContext {
  readonly dir: StateDir;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly ephemeral: boolean;
  readonly cacheEngine: 'embedded' | 'host';
  /** The sandbox's CA, which clients are told to trust; it may still be being made. */
  readonly ca: () => Promise<KeyPair>;
}

export async function openEngines({
  dir,
  ephemeral,
  cacheEngine,
  ca,
  ...context
}: EnginesContext): Promise<EngineHost> {
  return await openEngineHost({
    ...context,
    dataDir: dir.engines,
    caches: cacheEngine,
    durability: ephemeral ? 'ephemeral' : 'durable',
    certify: async (hosts) =>
      await issueCertificate(context, await ca(), { commonName: hosts[0] ?? '', hosts, usage: 'server' }),
  });
}
