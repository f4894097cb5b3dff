// `npm run bench [name…]`: prints figures, never passes or fails. Rates are per CPU-second of the sandbox's own
// process, so that they hold on a loaded machine; the load comes from this one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildBundle } from '../scripts/build.mjs';
import type { Figure, Measure } from './measure.ts';
import { ackFigures } from './measures/ack.ts';
import { cacheCommands } from './measures/cache.ts';
import { kubeApi, podStart } from './measures/cluster.ts';
import { collector } from './measures/collector.ts';
import { dynamodbItems } from './measures/dynamodb.ts';
import { databaseStart } from './measures/engine.ts';
import { callerIdentity, webIdentity } from './measures/identity.ts';
import { logFaults } from './measures/log-faults.ts';
import { liveTail, logScans, putLogEvents } from './measures/log-service.ts';
import { largeObjects, smallObjects } from './measures/objects.ts';
import { policyEvaluations } from './measures/policies.ts';
import { bootSandbox, type Moment, type SandboxProcess } from './sandbox-process.ts';

const measures: readonly (readonly [string, Measure])[] = [
  ['identity', callerIdentity],
  ['web-identity', webIdentity],
  ['s3-small', smallObjects],
  ['s3-large', largeObjects],
  ['dynamodb', dynamodbItems],
  ['kubernetes', kubeApi],
  ['pods', podStart],
  ['policy', policyEvaluations],
  ['database', databaseStart],
  ['cache', cacheCommands],
  ['logs-put', putLogEvents],
  ['logs-scan', logScans],
  ['logs-tail', liveTail],
  ['collector', collector],
  ['ack', ackFigures],
];

/** Minutes long: only when they are asked for. */
const onRequest: readonly (readonly [string, Measure])[] = [['logs-faults', logFaults]];

function print({ name, value, note }: Figure): void {
  console.log(`${name.padEnd(38)}${value.padStart(18)}   ${note ?? ''}`);
}

/** First boot makes keys and certificates; a later one finds them. */
async function measureBoot(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pergola-bench-'));
  try {
    {
      await using first = await bootSandbox(dataDir);
      printBoot('first boot (keys are made)', first);
    }
    await using later = await bootSandbox(dataDir);
    printBoot('later boot', later);
    await measureIdle(later);
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function printBoot(name: string, { answering, ready }: SandboxProcess): void {
  const row = (what: string, { wallMs, cpuSeconds }: Moment) =>
    print({
      name: `${name}, ${what}`,
      value: `${Math.round(wallMs)} ms`,
      note: `${cpuSeconds.toFixed(2)} cpu-s`,
    });
  row('both APIs', answering);
  row('pods too', ready);
}

async function measureIdle(sandbox: SandboxProcess): Promise<void> {
  await sleep(3_000);
  print({
    name: 'idle memory',
    value: `${Math.round(sandbox.residentMiB())} MiB`,
    note: '3 s after the boot',
  });
  const idleBefore = sandbox.cpuSeconds();
  await sleep(5_000);
  print({
    name: 'idle CPU',
    value: `${((sandbox.cpuSeconds() - idleBefore) * 20).toFixed(1)} %`,
    note: 'of one core, over 5 s',
  });
}

async function main(wanted: readonly string[]): Promise<void> {
  await buildBundle();
  if (wanted.length === 0 || wanted.includes('boot')) await measureBoot();
  await using sandbox = await bootSandbox();
  for (const [name, measure] of measures) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const figure of await measure(sandbox)) print(figure);
  }
  for (const [name, measure] of onRequest) {
    if (!wanted.includes(name)) continue;
    for (const figure of await measure(sandbox)) print(figure);
  }
}

await main(process.argv.slice(2));
