// Lines in CloudWatch: which of a writing have arrived, and that the other kinds of logs are there too.
import { AwsError } from '@pergola/aws-client';
import { filterEvents, type LogEvent } from '../../logs/logs-api.ts';
import { readRecord } from '../../logs/record-line.ts';
import { shorten } from '../../output/printable.ts';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import { groupOf, type LogsScene } from './scene.ts';
import { lineCount, markOf, removeOldWriters, startWriting, type Writing } from './workload.ts';

/** Two workloads that write at the same time, so that there is something to count by namespace. */
export function workloads({ names }: LogsScene): readonly Writing[] {
  return [
    { namespace: names.shop, title: 'orders', level: 'info', bursts: [1, 2, 4, 7, 11, 8, 5, 3, 1, 1] },
    { namespace: names.bank, title: 'payments', level: 'warn', bursts: [1, 1, 2, 1, 2, 4, 2, 1, 1, 1] },
  ];
}

/** Events of a group that hold `text`, from the start of this run; none while there is no such group. */
export async function eventsWith(scene: LogsScene, group: string, text?: string): Promise<LogEvent[]> {
  const pattern = text === undefined ? undefined : JSON.stringify(text);
  const events: LogEvent[] = [];
  try {
    for await (const page of filterEvents(scene.aws, { group, startMs: scene.startedMs, pattern })) {
      events.push(...page);
    }
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
  }
  return events;
}

/** Waits until every line of the writing is there, and proves that they are in order. Returns how many stand twice. */
export async function proveAllLines(
  scene: LogsScene,
  writing: Writing,
): Promise<{ readonly repeated: number }> {
  const group = groupOf(scene, writing.namespace);
  const wanted = lineCount(writing);
  const numbers = await until({ what: `lines are missing in ${group}` }, async () => {
    const events = await eventsWith(scene, group, markOf(scene, writing.title));
    const found = events.map(({ message }) => Number(/ n=(\d+) /.exec(readRecord(message).message)?.[1]));
    const missing = wanted - new Set(found).size;
    return missing === 0 ? found : `${missing} of ${wanted}`;
  });
  const firsts = [...new Set(numbers)];
  prove(
    firsts.every((number, index) => number === index + 1),
    `the lines in ${group} are not in order: ${firsts.join(' ')}`,
  );
  return { repeated: numbers.length - firsts.length };
}

export async function proveLinesArrive(scene: LogsScene): Promise<Proof> {
  await removeOldWriters(scene);
  const all = workloads(scene);
  await Promise.all(all.map((writing) => startWriting(scene, writing)));
  const details: string[] = [];
  for (const writing of all) {
    const { repeated } = await proveAllLines(scene, writing);
    const group = groupOf(scene, writing.namespace);
    details.push(`${group}: ${lineCount(writing)} lines, none missing, ${repeated} twice, in order`);
  }
  return { seen: 'every line of both workloads is in the log group of its namespace', details };
}

/** Infrastructure: the cluster's own containers or the node's journal. Audit: who asked the API for what. */
export async function proveOtherLogs(scene: LogsScene): Promise<Proof> {
  const details: string[] = [];
  for (const kind of ['infrastructure', 'audit']) {
    const group = groupOf(scene, kind);
    const events = await until({ what: `nothing is in ${group}` }, async () => {
      const found = await eventsWith(scene, group);
      return found.length > 0 ? found : 'it is empty';
    });
    const last = readRecord(events.at(-1)?.message ?? '');
    const line = `${group}: ${events.length} events, the last: ${last.source} ${last.message}`;
    details.push(shorten(line, 160));
  }
  return { seen: "the cluster's own logs are there too: infrastructure and audit", details };
}
