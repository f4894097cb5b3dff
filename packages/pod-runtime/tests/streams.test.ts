import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startApiProxy } from './api-proxy.ts';
import { eventually, TestNode } from './harness.ts';

const versions = ['1.29', '1.33'];
const kubectlOf = (version: string) => `/usr/lib/google-cloud-sdk/bin/kubectl.${version}`;

let node: TestNode;
let proxy: Awaited<ReturnType<typeof startApiProxy>>;
let home: string;
beforeAll(async () => {
  node = await TestNode.start();
  proxy = await startApiProxy(node);
  home = mkdtempSync(join(tmpdir(), 'kubectl-home-'));
  await node.pod(
    'target',
    'echo started; while read line; do echo "got $line"; done; sleep 1000',
    {},
    { stdin: true, env: [{ name: 'FROM_POD', value: 'yes' }], workingDir: '/tmp' },
  );
  await node.phase('target', 'Running');
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

interface Ran {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

function start(version: string, args: readonly string[]): ChildProcess {
  const flags = ['--server', proxy.url, '--token', 'x', '--namespace', 'test'];
  return spawn(kubectlOf(version), [...flags, ...args], { env: { HOME: home, PATH: process.env['PATH'] } });
}

async function kubectl(version: string, args: readonly string[], input = ''): Promise<Ran> {
  return await run(start(version, args), input);
}

async function run(child: ChildProcess, input?: string): Promise<Ran> {
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  child.stdin?.on('error', () => {});
  if (input !== undefined) child.stdin?.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout: Buffer.concat(stdout), stderr };
}

describe.each(versions)('kubectl %s', (version) => {
  if (!existsSync(kubectlOf(version))) {
    it.skip(`is not on this machine`);
    return;
  }

  it('executes with exit code, input, environment and directory', async () => {
    const ran = await kubectl(
      version,
      [
        'exec',
        '-i',
        'target',
        '--',
        'sh',
        '-c',
        'cat; echo $FROM_POD $(pwd) $(hostname); echo bad >&2; exit 7',
      ],
      'in\n',
    );
    expect(ran.stderr).toContain('bad');
    expect(ran.stdout.toString()).toMatch(/^in\nyes \/tmp \w+\n$/);
    expect(ran.code).toBe(7);
    const missing = await kubectl(version, ['exec', 'target', '--', 'no-such-program']);
    expect(missing.code).not.toBe(0);
    expect(missing.stderr).toContain('executable file not found in $PATH');
  });

  it('carries three megabytes both ways without a changed bit', async () => {
    const data = randomBytes(1_500_000).toString('hex');
    const ran = await kubectl(version, ['exec', '-i', 'target', '--', 'cat'], data);
    expect(ran.code).toBe(0);
    expect(createHash('sha256').update(ran.stdout).digest('hex')).toBe(
      createHash('sha256').update(data).digest('hex'),
    );
  });

  it('gives a terminal', async () => {
    // kubectl asks for a terminal only when it has one itself.
    const words = [
      kubectlOf(version),
      '--server',
      proxy.url,
      '--token',
      'x',
      '-n',
      'test',
      'exec',
      '-it',
      'target',
    ];
    const line = `stty cols 101 rows 33; ${words.join(' ')} -- sh -c 'tty; stty size; exit 3'`;
    const ran = await run(
      spawn('script', ['-qec', line, '/dev/null'], { env: { HOME: home, PATH: process.env['PATH'] } }),
    );
    expect(ran.stdout.toString()).toContain('33 101');
    expect(ran.stdout.toString()).toMatch(/\/dev\/pts\/\d+/);
    expect(ran.code).toBe(3);
  });

  it('copies files in and out', async () => {
    const file = join(home, `file-${version}`);
    writeFileSync(file, randomBytes(200_000));
    const into = await kubectl(version, ['cp', file, 'target:/tmp/copied']);
    expect(into.stderr).toBe('');
    const back = await kubectl(version, ['exec', 'target', '--', 'sha256sum', '/tmp/copied']);
    const { readFileSync } = await import('node:fs');
    expect(back.stdout.toString()).toContain(createHash('sha256').update(readFileSync(file)).digest('hex'));
    const out = await kubectl(version, ['cp', 'target:/tmp/copied', `${file}.back`]);
    expect(out.code).toBe(0);
    expect(readFileSync(`${file}.back`).equals(readFileSync(file))).toBe(true);
  });

  it('attaches to the container itself', async () => {
    const child = start(version, ['attach', '-i', 'target']);
    let seen = '';
    child.stdout?.on('data', (chunk) => (seen += String(chunk)));
    const asking = setInterval(() => child.stdin?.write(`hello ${version}\n`), 100);
    await eventually(() => seen).toContain(`got hello ${version}`);
    clearInterval(asking);
    child.kill('SIGKILL');
  });

  it('ends an attachment with the container, whatever its exit code', async () => {
    await node.pod(`short-${version}`, 'read line; exit 4', { restartPolicy: 'Never' }, { stdin: true });
    await node.phase(`short-${version}`, 'Running');
    const { code, stderr } = await kubectl(version, ['attach', '-i', `short-${version}`], 'go\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('exit code') });
  });

  it('forwards ports', async () => {
    const echo = createServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '0.0.0.0', resolve));
    const { port } = echo.address() as AddressInfo;
    const child = start(version, ['port-forward', 'target', `:${port}`]);
    let said = '';
    child.stdout?.on('data', (chunk) => (said += String(chunk)));
    child.stderr?.on('data', (chunk) => (said += String(chunk)));
    await eventually(() => /127\.0\.0\.1:(\d+)/.exec(said)?.[1]).toBeDefined();
    const local = Number(/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
    const data = randomBytes(1_000_000);
    const received: Buffer[] = [];
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ port: local, host: '127.0.0.1' }, () => socket.end(data));
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      socket.on('end', resolve);
      socket.on('error', reject);
    });
    expect(Buffer.concat(received).equals(data)).toBe(true);
    child.kill('SIGKILL');
    echo.close();
  });
});

describe('the kubelet server', () => {
  const open = (path: string, protocols: string[]) =>
    new WebSocket(`${proxy.url.replace('http', 'ws')}/api/v1/namespaces/test/pods/target/${path}`, protocols);

  it('serves plain WebSocket port-forward with two channels a port', async () => {
    const echo = createServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as AddressInfo;
    const socket = open(`portforward?ports=${port}`, ['v4.channel.k8s.io']);
    const messages: Buffer[] = [];
    socket.on('message', (data: Buffer) => messages.push(data));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(Buffer.from('\0ping'));
    await eventually(() => messages.length).toBeGreaterThanOrEqual(3);
    const head = Buffer.alloc(2);
    head.writeUInt16LE(port);
    expect(messages[0]).toEqual(Buffer.concat([Buffer.from([0]), head]));
    expect(messages[1]).toEqual(Buffer.concat([Buffer.from([1]), head]));
    expect(messages[2]).toEqual(Buffer.from('\0ping'));
    socket.terminate();
    echo.close();
  });

  it.each([
    ['exec?command=true', ['v5.channel.k8s.io'], 400, 'you must specify at least 1 of stdin, stdout, stderr'],
    ['exec?command=true&stdout=1', ['v1.unknown'], 400, 'unable to negotiate'],
    ['exec?command=true&stdout=1&container=nope', ['v5.channel.k8s.io'], 404, 'container not found ("nope")'],
  ])('refuses %s', async (path, protocols, status, text) => {
    const socket = open(path, protocols);
    const answer = await new Promise<{ status: number; body: string }>((resolve) => {
      socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      socket.on('error', () => {});
    });
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(text);
  });
});
