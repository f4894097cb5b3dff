// Numbered lines from twenty containers, while the collector is killed, files rotate, and the endpoint throttles, fails,
// answers by halves and is gone for half a minute: what is lost, what stands twice, and whether order holds.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, openSync, renameSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError, type AwsTarget, callJson, withRetries } from '@pergola/aws-client';
import { startFaultProxy } from '../fault-proxy.ts';
import type { Figure, Measure } from '../measure.ts';
import { containerLog, criLine, writeConfig } from '../node-logs.ts';
import { administratorOf, awsTarget } from '../wire.ts';

const linesWanted = Number(process.env['BENCH_LOG_LINES'] ?? 1_000_000);
const pods = 20;
const kills = 5;
const outageMs = 30_000;
const rotateBytes = 3_000_000;
const linesEachSecond = 20_000;
const deliveryMs = 300_000;
const pergola = resolve(import.meta.dirname, '../../bin/pergola.mjs');

interface Stream {
  readonly pod: number;
  readonly found: number;
  readonly missing: number;
  readonly repeated: number;
  readonly disordered: number;
}

export const logFaults: Measure = async (sandbox) => {
  const folder = mkdtempSync(join(tmpdir(), 'pergola-faults-'));
  const logRoot = join(folder, 'log');
  try {
    await using proxy = await startFaultProxy(sandbox.awsUrl);
    await using target = awsTarget(sandbox);
    const configPath = writeConfig(folder, { url: proxy.url, ...administratorOf(sandbox) });
    const each = Math.ceil(linesWanted / pods);
    const writeMs = (linesWanted / linesEachSecond) * 1_000;
    const startedMs = performance.now();
    const writing = Promise.all(Array.from({ length: pods }, (_, pod) => writeLines(logRoot, pod, each)));
    const collector = new KilledCollector(folder, logRoot, configPath);
    const outage = breakFor(Math.min(outageMs, writeMs / 2), writeMs / 4, (down) => {
      proxy.down = down;
    });
    await Promise.all([writing, outage, collector.killSometimes(kills, writeMs)]);
    const streams = await settled(target, each);
    const wallSeconds = (performance.now() - startedMs) / 1_000;
    await collector.end();
    const { counts, unansweredEvents } = proxy;
    return figures(streams, { wallSeconds, faults: { ...counts }, unansweredEvents });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** Lines `n=1 …` of random length, at an even pace; the file is renamed and begun anew every few megabytes. */
async function writeLines(logRoot: string, pod: number, count: number): Promise<void> {
  const path = containerLog(logRoot, pod);
  let stream = createWriteStream(path);
  let [written, rotations] = [0, 0];
  const startedMs = performance.now();
  for (let n = 1; n <= count; ) {
    const due = Math.min(
      count,
      Math.ceil(((performance.now() - startedMs) / 1_000) * (linesEachSecond / pods)),
    );
    let text = '';
    for (; n <= due; n++)
      text += criLine(Date.now(), `n=${n} ${'x'.repeat(Math.floor(Math.random() * 400))}`);
    written += text.length;
    if (!stream.write(text)) await once(stream, 'drain');
    if (written > rotateBytes) {
      stream.end();
      await once(stream, 'finish');
      const stamp = `20260101-${String(++rotations).padStart(6, '0')}`;
      renameSync(path, `${path}.${stamp}`);
      stream = createWriteStream(path);
      written = 0;
    }
    await sleep(20);
  }
  stream.end();
  await once(stream, 'finish');
}

async function breakFor(durationMs: number, afterMs: number, set: (down: boolean) => void): Promise<void> {
  await sleep(afterMs);
  set(true);
  await sleep(durationMs);
  set(false);
}

/** The collector as `pergola collector run`, killed with -9 and started again. */
class KilledCollector {
  readonly #args: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #log: number;
  #process: ChildProcess;

  constructor(folder: string, logRoot: string, configPath: string) {
    const flags = 'collector run --no-cluster --node bench --metrics-port 0 --log-level warn'.split(' ');
    this.#args = [pergola, ...flags, '--config', configPath, '--state-dir', join(folder, 'data')];
    this.#env = {
      ...process.env,
      LOG_PODS_DIR: join(logRoot, 'pods'),
      LOG_JOURNAL_DIR: join(logRoot, 'journal'),
      LOG_AUDIT_DIR: logRoot,
    };
    this.#log = openSync(join(folder, 'collector.log'), 'a');
    this.#process = this.#start();
  }

  async killSometimes(times: number, duringMs: number): Promise<void> {
    const moments = Array.from({ length: times }, () => Math.random() * duringMs).sort((a, b) => a - b);
    const startedMs = performance.now();
    for (const momentMs of moments) {
      await sleep(Math.max(0, momentMs - (performance.now() - startedMs)));
      await this.#stop('SIGKILL');
      // As long as a kubelet takes to start a container again.
      await sleep(1_000);
      this.#process = this.#start();
    }
  }

  end(): Promise<void> {
    return this.#stop('SIGTERM');
  }

  #start(): ChildProcess {
    return spawn(process.execPath, this.#args, { env: this.#env, stdio: ['ignore', this.#log, this.#log] });
  }

  async #stop(signal: NodeJS.Signals): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) throw new Error(`the collector ended with ${exitCode}`);
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    await ended;
  }
}

