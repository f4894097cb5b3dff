// The ACK operator in a process of its own, as its pod runs it, and what it has counted.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { stateDirOf } from '@pergola/sandbox';
import { cpuSecondsOf, residentMiBOf, type SandboxProcess } from './sandbox-process.ts';
import { administratorOf, send } from './wire.ts';

const pergola = resolve(import.meta.dirname, '../dist/pergola.mjs');

export interface AckProcess extends AsyncDisposable {
  cpuSeconds(): number;
  residentMiB(): number;
  /** The most that it ever was. */
  peakMiB(): number;
  counts(): Promise<AckCounts>;
}

export interface AckCounts {
  readonly awsCalls: number;
  readonly kubernetesWrites: number;
  readonly reconciles: number;
}

/**
 * Resolves when it has seen the cluster, whose definitions must be there. It serves the kinds of all services; `options`
 * are those of the command.
 */
export async function startAck(
  sandbox: SandboxProcess,
  options: readonly string[] = [],
): Promise<AckProcess> {
  const { accessKeyId, secretAccessKey } = administratorOf(sandbox);
  const child = spawn(
    process.execPath,
    [
      pergola,
      'operator',
      'ack',
      `--kubeconfig=${stateDirOf(sandbox.dataDir).kubeconfig}`,
      `--endpoint-url=${sandbox.awsUrl}`,
      '--region=us-east-1',
      '--metrics-port=0',
      ...options,
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    },
  );
  const url = await statusUrl(createInterface(child.stderr));
  const { pid = 0 } = child;
  return {
    cpuSeconds: () => cpuSecondsOf(pid),
    residentMiB: () => residentMiBOf(pid),
    peakMiB: () => residentMiBOf(pid, 'VmHWM'),
    async counts() {
      const { body } = await send({ method: 'GET', url: `${url}/metrics`, headers: {} });
      return {
        awsCalls: totalOf(body, 'ack_outbound_api_requests_total'),
        kubernetesWrites: totalOf(body, 'pergola_ack_kubernetes_writes_total'),
        reconciles: totalOf(body, 'pergola_ack_reconciles_total'),
      };
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** It says where it listens when it has seen the cluster. What it says later is read and dropped. */
function statusUrl(lines: ReturnType<typeof createInterface>): Promise<string> {
  const said: string[] = [];
  return new Promise((found, fail) => {
    lines.on('line', (line) => {
      const url = /"url":"(http:[^"]+)".*metrics and health are served/.exec(line)?.[1];
      if (url !== undefined) found(url);
      else if (said.length < 20) said.push(line);
    });
    lines.on('close', () => fail(new Error(`the operator ended:\n${said.join('\n')}`)));
  });
}

function totalOf(text: string, name: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
