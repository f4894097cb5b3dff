import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCollector } from '../src/collector/start-collector.ts';
import {
  eachOnItsOwnNode,
  configOf,
  type NodeFolder,
  optionsOf,
  output,
  rotate,
  writeLines,
} from './collector-setup.ts';
import type { FakeLogs } from './fake-logs.ts';

const pod = 'shop_web-1_11111111-1111-1111-1111-111111111111';
const slow = { timeout: 10_000 };
const group = 'rosa.shop';
const stream = `kubernetes.var.log.pods.${pod}.main.0.log`;

let logs: FakeLogs;
let endpoint: string;
let folder: NodeFolder;
eachOnItsOwnNode((parts) => ({ logs, endpoint, folder } = parts));

function texts(): unknown[] {
  return logs.messages(group, stream).map((message) => JSON.parse(message).message);
}

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `line ${from + index}`);

describe('the collector', () => {
  it('delivers lines in order, as records of the model', async () => {
    writeLines(folder.logOf(pod), ['level=warn msg="a \\"quoted\\" line"', 'päron \u0001 tab\t']);
    await using _ = await startCollector(optionsOf(folder, configOf([output(folder, endpoint)])));
    await expect.poll(texts, slow).toEqual(['level=warn msg="a \\"quoted\\" line"', 'päron \u0001 tab\t']);
    expect(JSON.parse(logs.messages(group, stream)[0] ?? '')).toMatchObject({
      hostname: 'node-1',
      kubernetes: {
        container_iostream: 'stdout',
        container_name: 'main',
        namespace_name: 'shop',
        pod_id: '11111111-1111-1111-1111-111111111111',
        pod_name: 'web-1',
      },
      level: 'warn',
      log_source: 'container',
      log_type: 'application',
      openshift: { cluster_id: 'cluster-1' },
    });
  });

  it('delivers many logs at once, without a warning of Node', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name, message }: Error) => void warnings.push(`${name}: ${message}`);
    process.on('warning', onWarning);
    const pods = Array.from({ length: 20 }, (_, index) => `shop_web-${index}_${index}`);
    for (const each of pods) writeLines(folder.logOf(each), numbered(20));
    await using _ = await startCollector(optionsOf(folder, configOf([output(folder, endpoint)])));
    for (const each of pods) {
      const name = `kubernetes.var.log.pods.${each}.main.0.log`;
      await expect.poll(() => logs.messages(group, name).length, slow).toBe(20);
    }
    process.off('warning', onWarning);
    expect(warnings.filter((text) => text.includes('Listeners'))).toEqual([]);
  });

  it('goes on where it stopped, over a rotation in between', async () => {
    const path = folder.logOf(pod);
    const options = optionsOf(folder, configOf([output(folder, endpoint)]));
    writeLines(path, numbered(100));
    {
      await using _ = await startCollector(options);
      await expect.poll(() => texts().length, slow).toBe(100);
    }
    writeLines(path, numbered(50, 100), 100);
    rotate(path, '20260102-030405');
    writeLines(path, numbered(50, 150), 150);
    await using _ = await startCollector(options);
    await expect.poll(() => texts().length, slow).toBe(200);
    expect(texts()).toEqual(numbered(200));
  });

  it('forgets logs that vanished while it was away', async () => {
    const options = optionsOf(folder, configOf([output(folder, endpoint)]));
    writeLines(folder.logOf(pod), numbered(3));
    {
      await using _ = await startCollector(options);
      await expect.poll(() => texts().length, slow).toBe(3);
    }
    const journal = () => readFileSync(join(folder.dataDir, 'checkpoints.journal'), 'utf8');
    expect(journal()).toContain(pod);
    rmSync(join(folder.root, 'log', 'pods', pod), { recursive: true });
    {
      await using _ = await startCollector(options);
      await expect.poll(journal, slow).toContain('"gone":true');
    }
    await using _ = await startCollector(options);
    await expect.poll(journal, slow).not.toContain(pod);
  });
});
