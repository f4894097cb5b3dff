import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { openStore } from '@pergola/store';
import { expect, it } from 'vitest';
import { startAwsPlane } from '../src/index.ts';

const logGroupName = 'crash';

it('keeps every acknowledged batch over kill -9, in order, and no half of any other', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pergola-logs-crash-'));
  try {
    const writer = fork(join(import.meta.dirname, 'logs-crash-writer.ts'), [dataDir], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const acknowledged: string[] = [];
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    writer.on('message', ({ lane, batch }: { lane: number; batch: number }) => {
      acknowledged.push(`${lane}/${batch}`);
      if (acknowledged.length === 100) writer.kill('SIGKILL');
    });
    await ended;
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);

    await using store = openStore({ path: join(dataDir, 'store') });
    await using plane = await startAwsPlane({
      store,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      dataDir,
      port: 0,
    });
    const config = { region: 'us-east-1', endpoint: plane.url, credentials: plane.administrator };
    const client = new CloudWatchLogsClient(config);
    const counts = new Map<string, number>();
    const numbers: number[][] = [[], [], [], []];
    for await (const page of paginateFilterLogEvents({ client }, { logGroupName })) {
      for (const { message = '' } of page.events ?? []) {
        const [lane = '', batch = '', number = ''] = message.split(/[/ ]/);
        counts.set(`${lane}/${batch}`, (counts.get(`${lane}/${batch}`) ?? 0) + 1);
        numbers[Number(lane)]?.push(Number(batch) * 50 + Number(number));
      }
    }
    expect(acknowledged.filter((id) => counts.get(id) !== 50)).toEqual([]);
    expect([...counts.values()].every((count) => count === 50)).toBe(true);
    for (const lane of numbers) expect(lane).toEqual(lane.map((_, n) => n));
    const { logStreams = [] } = await client.send(new DescribeLogStreamsCommand({ logGroupName }));
    expect(logStreams.map((stream) => stream.logStreamName)).toEqual([
      'lane-0',
      'lane-1',
      'lane-2',
      'lane-3',
    ]);
    const got = new GetLogEventsCommand({ logGroupName, logStreamName: 'lane-0', startFromHead: true });
    expect((await client.send(got)).events?.[0]?.message).toMatch(/^0\/0\/0 /);
    client.destroy();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
