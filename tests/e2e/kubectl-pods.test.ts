// kubectl and running pods: volumes, probes, logs, exec, attach, cp, port-forward, debug, and pods that fail.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './clients.ts';
import { fullVersions, KubectlSession, outputOf } from './kubectl-session.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const pod = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec,
});
const shell = (name: string, script: string, more: object = {}) => ({
  name,
  image: 'busybox',
  command: ['sh', '-c', script],
  ...more,
});

const shared = { name: 'shared', mountPath: '/shared' };
/** An init container, two containers, four kinds of volume, three kinds of probe. */
const full = (port: number) =>
  pod('full', {
    terminationGracePeriodSeconds: 1,
    initContainers: [
      shell('init', 'echo from-init > /shared/made; echo early; echo late', { volumeMounts: [shared] }),
    ],
    containers: [
      shell('main', 'trap "exit 0" TERM; echo one; echo two; while true; do sleep 0.2; echo tick; done', {
        volumeMounts: [
          shared,
          { name: 'config', mountPath: '/etc/config' },
          { name: 'secret', mountPath: '/etc/secret' },
        ],
        env: [
          { name: 'FROM_CONFIG', valueFrom: { configMapKeyRef: { name: 'cm', key: 'k' } } },
          { name: 'FROM_SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'p' } } },
          { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ],
        readinessProbe: { exec: { command: ['cat', '/shared/made'] }, periodSeconds: 1 },
      }),
      {
        name: 'web',
        image: 'python:3',
        workingDir: '/shared',
        command: ['python3', '-m', 'http.server', String(port)],
        ports: [{ containerPort: port, name: 'http' }],
        volumeMounts: [shared],
        readinessProbe: { httpGet: { path: '/made', port: 'http' }, periodSeconds: 1 },
        livenessProbe: { tcpSocket: { port }, periodSeconds: 1 },
      },
    ],
    volumes: [
      { name: 'shared', emptyDir: {} },
      { name: 'config', configMap: { name: 'cm' } },
      { name: 'secret', secret: { secretName: 's', defaultMode: 0o400 } },
    ],
  });

describe.each(fullVersions)('kubectl $version', (kubectl) => {
  let session: KubectlSession;
  const port = 8000 + Number(kubectl.version.split('.')[1]);
  beforeAll(async () => {
    session = await KubectlSession.open(sandbox, kubectl, `pods-${kubectl.version.replace('.', '-')}`);
    await session.prints('create configmap cm --from-literal=k=v');
    await session.prints('create secret generic s --from-literal=p=w');
    await session.prints('create -f -', full(port));
    const failing = [
      pod('crash', { containers: [shell('c', 'echo before-crash; exit 3')] }),
      pod('imageless', { containers: [{ name: 'c', image: 'nosuch.example.com/nothing:1' }] }),
      pod('reader', {
        terminationGracePeriodSeconds: 0,
        containers: [shell('c', 'while read l; do echo "got $l"; done; sleep 60', { stdin: true })],
      }),
    ];
    await session.prints('create -f -', { apiVersion: 'v1', kind: 'List', items: failing });
    await session.prints('wait --for=condition=Ready pod/full pod/reader --timeout=30s');
  });
  afterAll(() => session[Symbol.asyncDispose]());

  it('shows a pod with its containers, volumes, probes and events', async () => {
    expect(await session.prints('get pod full -o wide')).toMatch(
      /full\s+2\/2\s+Running\s+0\s+\d+s\s+127\.64\.\d+\.\d+\s+ip-/,
    );
    const text = await session.prints('describe pod full');
    expect(text).toMatch(/Init Containers:\n\s+init:[^]*Reason:\s+Completed\n\s+Exit Code:\s+0/);
    expect(text).toMatch(/FROM_CONFIG:\s+<set to the key 'k' of config map 'cm'>/);
    expect(text).toMatch(
      /Readiness:\s+http-get http:\/\/:http\/made delay=0s timeout=1s period=1s #success=1 #failure=3/,
    );
    expect(text).toMatch(/Events:[^]*Scheduled[^]*Pulled[^]*Created[^]*Started/);
    expect(await session.prints('events --for pod/full')).toMatch(/Normal\s+Scheduled\s+Pod\/full/);
    expect(await session.prints('get events --field-selector involvedObject.name=full')).toMatch(
      /Started container main/,
    );
    expect(await session.prints('get pods --field-selector=status.phase=Running -o name')).toContain(
      'pod/full',
    );
  });

  it('shows why pods do not run', async () => {
    const crashing = await session.eventually('get pod crash', /CrashLoopBackOff/);
    expect(crashing).toMatch(/crash\s+0\/1\s+CrashLoopBackOff\s+[1-9]/);
    expect(await session.prints('logs crash --previous')).toBe('before-crash');
    expect(await session.prints('describe pod crash')).toMatch(
      /Last State:\s+Terminated\n\s+Reason:\s+Error\n\s+Exit Code:\s+3/,
    );
    await session.eventually('get pod imageless', /imageless\s+0\/1\s+(ImagePullBackOff|ErrImagePull)/);
    await session.eventually(
      'describe pod imageless',
      /Back-off pulling image "nosuch.example.com\/nothing:1"/,
    );
    expect(await session.prints('describe pod imageless')).toMatch(
      /Failed to pull image.*no entry of the image map matches; map it/,
    );
    expect(await session.complains('logs imageless')).toMatch(
      /^Error from server \(BadRequest\): container "c" in pod "imageless" is waiting to start: (trying and failing to pull image|image can't be pulled)$/,
    );
  });

  it('reads logs', async () => {
    expect(await session.prints('logs full -c init')).toBe('early\nlate');
    expect(await session.prints('logs full -c main')).toMatch(/^one\ntwo\ntick/);
    expect(await session.prints('logs full -c init --tail=1')).toBe('late');
    expect(await session.prints('logs full -c init --tail=1 --timestamps')).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z late$/,
    );
    expect(await session.prints('logs full -c main --since=1s')).not.toContain('one');
    expect(await session.prints('logs full --all-containers --prefix --tail=1')).toMatch(
      /^\[pod\/full\/main\] tick$/m,
    );
    expect(await session.prints('logs -l app=full -c init --tail=1')).toBe('late');
    const following = outputOf(session.start('logs -f full -c main --tail=1'));
    await expect.poll(() => following.text, { timeout: 10_000 }).toMatch(/tick\ntick\ntick/);
    expect(await session.complains('logs full -c main --previous')).toBe(
      'Error from server (BadRequest): previous terminated container "main" in pod "full" not found',
    );
    expect(await session.complains('logs full -c nope')).toBe(
      'error: container nope is not valid for pod full',
    );
    expect(await session.complains('logs nope')).toContain('(NotFound): pods "nope" not found');
  });

  it('runs commands inside', async () => {
    const inMain = (script: string) =>
      session.prints(['exec', 'full', '-c', 'main', '--', 'sh', '-c', script]);
    expect(await inMain('cat /shared/made; cat /etc/config/k; echo; cat /etc/secret/p')).toBe(
      'from-init\nv\nw',
    );
    expect(await inMain('stat -Lc %a /etc/secret/p; echo $FROM_CONFIG $FROM_SECRET $POD; hostname')).toBe(
      '400\nv w full\nfull',
    );
    expect(await session.prints('exec -i full -c main -- cat', 'through stdin')).toBe('through stdin');
    const failed = await session.run([
      'exec',
      'full',
      '-c',
      'main',
      '--',
      'sh',
      '-c',
      'echo out; echo err >&2; exit 7',
    ]);
    expect(failed).toMatchObject({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\ncommand terminated with exit code 7\n',
    });
    expect(await session.complains('exec full -c main -- nosuchprogram')).toContain(
      'executable file not found in $PATH',
    );
    expect(await session.complains('exec full -c nope -- true')).toContain(
      'container nope is not valid for pod full',
    );
    expect(await session.complains('exec nope -- true')).toBe(
      'Error from server (NotFound): pods "nope" not found',
    );
    const words = `${session.path} -n ${session.namespace} exec -it full -c main -- sh -c 'tty; test -t 0 && echo terminal'`;
    const terminal = await run('script', ['-qec', words, '/dev/null'], { env: session.environment() });
    expect(terminal.stdout).toMatch(/\/dev\/pts\/\d+\r\n.*terminal/);
  });

  it('attaches', async () => {
    const child = session.start('attach -i reader');
    const output = outputOf(child);
    const asking = setInterval(() => child.stdin?.write('hello\n'), 200);
    await expect.poll(() => output.text, { timeout: 10_000 }).toContain('got hello');
    clearInterval(asking);
  });

  it('copies in and out', async () => {
    const file = join(session.home, 'big');
    writeFileSync(file, randomBytes(1_000_000));
    const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
    await session.prints(`cp ${file} full:/shared/big -c main`);
    expect(await session.prints('exec full -c web -- sha256sum /shared/big')).toContain(sum);
    await session.prints(`cp full:/shared/big ${file}.back -c main`);
    expect(readFileSync(`${file}.back`).equals(readFileSync(file))).toBe(true);
  });

  it('forwards a port by its name', async () => {
    const output = outputOf(session.start('port-forward pod/full :http'));
    await expect.poll(() => output.text, { timeout: 10_000 }).toMatch(/Forwarding from 127\.0\.0\.1:\d+/);
    const local = /127\.0\.0\.1:(\d+)/.exec(output.text)?.[1];
    const fetched = await fetch(`http://127.0.0.1:${local}/made`);
    expect(await fetched.text()).toBe('from-init\n');
  });

  it('runs a pod to its end, debugs one, and deletes in every way', async () => {
    const once = await session.run([
      'run',
      'once',
      '--image=busybox',
      '--rm',
      '-i',
      '--restart=Never',
      '--',
      'sh',
      '-c',
      'sleep 1; echo from-run',
    ]);
    expect(once.stdout).toMatch(/from-run\n(.*)pod "once" deleted/s);
    const failing = await session.run([
      'run',
      'failing',
      '--image=busybox',
      '--restart=Never',
      '--attach',
      '--',
      'sh',
      '-c',
      'sleep 1; exit 4',
    ]);
    expect(failing).toMatchObject({ code: 4 });
    expect(failing.stderr).toContain('terminated (Error)');
    await session.prints([
      'debug',
      'full',
      '--image=busybox',
      '-c',
      'debugger',
      '--',
      'sh',
      '-c',
      'echo debugged',
    ]);
    await session.eventually('logs full -c debugger', /^debugged$/m);
    expect(await session.prints('delete pod reader --grace-period=0 --force')).toBe(
      'pod "reader" force deleted',
    );
    expect(await session.prints('delete pod crash --wait=false')).toMatch(/^pod "crash" deleted/);
    expect(await session.prints('delete pod full imageless failing')).toMatch(/"full" deleted/);
    expect(await session.prints('get pods -o name')).not.toContain('pod/full');
    expect(await session.prints(`delete namespace ${session.namespace} --timeout=30s`)).toMatch(/deleted/);
    expect(await session.complains(`get namespace ${session.namespace}`)).toBe(
      `Error from server (NotFound): namespaces "${session.namespace}" not found`,
    );
  });
});
