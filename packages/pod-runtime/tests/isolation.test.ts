import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '@pergola/kernel';
import { chooseIsolation } from '../src/isolation/choose.ts';
import { flagsAt, parseMountInfo } from '../src/isolation/host-mounts.ts';
import { keptForPath } from '../src/isolation/node-root.ts';
import { rewritePaths, rewriteSearchPath } from '../src/isolation/plain.ts';
import { quote } from '../src/isolation/shell.ts';
import { eventually, pods, TestNode } from './harness.ts';

describe('the words for the shell', () => {
  it.each([`it's`, '$(x) `y` "z"', 'a\nb', '', '\\', '*', 'ü€'])('quote(%j) comes back as it was', (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${quote(text)}`]).toString()).toBe(text);
  });
});

describe('mount tables', () => {
  const text =
    '22 27 0:21 / /proc rw,relatime - proc proc rw\n27 1 254:0 / / rw,nodev - ext4 /dev/vda rw\n31 27 0:9 / /a\\040b rw,nosuid,nodev - tmpfs t rw\n';
  it('tell the flags that a path lies under', () => {
    const mounts = parseMountInfo(text);
    expect(flagsAt(mounts, '/proc/x')).toEqual(['relatime']);
    expect(flagsAt(mounts, '/a b/c')).toEqual(['nosuid', 'nodev']);
    expect(flagsAt(mounts, '/a bc')).toEqual(['nodev']);
  });
});

describe('what of a home stays visible', () => {
  it('is the prefix of each PATH entry, never the home itself', () => {
    expect(
      keptForPath(
        ['/root/.pyenv/shims', '/root/.pyenv/bin', '/root/bin', '/tmp/x/bin', '/usr/bin'],
        ['/root', '/tmp'],
      ),
    ).toEqual(['/root/.pyenv', '/root/bin', '/tmp/x']);
  });
});

describe('without isolation', () => {
  const mounts = [
    { source: '/data/v', target: '/var/run/secrets/x', readOnly: true, isFile: false },
    { source: '/data/v/t', target: '/tmp', readOnly: false, isFile: false },
    { source: '/tmp/volume', target: '/srv', readOnly: false, isFile: false },
  ];
  it.each([
    ['/var/run/secrets/x/token', '/data/v/token'],
    ['file:/var/run/secrets/x', 'file:/data/v'],
    ['/var/run/secrets/xyz', '/var/run/secrets/xyz'],
    ['a:/var/run/secrets/x:/var/run/secrets/x/b', 'a:/data/v:/data/v/b'],
    ['file:///var/run/secrets/x', 'file:///data/v'],
    ['/data/tmp:/tmp', '/data/tmp:/data/v/t'],
    ['/srv', '/tmp/volume'],
    ['--home=/srv,/tmp', '--home=/tmp/volume,/data/v/t'],
  ])('%s becomes %s', (text, wanted) => expect(rewritePaths(text, mounts)).toBe(wanted));

  it('programs stay where they are when a volume covers their folder without holding them', () => {
    const source = mkdtempSync(join(tmpdir(), 'volume-'));
    mkdirSync(join(source, 'held'));
    const over = [{ source, target: '/opt', readOnly: false, isFile: false }];
    expect(rewriteSearchPath('/usr/bin:/opt/held:/opt/elsewhere', over)).toBe(
      `/usr/bin:${source}/held:/opt/elsewhere`,
    );
    rmSync(source, { recursive: true });
  });

  let node: TestNode;
  beforeAll(async () => {
    node = await TestNode.start({ isolation: 'none' });
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it('a pod still finds its volumes through its environment, and says that it is not isolated', async () => {
    const volumes = [
      { name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
      { name: 'scratch', emptyDir: {} },
    ];
    const main = {
      env: [
        { name: 'FILE', value: '/var/run/secrets/t/token' },
        { name: 'LIST', value: '/scratch:/var/run/secrets/t:/scratch-not' },
      ],
      volumeMounts: [
        { name: 't', mountPath: '/var/run/secrets/t' },
        { name: 'scratch', mountPath: '/scratch' },
      ],
      workingDir: '/scratch',
    };
    await node.pod('plain', 'cat $FILE; echo; echo $LIST; pwd; sleep 100 & sleep 100', { volumes }, main);
    const pod = await node.phase('plain', 'Running');
    expect(pod.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'pergola.dev/Isolated', status: 'False' }),
    );
    const at = join(realpathSync(node.dataDir), 'pods', pod.metadata.uid ?? '', 'volumes');
    const [scratch, token] = [`${at}/kubernetes.io~emptydir/scratch`, `${at}/kubernetes.io~projected/t`];
    await eventually(async () => (await node.logs('plain')).text).toBe(
      `token-1-\n${scratch}:${token}:/scratch-not\n${scratch}\n`,
    );
    await eventually(() => node.events('plain')).toContain(
      'NotIsolated Containers run as plain processes of the host, without file systems of their own: isolation is switched off',
    );
    await node.cluster.delete(pods, { namespace: 'test', name: 'plain' }, {});
    await node.gone('plain');
  });
});

/** The command lines of processes that carry `mark` in their environment or arguments. */
function processesWith(mark: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  });
}

/** Runs `program.ts` bundled, as another user or as ourselves. */
function startProgram(file: string, args: string[], uid?: number): ChildProcess {
  return spawn(process.execPath, [file, ...args], {
    cwd: '/',
    // A home that is there: it is replaced in the containers, which has ways of its own to fail.
    env: { PATH: '/usr/bin:/bin', HOME: dirname(file) },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  let error = '';
  child.stderr?.on('data', (chunk) => (error += String(chunk)));
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) return text.split('\n', 1)[0] ?? '';
  }
  throw new Error(error || 'it ended without a word');
}

describe.skipIf(process.platform !== 'linux')('a process of its own', () => {
  let directory: string;
  let bundle: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'isolation-'));
    chmodSync(directory, 0o777);
    bundle = join(directory, 'program.mjs');
    const { build } = await import('esbuild');
    const entryPoints = [resolve(import.meta.dirname, 'isolation-program.ts')];
    await build({
      entryPoints,
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
      external: ['pino'],
    });
    chmodSync(bundle, 0o644);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(['auto', 'none'])('leaves no container behind when it is killed (%s)', async (wanted) => {
    const mark = `mark-${wanted}-${process.pid}`;
    const child = startProgram(bundle, [wanted, mark]);
    await firstLine(child);
    expect(processesWith(mark).length).toBeGreaterThan(1);
    child.kill('SIGKILL');
    await eventually(() => processesWith(mark)).toEqual([]);
  });

  it('isolates as an unprivileged user too', async () => {
    if (process.getuid?.() !== 0) return console.log('skipped: only root can become another user');
    const child = startProgram(bundle, ['auto', 'mark-user'], 65534);
    const said = JSON.parse(await firstLine(child)) as { kind: string; reason: string; output: string };
    child.kill('SIGKILL');
    if (said.kind === 'none') return console.log(`skipped: ${said.reason}`);
    expect(said.kind).toBe('namespaces-user');
    expect(said.output).toContain('Read-only file system');
  });
});

describe('chooseIsolation', () => {
  it('takes what is asked for', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'choose-'));
    await using isolation = await chooseIsolation({
      wanted: 'none',
      directory,
      hidden: [],
      shown: [],
      searchPath: [],
      logger: silentLogger,
    });
    expect(isolation.kind).toBe('none');
    expect(existsSync(join(directory, 'pipes'))).toBe(true);
    rmSync(directory, { recursive: true });
  });
});
