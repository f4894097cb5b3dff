// The ACK operator in its own process: custom resources to sync, databases to the first answer, a thousand resources at
// work and at rest.
import type { Figure, Measure } from '../measure.ts';
import { startAck } from '../ack-process.ts';
import { measureDatabases } from '../ack/databases.ts';
import { measureCrowd, measureRest } from '../ack/crowd.ts';
import { type Field, openField, specs, whenSynced } from '../ack/resources.ts';
import { median } from '../ack/median.ts';

const ROUNDS = 7;

export const ackFigures: Measure = async (sandbox) => {
  await using field = await openField(sandbox);
  const figures: Figure[] = [];
  {
    await using ack = await startAck(sandbox);
    figures.push({
      name: 'ACK memory, all services',
      value: `${Math.round(ack.residentMiB())} MiB`,
      note: 'when it has seen a cluster without resources',
    });
    for (const kind of Object.keys(specs)) figures.push(await measureKind(field, kind));
    figures.push(...(await measureDatabases(sandbox, field)));
    figures.push(...(await measureCrowd({ sandbox, field, ack })));
    figures.push(
      ...(await measureRest(ack, { seconds: 60, how: 'drift checks every minute', looksMax: 250 })),
    );
  }
  await using still = await startAck(sandbox, ['--drift-check-period=0']);
  figures.push(
    ...(await measureRest(still, { seconds: 30, how: 'no drift checks, after a restart', looksMax: 0 })),
  );
  return figures;
};

async function measureKind(field: Field, kind: string): Promise<Figure> {
  const tookMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const name = `bench-${kind.toLowerCase()}-${round}`;
    const startedMs = performance.now();
    await whenSynced(field, kind, await field.create(kind, name, specs[kind]?.(name, field) ?? {}));
    tookMs.push(performance.now() - startedMs);
  }
  return {
    name: `ACK: ${kind} to Synced`,
    value: `${Math.round(median(tookMs))} ms`,
    note: `median of ${ROUNDS}, from ${Math.round(Math.min(...tookMs))} to ${Math.round(Math.max(...tookMs))} ms`,
  };
}
