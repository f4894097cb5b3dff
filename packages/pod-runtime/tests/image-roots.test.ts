// Images that are a folder: a tiny root made of a shell and a few programs of this machine.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultImages, type ImageMap } from '../src/index.ts';
import { resolveInRoot } from '../src/isolation/resolve-in-root.ts';
import { configMaps, eventually, pods, secrets, TestNode } from './harness.ts';

let folder: string;
let images: ImageMap;
let node: TestNode;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'image-root-'));
  makeRoot(join(folder, 'tiny'), ['sh', 'cat', 'ls', 'touch', 'id', 'sleep', 'mount']);
  mkdirSync(join(folder, 'empty'));
  images = [
    {
      pattern: 'tiny',
      root: join(folder, 'tiny'),
      command: ['sh', '-c', 'echo default'],
      env: { FROM: 'image' },
      workingDir: '/srv',
    },
    { pattern: 'tiny-user', root: join(folder, 'tiny'), user: '1234:2345' },
    { pattern: 'empty', root: join(folder, 'empty'), command: ['/app'] },
    { pattern: 'gone', root: join(folder, 'gone') },
    ...defaultImages,
  ];
  node = await TestNode.start({ images });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Programs with the libraries that ldd(1) names, a link that leaves the root by its words, and some files. */
function makeRoot(root: string, programs: readonly string[]): void {
  for (const path of ['bin', 'etc/deep', 'srv', 'var']) mkdirSync(join(root, path), { recursive: true });
  const path = { env: { PATH: '/usr/bin:/bin' }, encoding: 'utf8' } as const;
  for (const program of programs) {
    const source = realpathSync(execFileSync('sh', ['-c', `command -v ${program}`], path).trim());
    copyFileSync(source, join(root, 'bin', program));
    for (const [library] of execFileSync('ldd', [source], path).matchAll(/\/[^ ]+/g)) {
      mkdirSync(join(root, dirname(library)), { recursive: true });
      copyFileSync(library, join(root, library));
    }
  }
  symlinkSync('../../../run', join(root, 'var/run'));
  writeFileSync(join(root, 'etc/os-release'), 'ID=tiny\n');
  writeFileSync(join(root, 'etc/deep/kept'), 'kept\n');
  writeFileSync(join(root, 'top-file'), 'top\n');
}

const isolated = () => {
  if (node.runtime.isolation === 'none') console.log(`skipped: ${node.runtime.reason}`);
  return node.runtime.isolation !== 'none';
};

describe('a path in a root', () => {
  it.each([
    ['/var/run/secrets/x', { path: '/run/secrets/x', missingUnder: '/' }],
    ['/etc/deep', { path: '/etc/deep', missingUnder: undefined }],
    ['/etc/new/x', { path: '/etc/new/x', missingUnder: '/etc' }],
  ])('%s', (path, resolved) => expect(resolveInRoot(join(folder, 'tiny'), path)).toEqual(resolved));

  it('ends when links go in circles', () => {
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    expect(() => resolveInRoot(folder, '/a/x')).toThrow(/too many levels of symbolic links/);
  });
});

