import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@pergola/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configOf, criTimeOf, nodeFolder, type NodeFolder, output, rotate } from './collector-setup.ts';

import { FakeLogs } from './fake-logs.ts';

const program = fileURLToPath(new URL('collector-process.ts', import.meta.url));
const podCount = 4;
const linesPerPod = 5_000;
const kills = 4;

let logs: FakeLogs;
let folder: NodeFolder;
let child: ChildProcess | undefined;
beforeEach(() => {
  logs = new FakeLogs();
  folder = nodeFolder();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await logs[Symbol.asyncDispose]();
  folder.remove();
});

function startChild(): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', program, folder.root, folder.configPath], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

async function killChild(): Promise<void> {
  const ended = child && once(child, 'exit');
  child?.kill('SIGKILL');
  await ended;
}

function podName(pod: number): string {
  return `shop_web-${pod}_uid-${pod}`;
}

/** Numbers of a pod's lines in the order in which they arrived. */
function arrived(pod: number): number[] {
  return messagesOf(pod).map((message) => Number(/n=(\d+)/.exec(message)?.[1]));
}

function messagesOf(pod: number): string[] {
  return logs.messages('rosa.shop', `kubernetes.var.log.pods.${podName(pod)}.main.0.log`);
}

function bufferedFiles(): string[] {
  const directory = join(folder.dataDir, 'buffers', 'cw');
  return existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.segment')) : [];
}

function distinct(): number {
  let count = 0;
  for (let pod = 0; pod < podCount; pod++) count += new Set(arrived(pod)).size;
  return count;
}

describe('a collector that is killed', () => {
  it('loses nothing, repeats little and keeps the order, over rotations and a bad endpoint', async () => {
    const endpoint = await logs.listen();
    const random = seededRandom(7);
    let isDown = false;
    let halfAnswers = 0;
    logs.fault = ({ operation }) => {
      if (isDown) return { status: 503, code: 'ServiceUnavailableException' };
      if (operation !== 'PutLogEvents' || random.fraction() > 0.3) return undefined;
      const kind = random.fraction();
      if (kind < 0.4) return { status: 400, code: 'ThrottlingException' };
      if (kind < 0.7) return { status: 500, code: 'InternalFailure' };
      if (kind < 0.85) return 'reset';
      halfAnswers += 1;
      return 'halfAnswer';
    };
    const config = configOf([output(folder, endpoint, { tuning: smallBatches })]);
    writeFileSync(folder.configPath, JSON.stringify(config));
    child = startChild();
    const batch = linesPerPod / (kills * 5);
    for (let round = 0; round < kills * 5; round++) {
      for (let pod = 0; pod < podCount; pod++) writeSome(pod, round * batch, batch, random.fraction());
      if (round % 5 === 4) {
        // In every other round the collector dies with its memory full and the rest on disk.
        isDown = round % 10 === 9;
        const before = distinct();
        if (isDown) await expect.poll(bufferedFiles, { timeout: 20_000 }).not.toEqual([]);
        else await expect.poll(distinct, { timeout: 20_000 }).toBeGreaterThan(before);
        await killChild();
        isDown = false;
        for (let pod = 0; pod < podCount; pod++)
          rotate(folder.logOf(podName(pod)), `20260101-0000${round + 10}`);
        child = startChild();
      }
    }
    await expect.poll(distinct, { timeout: 30_000, interval: 100 }).toBe(podCount * linesPerPod);
    checkOrder(halfAnswers);
  }, 90_000);
});

const smallBatches = {
  delivery: 'AtLeastOnce',
  compression: 'none',
  maxWriteBytes: 100_000,
  minRetryMs: 5,
  maxRetryMs: 50,
} as const;

function writeSome(pod: number, from: number, count: number, share: number): void {
  const path = folder.logOf(podName(pod));
  const text = Array.from({ length: count }, (_, index) => {
    const padding = 'x'.repeat(Math.floor(share * 200));
    const whole = `n=${from + index} ${padding} end`;
    const time = criTimeOf(from + index);
    if ((from + index) % 50 !== 0) return `${time} stdout F ${whole}\n`;
    return `${time} stdout P ${whole.slice(0, 5)}\n${time} stdout F ${whole.slice(5)}\n`;
  });
  appendFileSync(path, text.join(''));
}

/** Apart from batches that were sent again, every stream is in order; those are few, and repeat records exactly. */
function checkOrder(halfAnswers: number): void {
  let repeated = 0;
  const records = new Map<string, string>();
  for (let pod = 0; pod < podCount; pod++) {
    const numbers = arrived(pod);
    for (const message of messagesOf(pod)) {
      const key = /n=\d+/.exec(message)?.[0] ?? '';
      expect(records.get(`${pod} ${key}`) ?? message).toBe(message);
      records.set(`${pod} ${key}`, message);
    }
    const seen = new Set<number>();
    let highest = -1;
    for (const number of numbers) {
      if (seen.has(number)) repeated += 1;
      else expect(number).toBe(++highest);
      seen.add(number);
    }
  }
  // Each kill may repeat what was under way: one batch of about 300 lines for each stream.
  expect(repeated).toBeLessThanOrEqual((kills * podCount + halfAnswers) * 600);
}
