// CloudWatch Logs: events taken, events looked through by filters and by queries, and how soon a live tail shows them.
import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsTarget, callJson, callStream } from '@pergola/aws-client';
import { measureRate } from '../load.ts';
import { type Figure, type Measure, rateFigure } from '../measure.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import { awsTarget } from '../wire.ts';

const batchEvents = 1_000;
const hourMs = 3_600_000;
/** How many events the scans look through. */
const scannedEvents = Number(process.env['BENCH_LOG_EVENTS'] ?? 5_000_000);

type Body = Readonly<Record<string, unknown>>;

function logsCaller(target: AwsTarget) {
  return (operation: string, body: object | string) =>
    callJson(target, { service: 'logs', target: `Logs_20140328.${operation}`, body }).then(
      (answer): Body => answer.body,
    );
}

async function makeGroup(target: AwsTarget, logGroupName: string, streams: number): Promise<void> {
  const call = logsCaller(target);
  await call('CreateLogGroup', { logGroupName });
  for (let index = 0; index < streams; index++) {
    await call('CreateLogStream', { logGroupName, logStreamName: `s${index}` });
  }
}

/** About 250 bytes, as services write them. */
function message(index: number): string {
  const record = {
    level: index % 50 === 0 ? 'error' : 'info',
    namespace: `ns-${index % 12}`,
    status: index % 997 === 0 ? 500 : 200,
    duration: (index * 7919) % 1_000,
    path: `/api/v1/items/${index % 5_000}`,
    request: (index * 2_654_435_761).toString(16).padStart(16, '0'),
    message: 'the order was taken, checked against the stock and handed to the shipping department',
  };
  return JSON.stringify(record);
}

/** One body of PutLogEvents: events from `firstMs` on, `stepMs` apart. */
function batchBody(
  group: string,
  stream: number,
  first: number,
  at: { firstMs: number; stepMs: number },
): string {
  const logEvents = Array.from({ length: batchEvents }, (_, index) => ({
    timestamp: Math.floor(at.firstMs + index * at.stepMs),
    message: message(first + index),
  }));
  return JSON.stringify({ logGroupName: group, logStreamName: `s${stream}`, logEvents });
}

export const putLogEvents: Measure = async (sandbox) => {
  await using target = awsTarget(sandbox);
  await makeGroup(target, 'bench-put', 8);
  const at = { firstMs: Date.now() - 60_000, stepMs: 10 };
  const bodies = Array.from({ length: 32 }, (_, index) =>
    batchBody('bench-put', index % 8, index * batchEvents, at),
  );
  const call = logsCaller(target);
  const rate = await measureRate(sandbox, { seconds: 4, workers: 8 }, (index) =>
    call('PutLogEvents', bodies[index % bodies.length] ?? ''),
  );
  const bytes = Buffer.byteLength(message(1));
  return [
    rateFigure(`PutLogEvents, events of ${bytes} B`, { ...rate, count: rate.count * batchEvents }),
    { name: 'memory after PutLogEvents', value: `${Math.round(sandbox.residentMiB())} MiB` },
  ];
};

/** Fills a group and says how long one look through all of it takes. */
export const logScans: Measure = async (sandbox) => {
  await using target = awsTarget(sandbox);
  const group = 'bench-scan';
  await makeGroup(target, group, 8);
  const startMs = Date.now() - 6 * hourMs;
  const filled = await timed(sandbox, () => fill(target, group, startMs));
  const count = scannedEvents.toLocaleString('en');
  const figures = [
    figure(`${count} events put`, filled, `${rateOf(scannedEvents, filled.wallSeconds)} events/s wall`),
  ];
  const scan = async (name: string, look: () => Promise<number>) => {
    const took = await timed(sandbox, look);
    figures.push(
      figure(name, took, `${took.result} found, ${rateOf(scannedEvents, took.wallSeconds)} events/s`),
    );
  };
  const needle = (4_211 * 2_654_435_761).toString(16).padStart(16, '0');
  await scan('filter: one rare word', () => filter(target, group, { startMs, pattern: needle }));
  await scan('filter: { $.status = 500 && … > 900 }', () =>
    filter(target, group, { startMs, pattern: '{ $.status = 500 && $.duration > 900 }' }),
  );
  for (const text of [
    'stats count(*) by bin(5m), namespace',
    'filter status = 500 and duration > 200 | stats count(*) by path',
    'filter @message like /order.*department/ | stats count(*)',
  ]) {
    await scan(`query: ${text}`.slice(0, 37), () => query(target, group, { startMs, text }));
  }
  figures.push({ name: 'memory after the scans', value: `${Math.round(sandbox.residentMiB())} MiB` });
  return figures;
};