describe.skipIf(process.platform !== 'linux')('an image with a root of its own', () => {
  it('shows its files and nothing of the host, read-only, with its settings', async () => {
    if (!isolated()) return;
    const script =
      'echo $FROM $PATH; cat etc/os-release ../etc/os-release ../top-file; ls /; touch /etc/x /bin/x /x; touch /tmp/ok /run/ok /root/ok && echo private; ls /proc/1/exe /dev/null /dev/fd/0; mount';
    await node.pod('tiny', `(${script}) 2>&1`, { restartPolicy: 'Never' }, { image: 'tiny:1' });
    await node.until('tiny', (pod) => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''));
    const { text } = await node.logs('tiny');
    expect(text).toContain('image /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n');
    expect(text).toContain('cat: etc/os-release: No such file or directory\nID=tiny\ntop\n');
    const top = readdirSync(join(folder, 'tiny'));
    const shown = [...new Set([...top, 'dev', 'proc', 'root', 'run', 'sys', 'tmp'])].sort();
    expect(text).toContain(`top\n${shown.join('\n')}\n`);
    for (const path of ['/etc/x', '/bin/x', '/x']) expect(text).toContain(`'${path}': Read-only file system`);
    expect(text).toContain('private\n');
    expect(text).toContain('/dev/null\n');
    expect(text).not.toContain(folder);
    expect(existsSync(join(folder, 'tiny/x'))).toBe(false);
  });

  it('runs its own command when the pod names none', async () => {
    if (!isolated()) return;
    await node.pod('default', '', { restartPolicy: 'Never' }, { image: 'tiny', command: undefined });
    await node.phase('default', 'Succeeded');
    expect((await node.logs('default')).text).toBe('default\n');
  });

  it('mounts volumes where the folder has no place for them, and leaves the folder as it was', async () => {
    if (!isolated()) return;
    await node.cluster.create(configMaps, {
      metadata: { name: 'conf', namespace: 'test' },
      data: { a: 'alpha' },
    });
    await node.cluster.create(secrets, {
      metadata: { name: 'sec', namespace: 'test' },
      data: { key: Buffer.from('hidden').toString('base64') },
    });
    const volumes = [
      { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
      { name: 'conf', configMap: { name: 'conf' } },
      { name: 'sec', secret: { secretName: 'sec' } },
      { name: 'share', emptyDir: {} },
    ];
    const volumeMounts = [
      { name: 'token', mountPath: '/var/run/secrets/t' },
      { name: 'conf', mountPath: '/etc/deep/new/conf' },
      { name: 'conf', mountPath: '/var/lib/conf' },
      { name: 'sec', mountPath: '/etc/one-file', subPath: 'key' },
      { name: 'sec', mountPath: '/etc/os-release', subPath: 'key' },
      { name: 'share', mountPath: '/brand/new' },
    ];
    const script =
      'cat /run/secrets/t/token /etc/deep/new/conf/a /var/lib/conf/a /etc/one-file /etc/os-release; echo; cat /etc/deep/kept; echo x > /brand/new/x && echo written; touch /brand/y /etc/y';
    await node.pod(
      'vols',
      `(${script}) 2>&1`,
      { restartPolicy: 'Never', volumes },
      { image: 'tiny', volumeMounts },
    );
    await node.until('vols', (pod) => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''));
    const { text } = await node.logs('vols');
    expect(text).toMatch(/^token-\d+-alphaalphahiddenhidden\nkept\nwritten\n/);
    expect(text.match(/Read-only file system/g)).toHaveLength(2);
    expect(readdirSync(join(folder, 'tiny/etc')).sort()).toEqual(['deep', 'os-release']);
  });

  it('runs as the image says, unless the pod says otherwise', async () => {
    if (!isolated()) return;
    const plain = { restartPolicy: 'Never' } as const;
    const id = { image: 'tiny-user', command: ['id'] };
    await node.pod('as-image', '', plain, id);
    await node.pod(
      'as-pod',
      '',
      { ...plain, securityContext: { runAsUser: 77, supplementalGroups: [88] } },
      id,
    );
    for (const name of ['as-image', 'as-pod'])
      await node.until(name, (pod) => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''));
    if (node.runtime.isolation === 'namespaces-user') {
      const message = (await node.until('as-image', () => true)).status?.containerStatuses?.[0]?.state
        .terminated?.message;
      expect(message).toContain('user 1234:2345 needs Pergola to run as root');
      return;
    }
    expect((await node.logs('as-image')).text).toBe('uid=1234 gid=2345 groups=2345\n');
    expect((await node.logs('as-pod')).text).toBe('uid=77 gid=0 groups=0,88\n');
  });

  it('lets exec in, to the same root', async () => {
    if (!isolated()) return;
    const probe = { exec: { command: ['cat', '/top-file'] }, periodSeconds: 0.05 };
    await node.pod('entered', 'sleep 100', {}, { image: 'tiny', readinessProbe: probe });
    await node.until('entered', (pod) => pod.status?.containerStatuses?.[0]?.ready === true);
    await node.cluster.delete(pods, { namespace: 'test', name: 'entered' }, { gracePeriodSeconds: 0 });
  });

  it('gives a terminal although the folder has no program for one', async () => {
    if (!isolated()) return;
    await node.pod(
      'tty',
      '[ -t 0 ] && [ -t 1 ] && echo a terminal',
      { restartPolicy: 'Never' },
      { image: 'tiny', tty: true, stdin: true },
    );
    await node.until('tty', (pod) => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''));
    expect((await node.logs('tty')).text.trim()).toBe('a terminal');
  });

  it('says what is missing: a shell, the folder, namespaces', async () => {
    if (!isolated()) return;
    await node.pod('no-shell', '', { restartPolicy: 'Never' }, { image: 'empty', command: undefined });
    const failed = await node.phase('no-shell', 'Failed');
    expect(failed.status?.containerStatuses?.[0]?.state.terminated?.message).toContain(
      `${folder}/empty has no /bin/sh`,
    );
    await node.pod('gone', 'true', {}, { image: 'gone' });
    await eventually(() => node.events('gone')).toContain(
      `Failed Failed to pull image "gone": the image map names the root ${folder}/gone, which is not a folder of this machine`,
    );
    await using plain = await TestNode.start({ images, isolation: 'none' });
    await plain.pod('plain', 'true', {}, { image: 'tiny' });
    await eventually(() => plain.events('plain')).toContain(
      `Failed Failed to pull image "tiny": the image has a root of its own, ${folder}/tiny, which needs namespaces: isolation is switched off`,
    );
    await eventually(() => plain.events('plain')).toContain('Failed Error: ErrImagePull');
  });
});
