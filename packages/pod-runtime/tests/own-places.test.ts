// What a node has of its own in its pods: programs on PATH, the folders of logs, and what collectors keep.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestNode } from './harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a volume at /tmp does not take away the programs that stand there', async () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'gardener'), '#!/bin/sh\necho trimmed >/tmp/rose; cat /tmp/rose\n');
  chmodSync(join(bin, 'gardener'), 0o755);
  await using node = await TestNode.start({ podPath: [bin] });
  const volumes = [{ name: 'tmp', emptyDir: {} }];
  await node.pod(
    'covered',
    'gardener',
    { restartPolicy: 'Never', volumes },
    { volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] },
  );
  await node.phase('covered', 'Succeeded');
  expect((await node.logs('covered')).text).toBe('trimmed\n');
});

it('a collector reads the logs of the node, and finds what it kept after its pod has gone', async () => {
  await using node = await TestNode.start();
  mkdirSync(join(node.dataDir, 'var/log/kube-apiserver'), { recursive: true });
  writeFileSync(join(node.dataDir, 'var/log/kube-apiserver/audit.log'), 'an event\n', { mode: 0o600 });
  const volumes = [
    { name: 'logs', hostPath: { path: '/var/log' } },
    { name: 'data', hostPath: { path: '/var/lib/logcollector/a/b', type: 'DirectoryOrCreate' } },
  ];
  const container = {
    env: [
      { name: 'LOGS', value: '/var/log' },
      { name: 'DATA', value: '/var/lib/logcollector/a/b' },
    ],
    volumeMounts: [
      { name: 'logs', mountPath: '/var/log', readOnly: true },
      { name: 'data', mountPath: '/var/lib/logcollector/a/b' },
    ],
  };
  const spec = { restartPolicy: 'Never' as const, volumes };
  await node.pod(
    'one',
    'cat $LOGS/kube-apiserver/audit.log; ls $LOGS/pods; echo 7 >$DATA/at',
    spec,
    container,
  );
  await node.phase('one', 'Succeeded');
  expect((await node.logs('one')).text).toMatch(/^an event\ntest_one_/);
  await node.pod('two', 'cat $DATA/at; [ ! -w $LOGS ] || ! touch $LOGS/x', spec, container);
  await node.phase('two', 'Succeeded');
  expect((await node.logs('two')).text).toMatch(/^7\n/);
});
