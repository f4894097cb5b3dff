// A host of engines for tests: real servers, in a folder of its own, with certificates of a CA of its own.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { createCa, issueCertificate } from '@pergola/pki';
import { Client, type ClientConfig } from 'pg';
import {
  type DatabaseEngine,
  type DatabaseSettings,
  type EngineHost,
  type EngineHostOptions,
  openEngineHost,
} from '../src/index.ts';

export interface TestHost extends AsyncDisposable {
  readonly host: EngineHost;
  readonly dataDir: string;
  readonly caPem: string;
  /** Ends this host and opens another one on the same folder. */
  reopen(): Promise<EngineHost>;
}

const pki = { clock: systemClock, random: systemRandom };
const caMade = createCa(pki, 'engines-test');

export async function openTestHost(options: Partial<EngineHostOptions> = {}): Promise<TestHost> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'pergola-engines-'));
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o700);
  const ca = await caMade;
  const open = () =>
    openEngineHost({
      ...pki,
      dataDir,
      logger: silentLogger,
      durability: 'ephemeral',
      certify: (hosts) =>
        issueCertificate(pki, ca, { commonName: hosts[0] ?? '', hosts: [...hosts], usage: 'server' }),
      ...options,
    });
  let host = await open();
  return {
    get host() {
      return host;
    },
    dataDir,
    caPem: ca.cert,
    reopen: async () => {
      await host[Symbol.asyncDispose]();
      host = await open();
      return host;
    },
    [Symbol.asyncDispose]: async () => {
      await host[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export const settingsOf = (id: string, more: Partial<DatabaseSettings> = {}): DatabaseSettings => ({
  id,
  engine: 'postgres',
  version: '14',
  port: 5432,
  master: { user: 'master', password: 'first-password' },
  database: 'app',
  parameters: {},
  ...more,
});

/** Runs one statement as a client of the network would; resolves with its rows. */
export async function sql(
  engine: Pick<DatabaseEngine, 'place'>,
  text: string,
  login: Partial<ClientConfig> = {},
): Promise<Record<string, unknown>[]> {
  const client = new Client({
    ...engine.place,
    user: 'master',
    password: 'first-password',
    database: 'app',
    ...login,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end().catch(() => {});
  }
}