/** The streams once every line is there, or as they are when there is nothing new for a while. */
async function settled(target: AwsTarget, each: number): Promise<Stream[]> {
  const deadlineMs = performance.now() + deliveryMs;
  let [before, unchanged] = [-1, 0];
  for (;;) {
    const streams = await readStreams(target, each);
    const missing = streams.reduce((sum, stream) => sum + stream.missing, (pods - streams.length) * each);
    unchanged = missing === before ? unchanged + 1 : 0;
    if (missing === 0 || unchanged === 4 || performance.now() > deadlineMs) return streams;
    before = missing;
    await sleep(8_000);
  }
}

async function readStreams(target: AwsTarget, each: number): Promise<Stream[]> {
  const group = { logGroupName: 'bench.bench' };
  const { logStreams } = await call(target, 'DescribeLogStreams', group).catch((error: unknown) => {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return { logStreams: [] };
    throw error;
  });
  const names = (logStreams as { logStreamName: string }[]).map(({ logStreamName }) => logStreamName);
  const streams: Stream[] = [];
  for (const logStreamName of names) {
    const pod = Number(/_app-(\d+)_/.exec(logStreamName)?.[1]);
    streams.push(judge(pod, each, await readNumbers(target, { ...group, logStreamName })));
  }
  return streams;
}

/** The numbers of a stream's lines, in its order. */
async function readNumbers(target: AwsTarget, stream: object): Promise<number[]> {
  const numbers: number[] = [];
  let nextToken: unknown;
  for (;;) {
    const more = nextToken === undefined ? {} : { nextToken };
    const page = await call(target, 'GetLogEvents', { ...stream, startFromHead: true, ...more });
    const events = page['events'] as { message: string }[];
    for (const { message } of events) numbers.push(Number(/"message":"n=(\d+) /.exec(message)?.[1]));
    if (page['nextForwardToken'] === nextToken) return numbers;
    nextToken = page['nextForwardToken'];
  }
}

function judge(pod: number, each: number, numbers: readonly number[]): Stream {
  const firsts = [...new Set(numbers)];
  const disordered = firsts.filter((number, index) => index > 0 && number < (firsts[index - 1] ?? 0)).length;
  return {
    pod,
    found: firsts.length,
    missing: each - firsts.length,
    repeated: numbers.length - firsts.length,
    disordered,
  };
}

function call(
  target: AwsTarget,
  operation: string,
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const request = { service: 'logs', target: `Logs_20140328.${operation}`, body };
  return withRetries(target, () => callJson(target, request)).then((answer) => answer.body);
}

function figures(
  streams: readonly Stream[],
  {
    wallSeconds,
    faults,
    unansweredEvents,
  }: {
    readonly wallSeconds: number;
    readonly faults: Readonly<Record<string, number>>;
    readonly unansweredEvents: number;
  },
): Figure[] {
  const sum = (key: 'found' | 'missing' | 'repeated' | 'disordered') =>
    streams.reduce((total, stream) => total + stream[key], 0);
  const count = (value: number) => value.toLocaleString('en');
  const done = Object.entries(faults).map(([fault, times]) => `${times} ${fault}`);
  return [
    {
      name: 'faults: lines lost',
      value: count(sum('missing') + (pods - streams.length) * Math.ceil(linesWanted / pods)),
      note: `of ${count(linesWanted)} from ${pods} containers; ${kills} × kill -9; calls: ${done.join(', ')}`,
    },
    {
      name: 'faults: lines twice',
      value: count(sum('repeated')),
      note: `${count(unansweredEvents)} were in calls whose answer was lost, the rest under way at a kill`,
    },
    { name: 'faults: lines out of order', value: count(sum('disordered')) },
    { name: 'faults: all delivered after', value: `${wallSeconds.toFixed(0)} s` },
  ];
}
