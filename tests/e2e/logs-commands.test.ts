// `pergola logs …` as a person uses it, on a sandbox with some events in it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { callJson } from '@pergola/aws-client';
import { systemClock } from '@pergola/kernel';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './clients.ts';

const pergola = resolve(import.meta.dirname, '../../bin/pergola.mjs');
let folder: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-logs-'));
  sandbox = await startSandbox({ ephemeral: true, dataDir: join(folder, 'state'), logLevel: 'silent' });
  await logs('CreateLogGroup', { logGroupName: 'shop' });
  await logs('CreateLogGroup', { logGroupName: 'bank' });
  await logs('CreateLogStream', { logGroupName: 'shop', logStreamName: 's' });
  await put(
    Array.from({ length: 30 }, (_, index) => ({ atMs: Date.now() - 60_000 + index * 1_000, n: index })),
  );
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const logs = (operation: string, body: object) =>
  callJson(
    {
      endpoint: sandbox.awsUrl,
      credentials: sandbox.administrator,
      region: sandbox.identity.region,
      clock: systemClock,
    },
    { service: 'logs', target: `Logs_20140328.${operation}`, body },
  );

const put = (events: readonly { readonly atMs: number; readonly n: number }[]) =>
  logs('PutLogEvents', {
    logGroupName: 'shop',
    logStreamName: 's',
    logEvents: events.map(({ atMs, n }) => ({
      timestamp: atMs,
      message: JSON.stringify({
        level: n % 10 === 0 ? 'error' : 'info',
        message: `order ${n}`,
        kubernetes: { namespace_name: 'shop', pod_name: 'web', container_name: 'app' },
      }),
    })),
  });

const environment = { PATH: process.env['PATH'], HOME: '/nowhere' };
const cli = (...args: string[]) =>
  run(process.execPath, [pergola, 'logs', ...args, '--data-dir', sandbox.dataDir], { env: environment });

describe('pergola logs', () => {
  it('lists groups, and names them when one is not there', async () => {
    const listed = await cli('groups');
    expect(listed.code, listed.stderr).toBe(0);
    expect(listed.stdout).toMatch(/^GROUP +STORED +RETENTION +CREATED\nbank .*\nshop +\d/);
    const unknown = await cli('tail', 'bakery');
    expect(unknown.code).toBe(5);
    expect(unknown.stderr).toContain('there are: bank, shop');
  });

  it('shows what matches, for people and for programs', async () => {
    const people = await cli('tail', 'sh*', '--no-follow', '--filter', '{ $.level = error }');
    expect(people.stdout.trim().split('\n')).toEqual(
      [0, 10, 20].map((n) =>
        expect.stringMatching(new RegExp(`^[0-9:.]{12} error shop/web/app order ${n}$`)),
      ),
    );
    const programs = await cli('tail', 'shop', '--no-follow', '-o', 'json');
    const first = JSON.parse(programs.stdout.split('\n')[0] ?? '') as Record<string, unknown>;
    expect(first).toMatchObject({ logGroup: 'shop', logStream: 's' });
  });

  it('follows a group until Ctrl-C, and ends with 0', async () => {
    const child = spawn(
      process.execPath,
      [pergola, 'logs', 'tail', 'shop', '--since', '2m', '--data-dir', sandbox.dataDir],
      { env: environment },
    );
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    await expect.poll(() => printed, { timeout: 20_000 }).toContain('order 29');
    await put([{ atMs: Date.now(), n: 77 }]);
    await expect.poll(() => printed, { timeout: 20_000 }).toContain('order 77');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(printed.match(/order 29$/gm)).toHaveLength(1);
  });

  it('ends without a word when whoever reads it has gone', async () => {
    const words = [pergola, 'logs', 'groups', '--data-dir', sandbox.dataDir];
    const child = spawn(process.execPath, words, { env: environment });
    let complaints = '';
    child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(complaints).toBe('');
  });

  it('answers queries as table, JSON, CSV and chart', async () => {
    const text = 'filter message != "order 77" | stats count(*) as n by level | sort n desc';
    const query = (...more: string[]) => cli('query', text, '--group', 'shop', ...more);
    const table = await query();
    expect(table.stdout, table.stderr).toBe('level  n\ninfo   27\nerror  3\n');
    expect(JSON.parse((await query('-o', 'json')).stdout)).toEqual([
      { level: 'info', n: '27' },
      { level: 'error', n: '3' },
    ]);
    expect((await query('-o', 'csv')).stdout).toBe('level,n\r\ninfo,27\r\nerror,3\r\n');
    expect((await query('-o', 'chart')).stdout).toMatch(/^n\ninfo +█+. 27\nerror +█+.? 3\n$/);
  });

  it('points at the place where a query cannot be read', async () => {
    const wrong = await cli('query', 'fields @message | frobnicate x', '--prefix', '');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/the query cannot be read.*\n {2}fields @message \| frobnicate x\n {20}\^/);
  });

  it('says what is missing', async () => {
    expect((await cli('query', 'limit 1')).stderr).toContain('no log group is named');
    const elsewhere = await run(
      process.execPath,
      [pergola, 'logs', 'groups', '--endpoint-url', 'http://127.0.0.1:1', '--region', 'us-east-1'],
      { env: { ...environment, AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'B' } },
    );
    expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringContaining('does not answer')]);
  });
});
