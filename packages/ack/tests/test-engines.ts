// Engines for tests of kinds: databases that only pretend, and real caches, which are our own and cost nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Disposal, silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { fakeEngines } from '../../aws-plane/tests/fake-engines.ts';
import { type EngineHost, openEngineHost } from '../../engines/src/index.ts';
import { createCa, issueCertificate } from '../../pki/src/index.ts';

export async function openTestEngines(): Promise<EngineHost> {
  const disposal = new Disposal();
  const context = { clock: systemClock, random: systemRandom };
  const dataDir = mkdtempSync(join(tmpdir(), 'pergola-engines-'));
  disposal.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const ca = await createCa(context, 'engines-test-ca');
  const real = disposal.use(
    await openEngineHost({
      ...context,
      dataDir,
      logger: silentLogger,
      durability: 'ephemeral',
      certify: (hosts) => issueCertificate(context, ca, { commonName: 'engine', hosts, usage: 'server' }),
    }),
  );
  const databases = fakeEngines();
  const isOfCaches = (snapshotId: string) => !databases.snapshots.has(snapshotId);
  return {
    ...databases,
    versions: () => [
      ...databases.versions(),
      ...real.versions().filter(({ engine }) => engine === 'redis' || engine === 'valkey'),
    ],
    createCache: (settings, snapshotId) => real.createCache(settings, snapshotId),
    openCache: (settings) => real.openCache(settings),
    copySnapshot: (from, to) => (isOfCaches(from) ? real : databases).copySnapshot(from, to),
    removeSnapshot: (id) => (isOfCaches(id) ? real : databases).removeSnapshot(id),
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}
