import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMaps, eventually, events, pods, secrets, TestNode } from './harness.ts';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
});

// oxlint-disable-next-line typescript/no-explicit-any -- tests look at wire objects.
type Wire = Record<string, any>;
const state = (pod: { status?: { containerStatuses?: unknown[] } }) =>
  pod.status?.containerStatuses?.[0] as never as Wire;

describe('a pod', () => {
  it('runs the loop of the seed, logs it in CRI format and follows it', async () => {
    const pod = await node.pod('loop', 'while true; do date; sleep 0.05; done');
    const running = await node.phase('loop', 'Running');
    expect(running.status?.podIP).toMatch(/^127\.64\./);
    expect(state(running)).toMatchObject({
      ready: true,
      started: true,
      restartCount: 0,
      imageID: 'pergola://host/docker.io/library/busybox:latest',
    });
    expect(running.status?.conditions?.map((item) => `${item.type}=${item.status}`)).toContain('Ready=True');
    await node.until('loop', () => true);
    const file = join(node.dataDir, `var/log/pods/test_loop_${pod.metadata.uid}/main/0.log`);
    await expect
      .poll(() => readFileSync(file, 'utf8'))
      .toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stdout F .+\n/);
    expect(
      readdirSync(join(node.dataDir, 'var/log/containers')).some((name) =>
        /^loop_test_main-[0-9a-f]{64}\.log$/.test(name),
      ),
    ).toBe(true);
    const { status, text } = await node.logs('loop', 'tailLines=1&timestamps=true');
    expect(status).toBe(200);
    // One more may come while the last is read.
    expect(text).toMatch(/^(\d{4}-.*Z .+\n){1,2}$/);
    await node.cluster.delete(pods, { namespace: 'test', name: 'loop' }, { gracePeriodSeconds: 1 });
    await node.gone('loop');
    expect(existsSync(file)).toBe(false);
  });

  it('gains ephemeral containers while it runs, and loses them with its end', async () => {
    await node.pod('debugged', 'sleep 1000', { terminationGracePeriodSeconds: 0 });
    const running = await node.phase('debugged', 'Running');
    const debug = (name: string, script: string) => ({
      name,
      image: 'busybox',
      command: ['sh', '-c', script],
    });
    const spec = { ephemeralContainers: [debug('one', 'echo seen; exit 3'), debug('two', 'sleep 1000')] };
    const ref = { namespace: 'test', name: 'debugged' };
    await node.cluster.patch(pods, ref, { kind: 'merge', body: { spec } });
    const ended = await node.until('debugged', ({ status }) => {
      const [one, two] = status?.ephemeralContainerStatuses ?? [];
      return one?.state.terminated !== undefined && two?.state.running !== undefined;
    });
    expect(ended.status?.ephemeralContainerStatuses?.[0]?.state.terminated?.exitCode).toBe(3);
    expect(ended.status?.containerStatuses).toEqual(running.status?.containerStatuses);
    expect(await node.logs('debugged', '', 'one')).toEqual({ status: 200, text: 'seen\n' });
    await node.cluster.delete(pods, ref, { gracePeriodSeconds: 0 });
    await node.gone('debugged');
  });

  it('names its events in the order of time, as lists show them', async () => {
    await node.pod('told', 'true', { restartPolicy: 'Never' });
    await node.phase('told', 'Succeeded');
    await eventually(() => node.events('told')).toHaveLength(3);
    const { items } = await node.cluster.list(events);
    const told = items.filter((event) => event.metadata.name.startsWith('told.'));
    expect(
      told
        .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
        .map((event) => event['reason']),
    ).toEqual(['Pulled', 'Created', 'Started']);
  });

  it('sees the host read-only, itself as host, and none of our environment', async () => {
    if (node.runtime.isolation === 'none') return console.log(`skipped: ${node.runtime.reason}`);
    process.env['PERGOLA_SECRET_OF_THE_HOST'] = 'x';
    const script =
      'echo host $(hostname); touch /etc/x 2>&1; touch /usr/x 2>&1; (echo x > /proc/sys/kernel/domainname) 2>&1; mknod /tmp/d b 254 0 2>&1; echo pid $$$$; ls /proc | grep -c "^[0-9]"; env; ls ' +
      node.dataDir;
    await node.pod('box', `(${script}) 2>&1`, { restartPolicy: 'Never' });
    await node.until('box', (pod) => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''));
    delete process.env['PERGOLA_SECRET_OF_THE_HOST'];
    const { text } = await node.logs('box');
    expect(text).toContain('host box\n');
    expect(text).toMatch(/'\/etc\/x': Read-only file system/);
    expect(text).toMatch(/'\/usr\/x': (Read-only file system|Permission denied)/);
    expect(text).toMatch(/cannot create \/proc\/sys\/kernel\/domainname: Read-only file system/);
    expect(text).toContain('mknod: /tmp/d: Operation not permitted');
    expect(text).toContain('pid 1\n');
    expect(text).toContain('KUBERNETES_SERVICE_HOST=127.0.0.1\n');
    expect(text).not.toContain('PERGOLA_SECRET_OF_THE_HOST');
    expect(text).toMatch(/ls: cannot (open|access)/);
  });

  it('keeps the network that it is given when its configuration names none', async () => {
    const env = [
      { name: 'KUBERNETES_SERVICE_HOST', value: '' },
      { name: 'OTHER', value: '' },
    ];
    await node.pod('emptied', 'env', { restartPolicy: 'Never' }, { env });
    await node.phase('emptied', 'Succeeded');
    const { text } = await node.logs('emptied');
    expect(text).toContain('KUBERNETES_SERVICE_HOST=127.0.0.1\n');
    expect(text).toContain('OTHER=\n');
  });

  it('mounts tokens, config maps, secrets, the downward API and shared directories at their places', async () => {
    await node.cluster.create(configMaps, {
      metadata: { name: 'conf', namespace: 'test' },
      data: { 'a.txt': 'alpha', b: 'beta' },
    });
    await node.cluster.create(secrets, {
      metadata: { name: 'sec', namespace: 'test' },
      data: { key: Buffer.from('hidden').toString('base64') },
    });
    const volumes = [
      {
        name: 'token',
        projected: {
          sources: [
            {
              serviceAccountToken: { audience: 'sts.amazonaws.com', expirationSeconds: 86400, path: 'token' },
            },
          ],
        },
      },
      {
        name: 'conf',
        configMap: { name: 'conf', items: [{ key: 'a.txt', path: 'deep/a.txt', mode: 0o400 }] },
      },
      { name: 'sec', secret: { secretName: 'sec' } },
      { name: 'down', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
      { name: 'share', emptyDir: {} },
    ];
    const volumeMounts = [
      { name: 'token', mountPath: '/var/run/secrets/eks.amazonaws.com/serviceaccount', readOnly: true },
      { name: 'conf', mountPath: '/etc/pergola-conf' },
      { name: 'sec', mountPath: '/sec' },
      { name: 'sec', mountPath: '/etc/one-file', subPath: 'key' },
      { name: 'down', mountPath: '/down' },
      { name: 'share', mountPath: '/share' },
    ];
    const env = [
      { name: 'FILE', value: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token' },
      { name: 'B', valueFrom: { configMapKeyRef: { name: 'conf', key: 'b' } } },
      { name: 'S', valueFrom: { secretKeyRef: { name: 'sec', key: 'key' } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'ALL', value: '$(B)-$(S)-$(NONE)-$$(B)' },
    ];
    const script =
      'cat $FILE; echo; echo $ALL; cat /etc/pergola-conf/deep/a.txt /sec/key /etc/one-file /down/name; echo; cat /share/from-init; echo $IP; echo new > /share/x';
    const main = { volumeMounts, env, args: undefined };
    const init = {
      name: 'init',
      image: 'busybox',
      command: ['sh', '-c', 'echo shared > /share/from-init'],
      volumeMounts: [{ name: 'share', mountPath: '/share' }],
    };
    if (node.runtime.isolation === 'none') return console.log(`skipped: ${node.runtime.reason}`);
    await node.pod(
      'vols',
      `(${script}) 2>&1`,
      { restartPolicy: 'Never', volumes, initContainers: [init] } as never,
      main,
    );
    const done = await node.phase('vols', 'Succeeded');
    const { text } = await node.logs('vols');
    expect(text).toBe(
      `token-1-sts.amazonaws.com\nbeta-hidden-$(NONE)-$(B)\nalphahiddenhiddenvols\nshared\n${done.status?.podIP}\n`,
    );
    expect(node.cluster.tokenRequests[0]!['spec'].boundObjectRef).toMatchObject({
      kind: 'Pod',
      name: 'vols',
      uid: done.metadata.uid,
    });
    expect(done.status?.initContainerStatuses?.[0]?.state.terminated?.exitCode).toBe(0);
  });

  it('runs the aws program of the machine for the aws image, without the credentials of its user', async () => {
    await node.pod(
      'aws',
      '',
      { restartPolicy: 'Never' },
      { image: 'amazon/aws-cli:latest', command: undefined, args: ['--version'] },
    );
    const done = await node.until('aws', (pod) => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''));
    if (state(done)['state'].terminated.reason === 'StartError') {
      expect(state(done)['state'].terminated.message).toContain('exec: "aws"');
      return console.log('skipped: this machine has no aws');
    }
    expect((await node.logs('aws')).text).toMatch(/^aws-cli\//);
  });

  it('waits with ImagePullBackOff for an image that is not mapped, and says what to do', async () => {
    await node.pod('unknown', 'true', {}, { image: 'example.com/x:1' });
    const pod = await node.until(
      'unknown',
      (item) => state(item)?.['state'].waiting?.reason === 'ImagePullBackOff',
    );
    expect(state(pod)['state'].waiting.message).toContain('map it to this machine');
    expect(pod.status?.phase).toBe('Pending');
    await eventually(() => node.events('unknown')).toContain('Failed Error: ErrImagePull');
    expect((await node.logs('unknown')).text).toBe(
      'container "main" in pod "unknown" is waiting to start: trying and failing to pull image\n',
    );
    await node.cluster.delete(pods, { namespace: 'test', name: 'unknown' }, {});
    await node.gone('unknown');
  });

  it('restarts at once, then backs off; the previous log is kept', async () => {
    await node.pod('crash', 'echo life; exit 3');
    const pod = await node.until(
      'crash',
      (item) => state(item)?.['state'].waiting?.reason === 'CrashLoopBackOff',
    );
    expect(state(pod)).toMatchObject({
      restartCount: 1,
      ready: false,
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect(state(pod)['state'].waiting.message).toBe(
      `back-off 10s restarting failed container=main pod=crash_test(${pod.metadata.uid})`,
    );
    expect(pod.status?.phase).toBe('Running');
    expect((await node.logs('crash')).text).toBe('life\n');
    expect((await node.logs('crash', 'previous=true')).text).toBe('life\n');
    await node.cluster.delete(pods, { namespace: 'test', name: 'crash' }, {});
    await node.gone('crash');
  });

  it('tells a command that does not exist, and a config map that does not', async () => {
    await node.pod('nocmd', '', { restartPolicy: 'Never' }, { command: ['no-such-program'] });
    const failed = await node.phase('nocmd', 'Failed');
    expect(state(failed)['state'].terminated).toMatchObject({ exitCode: 128, reason: 'StartError' });
    expect(state(failed)['state'].terminated.message).toContain(
      'exec: "no-such-program": executable file not found in $PATH',
    );
    await node.pod(
      'nomap',
      'echo $X; sleep 100',
      {},
      { env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'later', key: 'x' } } }] },
    );
    await node.until(
      'nomap',
      (item) => state(item)?.['state'].waiting?.reason === 'CreateContainerConfigError',
    );
    expect(await node.events('nomap')).toContain('Failed Error: configmap "later" not found');
    await node.cluster.create(configMaps, {
      metadata: { name: 'later', namespace: 'test' },
      data: { x: 'now' },
    });
    await node.phase('nomap', 'Running');
    await eventually(async () => (await node.logs('nomap')).text).toBe('now\n');
  });

  it('stops gracefully: preStop, SIGTERM, and SIGKILL for those who do not listen', async () => {
    const script = 'trap "echo got TERM; exit 0" TERM; echo up; while true; do sleep 0.02; done';
    await node.pod(
      'polite',
      script,
      {},
      { lifecycle: { preStop: { exec: { command: ['sh', '-c', 'echo bye > /proc/1/fd/1'] } } } },
    );
    await eventually(async () => (await node.logs('polite')).text).toContain('up');
    const follow = node.logs('polite', 'follow=true');
    await node.cluster.delete(pods, { namespace: 'test', name: 'polite' }, {});
    expect((await follow).text).toBe('up\nbye\ngot TERM\n');
    await node.gone('polite');
    await node.pod('deaf', 'trap "" TERM; while true; do sleep 1; done');
    await node.phase('deaf', 'Running');
    await node.cluster.delete(pods, { namespace: 'test', name: 'deaf' }, { gracePeriodSeconds: 0 });
    await node.gone('deaf');
  });

  it('is not ready until its readiness probe says so, and restarts when its liveness probe fails', async () => {
    const probe = {
      exec: { command: ['test', '-e', '/tmp/ready'] },
      periodSeconds: 0.05,
      failureThreshold: 1,
    };
    await node.pod('probed', 'sleep 0.3; touch /tmp/ready; sleep 100', {}, { readinessProbe: probe });
    const running = await node.phase('probed', 'Running');
    expect(state(running)['ready']).toBe(false);
    await node.until('probed', (item) => state(item)['ready'] === true);
    await node.pod(
      'sick',
      'trap "exit 1" TERM; while true; do sleep 0.02; done',
      {},
      { livenessProbe: { tcpSocket: { port: 1 }, periodSeconds: 0.05, failureThreshold: 2 } },
    );
    await node.until('sick', (item) => state(item)?.['restartCount'] > 0);
    expect((await node.events('sick')).join('\n')).toMatch(
      /Killing Container main failed liveness probe, will be restarted/,
    );
  });

  it('is started again by the next node process, and nothing of the former one is left', async () => {
    await node.pod('again', 'echo life $$; sleep 1000', {}, {});
    const before = await node.phase('again', 'Running');
    await node.runtime[Symbol.asyncDispose]();
    await node.boot();
    const after = await node.until(
      'again',
      (item) => state(item)['restartCount'] === 1 && item.status?.phase === 'Running' && state(item)['ready'],
    );
    expect(state(after)['lastState'].terminated.exitCode).toBe(137);
    expect(after.status?.podIP).toBe(before.status?.podIP);
  });
});