async function fill(target: AwsTarget, group: string, startMs: number): Promise<number> {
  const call = logsCaller(target);
  const batches = Math.ceil(scannedEvents / batchEvents);
  const stepMs = (6 * hourMs - 60_000) / scannedEvents;
  let next = 0;
  const worker = async () => {
    for (let batch = next++; batch < batches; batch = next++) {
      const first = batch * batchEvents;
      await call(
        'PutLogEvents',
        batchBody(group, batch % 8, first, { firstMs: startMs + first * stepMs, stepMs }),
      );
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return batches;
}

async function filter(
  target: AwsTarget,
  logGroupName: string,
  { startMs, pattern }: { startMs: number; pattern: string },
): Promise<number> {
  const call = logsCaller(target);
  let [found, nextToken] = [0, undefined as unknown];
  do {
    const page = await call('FilterLogEvents', {
      logGroupName,
      startTime: startMs,
      filterPattern: pattern,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    found += Array.isArray(page['events']) ? page['events'].length : 0;
    nextToken = page['nextToken'];
  } while (nextToken !== undefined);
  return found;
}

async function query(
  target: AwsTarget,
  logGroupName: string,
  { startMs, text }: { startMs: number; text: string },
): Promise<number> {
  const call = logsCaller(target);
  const { queryId } = await call('StartQuery', {
    logGroupName,
    queryString: text,
    startTime: Math.floor(startMs / 1_000),
    endTime: Math.ceil(Date.now() / 1_000),
  });
  for (;;) {
    const state = await call('GetQueryResults', { queryId });
    if (state['status'] === 'Complete') return (state['results'] as unknown[]).length;
    if (state['status'] !== 'Running' && state['status'] !== 'Scheduled') {
      throw new Error(`the query ended as ${String(state['status'])}`);
    }
    // Each look costs the sandbox, and this process, time that the query's workers then lack.
    await sleep(50);
  }
}

interface Took<T> {
  readonly result: T;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

async function timed<T>(sandbox: SandboxProcess, work: () => Promise<T>): Promise<Took<T>> {
  const [cpuBefore, startedMs] = [sandbox.cpuSeconds(), performance.now()];
  const result = await work();
  return {
    result,
    wallSeconds: (performance.now() - startedMs) / 1_000,
    cpuSeconds: sandbox.cpuSeconds() - cpuBefore,
  };
}

function figure(name: string, took: Took<unknown>, note: string): Figure {
  return {
    name,
    value: `${took.wallSeconds.toFixed(2)} s`,
    note: `${took.cpuSeconds.toFixed(2)} cpu-s; ${note}`,
  };
}

function rateOf(count: number, seconds: number): string {
  return Math.round(count / seconds).toLocaleString('en');
}

/** From the moment an event is sent to the moment a live tail brings it. */
export const liveTail: Measure = async (sandbox) => {
  await using target = awsTarget(sandbox);
  const [group, rounds] = ['bench-tail', 30];
  await makeGroup(target, group, 1);
  const call = logsCaller(target);
  const delaysMs: number[] = [];
  const body = { logGroupIdentifiers: [`arn:aws:logs:us-east-1:123456789012:log-group:${group}`] };
  const stream = await callStream(target, { service: 'logs', target: 'Logs_20140328.StartLiveTail', body });
  const send = async () => {
    for (let round = 0; round < rounds; round++) {
      const logEvents = [{ timestamp: Date.now(), message: String(performance.now()) }];
      await call('PutLogEvents', { logGroupName: group, logStreamName: 's0', logEvents });
      // Not in step with the updates, which come every second.
      await sleep(137);
    }
  };
  let sending = Promise.resolve();
  for await (const { type, body: update } of stream) {
    if (type === 'sessionStart') sending = send();
    const results = Array.isArray(update['sessionResults']) ? update['sessionResults'] : [];
    delaysMs.push(...results.map(({ message: sentMs }) => performance.now() - Number(sentMs)));
    if (delaysMs.length >= rounds) break;
  }
  await sending;
  delaysMs.sort((a, b) => a - b);
  const at = (share: number) => Math.round(delaysMs[Math.floor(share * (delaysMs.length - 1))] ?? 0);
  return [
    {
      name: 'live tail: sent to seen',
      value: `${at(0.5)} ms`,
      note: `median of ${rounds}, from ${at(0)} to ${at(1)} ms`,
    },
  ];
};
