// Every other kubectl of this machine, in short: what the seed types, and each way of streaming.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, it } from 'vitest';
import { because, findKubectls } from './clients.ts';
import { fullVersions, KubectlSession, outputOf } from './kubectl-session.ts';

const full = new Set(fullVersions.map(({ version }) => version));
const others = findKubectls().filter(({ version }) => !full.has(version));

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

it.concurrent.for(others)('kubectl $version does all of it in short', async (kubectl, { expect }) => {
  const namespace = `short-${kubectl.version.replace('.', '-')}`;
  await using session = await KubectlSession.open(sandbox, kubectl, namespace);
  await session.prints('create sa robot');
  await session.prints('create configmap cm --from-literal=k=v');
  expect(await session.prints('create token robot')).toMatch(/^ey/);
  const web = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'echo up; exec sleep 1000'] }],
        },
      },
    },
  };
  expect(await session.prints('create -f -', web)).toBe('deployment.apps/web created');
  expect(await session.prints('rollout status deploy/web --timeout=30s')).toContain(
    'successfully rolled out',
  );
  await session.prints('apply -f -', { ...web, metadata: { name: 'web', labels: { applied: 'yes' } } });
  expect(await session.prints('apply --server-side --force-conflicts -f -', web)).toContain(
    'serverside-applied',
  );
  expect(await session.complains('create -f -', { ...web, spec: { ...web.spec, replica: 1 } })).toContain(
    'unknown field "spec.replica"',
  );
  expect(await session.prints('get deploy web -o wide')).toMatch(/web\s+1\/1\s/);
  expect(await session.prints('describe pod -l app=web')).toContain('Started container c');
  expect(await session.prints('explain pod.spec.nodeName')).toContain('nodeName <string>');
  expect(await session.prints('auth can-i create pods')).toBe('yes');
  expect(await session.prints('logs deploy/web')).toBe('up');
  expect(await session.prints('exec -i deploy/web -- cat', 'through')).toBe('through');
  expect((await session.run(['exec', 'deploy/web', '--', 'sh', '-c', 'exit 3'])).code).toBe(3);
  const [pod = ''] = (
    await session.prints('get pods -l app=web -o jsonpath={.items[0].metadata.name}')
  ).split(' ');
  const file = join(session.home, 'copied');
  writeFileSync(file, 'content');
  await session.prints(`cp ${file} ${pod}:/tmp/copied`);
  expect(await session.prints(`exec ${pod} -- cat /tmp/copied`)).toBe('content');
  const forwarding = outputOf(session.start(`port-forward pod/${pod} :${new URL(sandbox.awsUrl).port}`));
  await expect.poll(() => forwarding.text, { timeout: 10_000 }).toMatch(/Forwarding from 127\.0\.0\.1:\d+/);
  const local = /127\.0\.0\.1:(\d+)/.exec(forwarding.text)?.[1];
  // The pod shares the host's network, so the AWS endpoint is there to be asked.
  expect((await fetch(`http://127.0.0.1:${local}/`)).status).toBeGreaterThanOrEqual(400);
  expect(await session.prints(`delete namespace ${namespace} --timeout=60s`)).toContain('deleted');
});

it(`finds other versions of kubectl${others.length > 0 ? '' : because('another kubectl')}`, ({
  skip,
  expect,
}) => {
  if (others.length === 0) skip('no kubectl but the fully tested ones');
  expect(others.length).toBeGreaterThan(0);
});
