// kubectl and workloads: rollouts there and back, set, scale, expose, jobs, and the three ways of cascading.
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullVersions, KubectlSession } from './kubectl-session.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

// It ends at once when it is told to: a shell that is process 1 would wait out its grace period.
const deployment = (name: string, value: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          { name: 'c', image: 'busybox', command: ['sleep', '1000'], env: [{ name: 'A', value }] },
        ],
      },
    },
  },
});

describe.each(fullVersions)('kubectl $version', (kubectl) => {
  let session: KubectlSession;
  beforeAll(async () => {
    session = await KubectlSession.open(sandbox, kubectl, `workloads-${kubectl.version.replace('.', '-')}`);
  });
  afterAll(() => session[Symbol.asyncDispose]());
  const rolledOut = () => session.prints('rollout status deploy/web --timeout=30s');

  it('rolls a Deployment out, forth and back', async () => {
    await session.prints('apply -f -', deployment('web', '1'));
    expect(await rolledOut()).toContain('deployment "web" successfully rolled out');
    await session.prints('apply -f -', deployment('web', '2'));
    expect(await rolledOut()).toContain('successfully rolled out');
    expect(await session.prints('rollout history deploy/web')).toMatch(
      /^deployment\.apps\/web \nREVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>$/,
    );
    expect(await session.prints('rollout history deploy/web --revision=1')).toMatch(/A:\t1\n/);
    expect(await session.prints('rollout undo deploy/web')).toBe('deployment.apps/web rolled back');
    expect(await rolledOut()).toContain('successfully rolled out');
    expect(await session.prints('set env deploy/web --list')).toContain('A=1');
    expect(await session.prints('rollout history deploy/web')).toMatch(/\n2 +<none>\n3 +<none>$/);
    expect(await session.prints('rollout restart deploy/web')).toBe('deployment.apps/web restarted');
    expect(await rolledOut()).toContain('successfully rolled out');
    expect(await session.prints('rollout pause deploy/web')).toBe('deployment.apps/web paused');
    expect(await session.complains('rollout restart deploy/web')).toContain(
      "can't restart paused deployment",
    );
    expect(await session.prints('rollout resume deploy/web')).toBe('deployment.apps/web resumed');
    expect(await session.prints('describe deploy web')).toMatch(
      /Available\s+True\s+MinimumReplicasAvailable\n\s+Progressing\s+True\s+NewReplicaSetAvailable/,
    );
    expect(await session.prints('get deploy,rs -o wide')).toMatch(
      /deployment\.apps\/web\s+1\/1\s+1\s+1\s+\d+s\s+c\s+busybox\s+app=web/,
    );
  });

  it('sets, scales and exposes', async () => {
    expect(await session.prints('set env deploy/web B=9')).toBe('deployment.apps/web env updated');
    expect(await session.prints('set image deploy/web c=busybox:1.36')).toBe(
      'deployment.apps/web image updated',
    );
    expect(await session.prints('set resources deploy/web --limits=cpu=100m')).toBe(
      'deployment.apps/web resource requirements updated',
    );
    await session.prints('create serviceaccount robot');
    expect(await session.prints('set serviceaccount deploy/web robot')).toContain('serviceaccount updated');
    const spec = JSON.parse(await session.prints('get deploy web -o jsonpath={.spec.template.spec}'));
    expect(spec).toMatchObject({ serviceAccountName: 'robot', serviceAccount: 'robot' });
    expect(spec.containers[0]).toMatchObject({
      image: 'busybox:1.36',
      imagePullPolicy: 'Always',
      resources: { limits: { cpu: '100m' } },
    });
    expect(spec.containers[0].resources.requests).toBeUndefined();
    expect(await session.prints('scale deploy/web --replicas=3 --current-replicas=1')).toBe(
      'deployment.apps/web scaled',
    );
    expect(await session.complains('scale deploy/web --replicas=2 --current-replicas=7')).toContain(
      'Expected replicas to be 7, was 3',
    );
    expect(await rolledOut()).toContain('successfully rolled out');
    await session.eventually('get deploy web', /web\s+3\/3\s+3\s+3/);
    const [pod] = (await session.prints('get pods -l app=web -o name')).split('\n');
    const resources = await session.prints([
      'get',
      pod ?? '',
      '-o',
      'jsonpath={.spec.containers[0].resources}',
    ]);
    expect(JSON.parse(resources)).toEqual({ limits: { cpu: '100m' }, requests: { cpu: '100m' } });
    expect(await session.prints('expose deploy web --port=80 --target-port=8000')).toBe(
      'service/web exposed',
    );
    await session.eventually('get endpoints web', /127\.64\.\d+\.\d+:8000,127\.64/);
    await session.eventually('describe svc web', /Endpoints:\s+127\.64\.\d+\.\d+:8000/);
    expect(await session.prints('exec deploy/web -- hostname')).toMatch(/^web-/);
  });

  it('runs Jobs', async () => {
    await session.prints(['create', 'job', 'j', '--image=busybox', '--', 'echo', 'job-done']);
    await session.prints('wait --for=condition=complete job/j --timeout=30s');
    expect(await session.prints('logs job/j')).toBe('job-done');
    expect(await session.prints('get job j')).toMatch(/j\s+(Complete\s+)?1\/1\s/);
    expect(await session.prints('describe job j')).toMatch(/0 Active.* \/ 1 Succeeded \/ 0 Failed/);
    expect(await session.prints('delete job j')).toMatch(/^job\.batch "j" deleted/);
    await session.eventually('get pods -l job-name=j -o name', /^$/);
  });

  it('deletes in three ways', async () => {
    await session.prints('delete deploy web --cascade=orphan');
    expect(await session.prints('get rs -l app=web -o jsonpath={.items[*].metadata.ownerReferences}')).toBe(
      '',
    );
    expect(await session.prints('get pods -l app=web -o name')).toMatch(/^pod\/web-/);
    await session.prints('delete rs -l app=web --cascade=foreground --timeout=30s');
    expect(await session.prints('get pods -l app=web --field-selector=status.phase!=Failed -o name')).toBe(
      '',
    );
    await session.prints('apply -f -', deployment('again', '1'));
    await session.prints('rollout status deploy/again --timeout=30s');
    await session.prints('delete deploy again');
    await session.eventually('get rs,pods -l app=again -o name', /^$/);
  });
});
