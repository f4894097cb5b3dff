// The Kubernetes API: writes, reads, lists, and events to a watch; and a pod from creation to Running.
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stateDirOf } from '@pergola/sandbox';
import { measureRate } from '../load.ts';
import { type Measure, rateFigure } from '../measure.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import { kubeCaller } from '../wire.ts';

const configMaps = '/api/v1/namespaces/bench/configmaps';
const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { text: 'x'.repeat(512) },
});

export const kubeApi: Measure = async (sandbox) => {
  const kube = kubeCaller(sandbox);
  await kube('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'bench' },
  });
  const create = await measureRate(sandbox, { seconds: 4, workers: 32 }, (index) =>
    kube('POST', configMaps, configMap(`c${index}`)),
  );
  const get = await measureRate(sandbox, { seconds: 4, workers: 32 }, (index) =>
    kube('GET', `${configMaps}/c${index % 500}`),
  );
  const list = await measureRate(sandbox, { seconds: 4, workers: 4 }, () =>
    kube('GET', `${configMaps}?limit=500`),
  );
  const watched = await measureWatch(sandbox);
  return [
    rateFigure('Kubernetes create ConfigMap', create),
    rateFigure('Kubernetes get ConfigMap', get),
    rateFigure('Kubernetes list 500 ConfigMaps', list),
    rateFigure('Kubernetes events to 10 watches', watched),
  ];
};

/** Ten watches on a namespace while ConfigMaps are made in it; counts events that arrived. */
async function measureWatch(sandbox: SandboxProcess) {
  const kube = kubeCaller(sandbox);
  let events = 0;
  const watches = Array.from({ length: 10 }, () => openWatch(sandbox, (lines) => (events += lines)));
  await Promise.all(watches.map((watch) => watch.opened));
  const [cpuBefore, startedMs] = [sandbox.cpuSeconds(), performance.now()];
  await measureRate(sandbox, { seconds: 3, workers: 16 }, (index) =>
    kube('POST', configMaps, configMap(`w${index}`)),
  );
  await sleep(200);
  const rate = {
    count: events,
    cpuSeconds: sandbox.cpuSeconds() - cpuBefore,
    wallSeconds: (performance.now() - startedMs) / 1_000,
  };
  for (const watch of watches) watch.close();
  return rate;
}

function openWatch(sandbox: SandboxProcess, onLines: (count: number) => void) {
  const config = JSON.parse(readFileSync(stateDirOf(sandbox.dataDir).kubeconfig, 'utf8')) as {
    users: { user: { token: string } }[];
  };
  let close = () => {};
  const opened = new Promise<void>((resolve, reject) => {
    const outgoing = https.get(
      `${sandbox.kubeUrl}${configMaps}?watch=true&labelSelector=none%21%3Dthere`,
      {
        headers: { authorization: `Bearer ${config.users[0]?.user.token}` },
        rejectUnauthorized: false,
        agent: false,
      },
      (response) => {
        response.on('data', (chunk: Buffer) =>
          onLines(chunk.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0)),
        );
        response.on('error', () => {});
        resolve();
      },
    );
    outgoing.on('error', reject);
    close = () => outgoing.destroy();
  });
  opened.catch(() => {});
  return { opened, close: () => close() };
}

export const podStart: Measure = async (sandbox) => {
  const kube = kubeCaller(sandbox);
  const pods = '/api/v1/namespaces/bench/pods';
  const startsMs: number[] = [];
  for (let index = 0; index < 10; index++) {
    const startedMs = performance.now();
    await kube('POST', pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${index}` },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'main', image: 'busybox', command: ['sleep', '60'] }],
      },
    });
    while (!(await kube('GET', `${pods}/p${index}`)).body.includes('"phase":"Running"')) await sleep(2);
    startsMs.push(performance.now() - startedMs);
    await kube('DELETE', `${pods}/p${index}`);
  }
  startsMs.sort((a, b) => a - b);
  return [
    {
      name: 'pod: created to Running',
      value: `${Math.round(startsMs[5] ?? 0)} ms`,
      note: `median of 10, from ${Math.round(startsMs[0] ?? 0)} to ${Math.round(startsMs[9] ?? 0)} ms`,
    },
  ];
};
