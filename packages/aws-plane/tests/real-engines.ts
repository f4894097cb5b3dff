// Real database servers for tests of services, in a folder of their own that is removed at the end.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineHost, openEngineHost } from '@pergola/engines';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { createCa, issueCertificate } from '@pergola/pki';

const pki = { clock: systemClock, random: systemRandom };

export interface RealEngines extends AsyncDisposable {
  readonly folder: string;
  /** Another host on the same folder, as a new process would open it; the last one must be disposed before. */
  open(): Promise<EngineHost>;
}

export async function realEngines(): Promise<RealEngines> {
  const folder = mkdtempSync(join(tmpdir(), 'pergola-rds-'));
  chmodSync(folder, 0o700);
  const ca = await createCa(pki, 'rds-test');
  return {
    folder,
    open: () =>
      openEngineHost({
        ...pki,
        dataDir: join(folder, 'engines'),
        logger: silentLogger,
        durability: 'ephemeral',
        certify: (hosts) =>
          issueCertificate(pki, ca, { commonName: hosts[0] ?? '', hosts: [...hosts], usage: 'server' }),
      }),
    [Symbol.asyncDispose]: () =>
      Promise.resolve(rmSync(folder, { recursive: true, force: true, maxRetries: 5 })),
  };
}
