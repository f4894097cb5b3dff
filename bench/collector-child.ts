// A collector in a process of its own, which measures itself until it has delivered what the file says. Argument: a
// file with its task as JSON. Prints one line of JSON.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, systemClock, systemRandom } from '@pergola/kernel';
import { logPathsIn, startCollector } from '@pergola/log-forwarding';
import { nodeApi } from './node-api.ts';

export interface CollectorTask {
  readonly configPath: string;
  readonly logRoot: string;
  readonly dataDir: string;
  readonly events: number;
  readonly sendsNothing: boolean;
}

export interface CollectorFigures {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly residentMiB: number;
  /** As CloudWatch counts them. */
  readonly sentBytes: number;
}

async function run(task: CollectorTask): Promise<CollectorFigures> {
  const [before, startedMs] = [process.cpuUsage(), performance.now()];
  await using collector = await startCollector({
    configPath: task.configPath,
    nodeName: 'bench',
    namespace: 'openshift-logging',
    collectorName: 'collector',
    paths: logPathsIn(task.logRoot),
    dataDir: task.dataDir,
    sendsNothing: task.sendsNothing,
    client: nodeApi(0),
    clock: systemClock,
    random: systemRandom,
    logger: createLogger('error'),
    env: {},
  });
  while ((collector.report().outputs['cw']?.deliveredEvents ?? 0) < task.events) await sleep(20);
  const { user, system } = process.cpuUsage(before);
  return {
    wallSeconds: (performance.now() - startedMs) / 1_000,
    cpuSeconds: (user + system) / 1e6,
    residentMiB: process.resourceUsage().maxRSS / 1_024,
    sentBytes: collector.report().outputs['cw']?.deliveredBytes ?? 0,
  };
}

const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as CollectorTask;
process.stdout.write(`${JSON.stringify(await run(task))}\n`);
