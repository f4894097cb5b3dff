// Caches of the embedded server for tests, and clients for them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Disposal, type Logger, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { createCa, issueCertificate } from '@pergola/pki';
import { Redis } from 'ioredis';
import { type CacheEngine, type CacheSettings, type EngineHost, openEngineHost } from '../src/index.ts';

export const oneNode = { clustered: false, shards: [{ slots: '', nodes: ['0001'] }], doors: [] } as const;

export function settingsOf(changes: Partial<CacheSettings> = {}): CacheSettings {
  return {
    id: 'cache',
    engine: 'redis',
    version: '7.1',
    port: 6379,
    tls: 'off',
    authTokens: [],
    users: [],
    parameters: {},
    layout: oneNode,
    ...changes,
  };
}

export interface CacheHost extends AsyncDisposable {
  readonly host: EngineHost;
  readonly ca: string;
  readonly dataDir: string;
  /** Failures of the server itself. */
  readonly bugs: readonly string[];
  create(changes?: Partial<CacheSettings>, snapshotId?: string): Promise<CacheEngine>;
  /** A client of a node or a door; ended with the host. */
  client(cache: CacheEngine, at?: string, options?: object): Redis;
}

export async function openCacheHost(
  dataDir = mkdtempSync(join(tmpdir(), 'pergola-cache-')),
  caches: 'embedded' | 'host' = 'embedded',
): Promise<CacheHost> {
  const disposal = new Disposal();
  const bugs: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: (fields, message) => void bugs.push(`${message} ${String((fields as { error?: unknown }).error)}`),
    child: () => logger,
  };
  const context = { clock: systemClock, random: systemRandom, logger };
  const ca = await createCa(context, 'cache-test-ca');
  disposal.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const host = disposal.use(
    await openEngineHost({
      ...context,
      dataDir,
      caches,
      durability: 'ephemeral',
      certify: (hosts) => issueCertificate(context, ca, { commonName: 'cache', hosts, usage: 'server' }),
    }),
  );
  return {
    host,
    ca: ca.cert,
    dataDir,
    bugs,
    create: (changes, snapshotId) => host.createCache(settingsOf(changes), snapshotId),
    client(cache, at, options = {}) {
      const place = at === undefined ? cache.place : cache.placeOf(at);
      if (!place) throw new Error(`no place ${at ?? ''}`);
      const client = new Redis(place.port, place.host, Object.assign({ maxRetriesPerRequest: 0 }, options));
      client.on('error', () => {});
      disposal.defer(() => client.disconnect());
      return client;
    },
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}
