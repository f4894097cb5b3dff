import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CloudWatchOutput } from '../src/config/collector-config.ts';
import type { CollectorOptions } from '../src/collector/collector-options.ts';
import { type Collector, startCollector } from '../src/collector/start-collector.ts';
import {
  eachOnItsOwnNode,
  configOf,
  type NodeFolder,
  optionsOf,
  output,
  rotate,
  writeLines,
} from './collector-setup.ts';
import type { FakeLogs, Fault } from './fake-logs.ts';

const pods = ['shop_web-1_1', 'shop_web-2_2', 'shop_web-3_3'];
const slow = { timeout: 15_000 };
const down = (): Fault => ({ status: 503, code: 'ServiceUnavailableException' });
const padding = 'x'.repeat(500);

let logs: FakeLogs;
let endpoint: string;
let folder: NodeFolder;
eachOnItsOwnNode((parts) => ({ logs, endpoint, folder } = parts));

function start(
  tuning: Partial<CloudWatchOutput['tuning']>,
  limits: Partial<CollectorOptions>,
): Promise<Collector> {
  const base = output(folder, endpoint);
  const config = configOf([{ ...base, tuning: { ...base.tuning, maxWriteBytes: 50_000, ...tuning } }]);
  return startCollector({ ...optionsOf(folder, config), drainMs: 100, ...limits });
}

function numbers(pod: string): number[] {
  return logs
    .messages('rosa.shop', `kubernetes.var.log.pods.${pod}.main.0.log`)
    .map((message) => Number(JSON.parse(message).message.split(' ')[0]));
}

function write(pod: string, from: number, count: number): void {
  const lines = Array.from({ length: count }, (_, index) => `${from + index} ${padding}`);
  writeLines(folder.logOf(pod), lines, from);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

function bufferedFiles(): string[] {
  return readdirSync(join(folder.dataDir, 'buffers', 'cw')).filter((name) => name.endsWith('.segment'));
}

describe('an output that takes nothing for a while', () => {
  it('has what was read on disk, and delivers it in order after a restart', async () => {
    const limits = { memoryBytesMax: 300_000 };
    logs.fault = down;
    {
      await using collector = await start({}, limits);
      for (const pod of pods) write(pod, 0, 300);
      await expect.poll(() => collector.metrics(), slow).toMatch(/vector_buffer_byte_size\S* [1-9]/);
      await expect.poll(bufferedFiles, slow).not.toEqual([]);
    }
    for (const pod of pods) {
      rotate(folder.logOf(pod), '20260102-030405');
      write(pod, 300, 100);
    }
    logs.fault = () => undefined;
    await using collector = await start({}, limits);
    for (const pod of pods) await expect.poll(() => new Set(numbers(pod)).size, slow).toBe(400);
    for (const pod of pods) expect(numbers(pod)).toEqual(upTo(400));
    await expect.poll(bufferedFiles, slow).toEqual([]);
    // What was sent again may still wait for its answer.
    const reported = () => collector.report().outputs['cw'];
    await expect.poll(reported, slow).toMatchObject({ backlogEvents: 0, rejectedEvents: {} });
  });

  it('pauses reading when its disk is full too, and loses nothing', async () => {
    logs.fault = down;
    await using collector = await start({}, { memoryBytesMax: 200_000, diskBytesMax: 200_000 });
    for (const pod of pods) write(pod, 0, 2_000);
    await expect.poll(() => collector.report().outputs['cw']?.backlogEvents, slow).toBeGreaterThan(100);
    logs.fault = () => undefined;
    for (const pod of pods) await expect.poll(() => numbers(pod).length, slow).toBe(2_000);
    for (const pod of pods) expect(numbers(pod)).toEqual(upTo(2_000));
    expect(collector.report().outputs['cw']?.rejectedEvents).toEqual({});
  });

  it('drops the newest and counts them, when delivery is at most once', async () => {
    logs.fault = down;
    const limits = { memoryBytesMax: 100_000, diskBytesMax: 100_000 };
    await using collector = await start({ delivery: 'AtMostOnce' }, limits);
    const [pod = ''] = pods;
    write(pod, 0, 3_000);
    const dropped = () => collector.report().outputs['cw']?.rejectedEvents['bufferFull'] ?? 0;
    await expect.poll(dropped, slow).toBeGreaterThan(100);
    logs.fault = () => undefined;
    await expect.poll(() => numbers(pod).length + dropped(), slow).toBe(3_000);
    expect(numbers(pod).slice(0, 50)).toEqual(upTo(50));
  });
});

describe('the configuration', () => {
  it('is applied when it changes, without losing or repeating a line', async () => {
    const [pod = ''] = pods;
    write(pod, 0, 10);
    await using collector = await start({}, {});
    await expect.poll(() => numbers(pod).length, slow).toBe(10);
    const base = output(folder, endpoint);
    const names = { style: 'observability', groupName: 'all-{.log_type||"none"}' } as const;
    writeFileSync(folder.configPath, JSON.stringify(configOf([{ ...base, names }])));
    await expect
      .poll(() => {
        write(pod, 99, 1);
        return logs.messages('all-application', 'shop_web-1_main')[0];
      }, slow)
      .toContain('99 ');
    expect(numbers(pod).filter((number) => number < 99)).toEqual(upTo(10));
    expect(collector.report().outputs['cw']?.failure).toBeUndefined();
  });

  it('that cannot be used changes nothing', async () => {
    const [pod = ''] = pods;
    await using collector = await start({}, {});
    writeFileSync(folder.configPath, '{"version":1');
    await expect.poll(() => collector.metrics(), slow).toContain('refused_configs_total 1');
    write(pod, 0, 10);
    await expect.poll(() => numbers(pod).length, slow).toBe(10);
  });

  it.each([
    ['', 'is no JSON'],
    ['{"version":2}', 'version 2'],
    [
      '{"version":1,"inputs":[],"filters":[],"pipelines":[],"outputs":[{"name":"../x","type":"cloudwatch"}]}',
      '../x',
    ],
  ])('%j is refused at the start', async (text, expected) => {
    const options = optionsOf(folder, configOf([]));
    writeFileSync(folder.configPath, text);
    await expect(startCollector(options)).rejects.toThrow(expected);
  });

  it('with a compression that Node does not have is refused at the start', async () => {
    await expect(start({ compression: 'zstd' }, {})).rejects.toThrow('compression zstd is not implemented');
  });

  it.each(['gzip', 'zlib'] as const)('may ask for %s', async (compression) => {
    const [pod = ''] = pods;
    write(pod, 0, 10);
    await using _ = await start({ compression }, {});
    await expect.poll(() => numbers(pod), slow).toEqual(upTo(10));
  });
});
