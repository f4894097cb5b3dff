// The command `pergola` as a person uses it, in processes of their own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './clients.ts';

const pergola = resolve(import.meta.dirname, '../../bin/pergola.mjs');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-cli-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const cli = (...args: string[]) => run(process.execPath, [pergola, ...args], { cwd: folder });
const up = (dataDir: string, ...flags: string[]) =>
  cli(
    'up',
    '--detach',
    '--data-dir',
    dataDir,
    '--aws-port',
    '0',
    '--kube-port',
    '0',
    '--log-level',
    'error',
    ...flags,
  );

interface Status {
  readonly pid: number;
  readonly awsUrl: string;
  readonly kubeUrl: string;
  readonly infrastructureName: string;
}

async function statusOf(dataDir: string): Promise<Status> {
  const { stdout, code } = await cli('status', '--data-dir', dataDir, '-o', 'json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Status;
}

describe('pergola', () => {
  // Twice the whole of it, on a machine that may be busy with other things.
  it('proves the walkthrough and exits with 0, also on the state of an earlier one', {
    timeout: 300_000,
  }, async () => {
    for (const round of ['first', 'second']) {
      const ports = ['--aws-port', '0', '--kube-port', '0'];
      const result = await cli('demo', '--once', '--data-dir', join(folder, 'demo'), ...ports);
      expect(result.code, round + result.stdout + result.stderr).toBe(0);
      expect(result.stdout).toMatch(/(\d\d) of \1 held/);
    }
  });

  it('lists its commands, and answers a wrong one with exit code 2', async () => {
    const help = await cli('--help');
    expect(help.code).toBe(0);
    for (const name of [
      'up',
      'down',
      'status',
      'reset',
      'shell',
      'env',
      'explain',
      'logs',
      'demo',
      'webhook',
      'operator',
    ]) {
      expect(help.stdout).toContain(`  ${name}`);
    }
    expect((await cli('frobnicate')).code).toBe(2);
    expect((await cli('up', '--aws-port', '70000')).code).toBe(2);
  });

  it('says how to start a sandbox when none runs', async () => {
    const result = await cli('status', '--data-dir', 'nowhere');
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('pergola up --detach');
  });

  it('runs two side by side, keeps them apart, and stops each', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    for (const dataDir of [one, two]) {
      const started = await up(dataDir);
      expect(started.code, started.stderr).toBe(0);
    }
    const [first, second] = [await statusOf(one), await statusOf(two)];
    expect(first.awsUrl).not.toBe(second.awsUrl);
    expect(first.infrastructureName).not.toBe(second.infrastructureName);
    expect((await up(one)).code).toBe(4);
    expect(
      (await cli('shell', '--data-dir', two, '--', 'sh', '-c', 'echo $AWS_ENDPOINT_URL')).stdout.trim(),
    ).toBe(second.awsUrl);
    expect((await cli('shell', '--data-dir', two, '--', 'sh', '-c', 'exit 7')).code).toBe(7);
    expect((await cli('env', '--data-dir', one)).stdout).toContain(
      `export AWS_ENDPOINT_URL='${first.awsUrl}'`,
    );
    for (const dataDir of [one, two]) expect((await cli('down', '--data-dir', dataDir)).code).toBe(0);
    expect((await cli('status', '--data-dir', one)).code).toBe(3);
    expect((await cli('reset', '--data-dir', two)).code).toBe(0);
  });

  it('refuses to remove a folder that is not a sandbox', async () => {
    const foreign = mkdtempSync(join(folder, 'foreign-'));
    expect((await cli('reset', '--data-dir', foreign)).code).toBe(5);
  });

  it('names the process that holds a port', async () => {
    const dataDir = join(folder, 'holder');
    expect((await up(dataDir)).code).toBe(0);
    const { awsUrl, pid } = await statusOf(dataDir);
    const clash = await cli(
      'up',
      '--data-dir',
      join(folder, 'clash'),
      '--aws-port',
      new URL(awsUrl).port,
      '--kube-port',
      '0',
    );
    expect(clash.code).toBe(4);
    expect(clash.stderr).toContain(`(process ${pid})`);
    expect(clash.stderr).toContain('--aws-port');
    await cli('down', '--data-dir', dataDir);
  });
});
