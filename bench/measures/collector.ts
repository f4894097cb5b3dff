// The log collector on a file that is there already: how much CPU a gigabyte of container logs costs, and how much memory
// that takes. It runs in a process of its own and measures itself.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { systemClock, systemRandom } from '@pergola/kernel';
import { collectorNodeOptions } from '@pergola/log-forwarding';
import { createCa, issueCertificate } from '@pergola/pki';
import type { CollectorFigures, CollectorTask } from '../collector-child.ts';
import type { Figure, Measure } from '../measure.ts';
import { type Endpoint, fillLog, writeConfig } from '../node-logs.ts';
import { administratorOf } from '../wire.ts';

const sizeMegabytes = Number(process.env['BENCH_LOG_MB'] ?? 200);
const child = resolve(import.meta.dirname, '../collector-child.ts');
const sinkProgram = resolve(import.meta.dirname, '../tls-sink.ts');

interface Run {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly records: 'full' | 'pruned';
  readonly sendsNothing?: boolean;
}

export const collector: Measure = async (sandbox) => {
  const folder = mkdtempSync(join(tmpdir(), 'pergola-collector-'));
  const logRoot = join(folder, 'log');
  const nobody = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  try {
    const events = await fillLog(logRoot, sizeMegabytes * 1e6);
    await using tls = await startSink(folder);
    const nowhere = { url: 'http://127.0.0.1:1', ...nobody };
    const sink = { url: tls.url, ...nobody };
    const runs: readonly Run[] = [
      { name: 'nowhere', records: 'full', endpoint: nowhere, sendsNothing: true },
      { name: 'nowhere, pruned', records: 'pruned', endpoint: nowhere, sendsNothing: true },
      { name: 'a TLS sink', records: 'full', endpoint: sink },
      { name: 'a TLS sink, pruned', records: 'pruned', endpoint: sink },
      {
        name: 'the sandbox',
        records: 'full',
        endpoint: { url: sandbox.awsUrl, ...administratorOf(sandbox) },
      },
    ];
    const program = await bundleChild(folder);
    const figures: Figure[] = [];
    for (const run of runs)
      figures.push(figure(run.name, events, await collect(folder, { logRoot, events }, { ...run, program })));
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** As one file, as it is shipped: a loader of sources would be measured with it. */
async function bundleChild(folder: string): Promise<string> {
  const outfile = join(folder, 'collector-child.mjs');
  await build({
    entryPoints: [child],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

async function collect(
  folder: string,
  { logRoot, events }: { readonly logRoot: string; readonly events: number },
  { program, ...run }: Run & { readonly program: string },
): Promise<CollectorFigures> {
  const task: CollectorTask = {
    configPath: writeConfig(folder, run.endpoint, { records: run.records }),
    logRoot,
    dataDir: mkdtempSync(join(folder, 'data-')),
    events,
    sendsNothing: run.sendsNothing ?? false,
  };
  const taskPath = join(folder, 'task.json');
  writeFileSync(taskPath, JSON.stringify(task));
  const { stdout } = await promisify(execFile)(process.execPath, [collectorNodeOptions, program, taskPath]);
  return JSON.parse(stdout) as CollectorFigures;
}

function figure(to: string, events: number, figures: CollectorFigures): Figure {
  const { wallSeconds, cpuSeconds, residentMiB, sentBytes } = figures;
  const perGigabyte = (cpuSeconds * 1_000) / sizeMegabytes;
  const lines = Math.round(events / cpuSeconds).toLocaleString('en');
  const perByte = (sentBytes / (sizeMegabytes * 1e6)).toFixed(1);
  const sent = `${Math.round(sentBytes / events)} bytes a line, ${perByte} for each that is read`;
  const megabytes = (sizeMegabytes / cpuSeconds).toFixed(0);
  return {
    name: `collector to ${to}`,
    value: `${perGigabyte.toFixed(1)} cpu-s/GB`,
    note: `${lines} lines and ${megabytes} MB per cpu-s; ${(sizeMegabytes / wallSeconds).toFixed(0)} MB/s wall; ${Math.round(residentMiB)} MiB; ${sent}`,
  };
}

async function startSink(folder: string) {
  const context = { clock: systemClock, random: systemRandom };
  const ca = await createCa(context, 'bench');
  const pair = await issueCertificate(context, ca, {
    commonName: 'sink',
    hosts: ['127.0.0.1'],
    usage: 'server',
  });
  const [certPath, keyPath] = [join(folder, 'sink.crt'), join(folder, 'sink.key')];
  writeFileSync(certPath, pair.cert);
  writeFileSync(keyPath, pair.key, { mode: 0o600 });
  const server = spawn(process.execPath, ['--import', 'tsx', sinkProgram, certPath, keyPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((done) =>
    server.stdout.once('data', (text) => done(String(text).trim())),
  );
  return {
    url: `https://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.kill();
    },
  };
}
