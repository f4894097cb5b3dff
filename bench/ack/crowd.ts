// A thousand resources of kinds that cost AWS little: how they come into sync, and what they cost at rest.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AckProcess } from '../ack-process.ts';
import type { Figure } from '../measure.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import { type Field, isSynced, namespace, specs } from './resources.ts';

const COUNT = 1_000;
/** AWS has quotas on these, or on their service. */
const few = ['DBParameterGroup', 'CacheParameterGroup'];
const FEW_EACH = 30;
const many = ['Role', 'Policy', 'LogGroup', 'Table', 'Bucket'];

export async function measureCrowd({
  sandbox,
  field,
  ack,
}: {
  readonly sandbox: SandboxProcess;
  readonly field: Field;
  readonly ack: AckProcess;
}): Promise<readonly Figure[]> {
  const before = { ...(await ack.counts()), ack: ack.cpuSeconds(), sandbox: sandbox.cpuSeconds() };
  const startedMs = performance.now();
  await createAll(field);
  await whenAllSynced(field);
  const wallSeconds = (performance.now() - startedMs) / 1_000;
  const after = await ack.counts();
  const cpuSeconds = ack.cpuSeconds() - before.ack;
  const reconciles = after.reconciles - before.reconciles;
  const each = (count: number) => (count / COUNT).toFixed(1);
  return [
    {
      name: 'ACK: 1,000 resources to Synced',
      value: `${wallSeconds.toFixed(1)} s`,
      note:
        `${cpuSeconds.toFixed(1)} cpu-s of the operator, ${(sandbox.cpuSeconds() - before.sandbox).toFixed(1)} of the sandbox; each ` +
        `${each(after.awsCalls - before.awsCalls)} AWS calls and ${each(after.kubernetesWrites - before.kubernetesWrites)} writes`,
    },
    {
      name: 'ACK reconciles',
      value: `${Math.round(reconciles / cpuSeconds)}/cpu-s`,
      note: `${reconciles} with their writes, while 1,000 resources of seven kinds are made`,
    },
    {
      name: 'ACK memory, 1,000 resources',
      value: `${Math.round(ack.residentMiB())} MiB`,
      note: `${Math.round(ack.peakMiB())} MiB at the most`,
    },
  ];
}

function kindAt(index: number): string {
  const fewOf = few[Math.floor(index / FEW_EACH)];
  return fewOf ?? many[index % many.length] ?? '';
}

async function createAll(field: Field): Promise<void> {
  let next = 0;
  const loop = async () => {
    while (next < COUNT) {
      const index = next++;
      const kind = kindAt(index);
      const name = `crowd-${index}`;
      await field.create(kind, name, specs[kind]?.(name, field) ?? {});
    }
  };
  await Promise.all(Array.from({ length: 16 }, loop));
}

async function whenAllSynced(field: Field): Promise<void> {
  for (const kind of [...many, ...few]) {
    for (;;) {
      const { items } = await field.client.list(field.typeOf(kind), { namespace });
      if (items.every((item) => isSynced(item))) break;
      await sleep(250);
    }
  }
}

export interface Rest {
  readonly seconds: number;
  readonly how: string;
  /** Looks in five seconds that still are rest: those of the drift check. */
  readonly looksMax: number;
}

/** Begins when all have been looked at and nothing is written any more. */
export async function measureRest(
  ack: AckProcess,
  { seconds, how, looksMax }: Rest,
): Promise<readonly Figure[]> {
  await whenCalm(ack, looksMax);
  const [before, cpuBefore] = [await ack.counts(), ack.cpuSeconds()];
  await sleep(seconds * 1_000);
  const after = await ack.counts();
  const share = ((ack.cpuSeconds() - cpuBefore) / seconds) * 100;
  return [
    {
      name: `ACK at rest, ${seconds} s`,
      value: `${after.awsCalls - before.awsCalls} AWS calls`,
      note:
        `${how}: ${after.reconciles - before.reconciles} looks, ${after.kubernetesWrites - before.kubernetesWrites} writes, ` +
        `${share.toFixed(1)} % of a core, ${Math.round(ack.residentMiB())} MiB`,
    },
  ];
}

/** Five seconds without a write, when each has been looked at since the start. */
async function whenCalm(ack: AckProcess, looksMax: number): Promise<void> {
  for (;;) {
    const before = await ack.counts();
    await sleep(5_000);
    const after = await ack.counts();
    const looks = after.reconciles - before.reconciles;
    const isSeen = after.reconciles >= COUNT;
    if (isSeen && looks <= looksMax && after.kubernetesWrites === before.kubernetesWrites) return;
  }
}
