// A changed Secret changes the password of the database.
import { systemClock } from '@pergola/kernel';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import { endpointOf, passwordOf, writeSecret } from './database.ts';
import type { DatabaseScene } from './scene.ts';
import { runSql } from './sql.ts';

export async function proveRotation(scene: DatabaseScene): Promise<Proof> {
  const endpoint = await endpointOf(scene);
  const startedMs = systemClock.monotonicMs();
  await writeSecret(scene, passwordOf(scene, 'second'));
  await until({ what: 'the new password is not in force' }, () =>
    runSql(scene, endpoint, passwordOf(scene, 'second'), ['SELECT 1']).catch((error: Error) => error.message),
  );
  const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
  const old = await runSql(scene, endpoint, passwordOf(scene, 'first'), ['SELECT 1']).then(
    () => 'it was let in',
    (error: Error) => error.message,
  );
  prove(old.startsWith('password authentication failed'), `with the old password: ${old}`);
  return { seen: `the new password is in force ${tookMs} ms after the Secret changed, the old one is not` };
}
