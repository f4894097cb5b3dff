// kubectl and plain objects: create, read, describe, explain, change, apply, and who may.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullVersions, KubectlSession, outputOf } from './kubectl-session.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

describe.each(fullVersions)('kubectl $version', (kubectl) => {
  let session: KubectlSession;
  beforeAll(async () => {
    session = await KubectlSession.open(sandbox, kubectl, `objects-${kubectl.version.replace('.', '-')}`);
  });
  afterAll(() => session[Symbol.asyncDispose]());

  it('creates what it has words for', async () => {
    const { namespace } = session;
    const created: [string, string][] = [
      ['sa robot', 'serviceaccount/robot'],
      ['secret generic s --from-literal=p=w', 'secret/s'],
      ['secret docker-registry reg --docker-server=x --docker-username=u --docker-password=p', 'secret/reg'],
      ['configmap cm --from-literal=k=v --from-literal=file.txt=hello', 'configmap/cm'],
      ['role r --verb=get,list --resource=pods', 'role.rbac.authorization.k8s.io/r'],
      [
        `rolebinding rb --role=r --serviceaccount=${namespace}:robot`,
        'rolebinding.rbac.authorization.k8s.io/rb',
      ],
      [
        `clusterrole ${namespace} --verb=get --resource=nodes`,
        `clusterrole.rbac.authorization.k8s.io/${namespace}`,
      ],
      [
        `clusterrolebinding ${namespace} --clusterrole=${namespace} --serviceaccount=${namespace}:robot`,
        `clusterrolebinding.rbac.authorization.k8s.io/${namespace}`,
      ],
      ['cronjob cj --image=busybox --schedule=@daily -- true', 'cronjob.batch/cj'],
      ['quota q --hard=pods=10', 'resourcequota/q'],
      ['pdb p --selector=app=web --min-available=1', 'poddisruptionbudget.policy/p'],
      ['service clusterip svc --tcp=80:8080', 'service/svc'],
    ];
    for (const [what, name] of created)
      expect(await session.prints(`create ${what}`)).toBe(`${name} created`);
    expect(await session.prints('create token robot --duration=1h')).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await session.prints('create configmap dry --dry-run=server -o name')).toBe('configmap/dry');
    expect(await session.complains('get cm dry')).toBe(
      'Error from server (NotFound): configmaps "dry" not found',
    );
  });

  it('gets in every form', async () => {
    expect(await session.prints('get cm cm')).toMatch(/^NAME\s+DATA\s+AGE\ncm\s+2\s+\d+s$/);
    expect(JSON.parse(await session.prints('get cm cm -o json'))).toMatchObject({
      kind: 'ConfigMap',
      data: { k: 'v' },
    });
    expect(await session.prints('get cm cm -o yaml')).toContain('\n  file.txt: hello\n  k: v\n');
    expect(await session.prints('get secret s -o jsonpath={.data.p}')).toBe('dw==');
    expect(await session.prints('get cm,sa -o name')).toContain('serviceaccount/robot');
    expect(await session.prints('get cm cm -o custom-columns=N:.metadata.name,K:.data.k')).toMatch(
      /^N\s+K\ncm\s+v$/,
    );
    expect(
      await session.prints(['get', 'cm', '-o', 'go-template={{range .items}}{{.metadata.name}} {{end}}']),
    ).toContain('cm ');
    expect(await session.prints('get secret --field-selector=type=Opaque -o name')).toBe('secret/s');
    expect(await session.prints('get cm -A --chunk-size=2 -o name')).toContain('configmap/cm');
    expect(await session.prints('get cm --sort-by=.metadata.name --no-headers')).toMatch(/^cm /);
    expect(await session.prints('get cronjob cj')).toMatch(
      /@daily\s+<none>\s+False\s+0\s+<none>|@daily\s+False\s+0\s+<none>/,
    );
    expect(await session.prints('get nodes -o wide')).toMatch(
      /Ready\s+control-plane,master,worker\s.*pergola:\/\//,
    );
    expect(await session.prints(`get --raw /api/v1/namespaces/${session.namespace}/configmaps/cm`)).toContain(
      '"k":"v"',
    );
  });

  it('watches', async () => {
    const output = outputOf(session.start('get cm -w'));
    await expect.poll(() => output.text, { timeout: 10_000 }).toMatch(/^cm /m);
    await session.prints('create cm watched --from-literal=a=b');
    await expect.poll(() => output.text, { timeout: 10_000 }).toMatch(/^watched +1 /m);
  });

  it('describes', async () => {
    expect(await session.prints('describe cm cm')).toMatch(/file\.txt:\n----\nhello/);
    expect(await session.prints('describe secret s')).toContain('p:  1 bytes');
    expect(await session.prints('describe sa robot')).toContain('Mountable secrets:   <none>');
    expect(await session.prints(`describe ns ${session.namespace}`)).toMatch(/Status:\s+Active/);
    expect(await session.prints('describe node')).toMatch(/Ready\s+True\s.*kubelet is posting ready status/);
    expect(await session.prints('describe role r')).toMatch(/pods\s+\[\]\s+\[\]\s+\[get list\]/);
    expect(await session.prints('describe cronjob cj')).toMatch(/Concurrency Policy:\s+Allow/);
    expect(await session.prints('describe svc svc')).toMatch(/IP:\s+172\.30\./);
  });

  it('explains and discovers', async () => {
    expect(await session.prints('explain deploy.spec.replicas')).toContain('replicas <integer>');
    expect(await session.prints('explain pod.spec.containers --recursive')).toContain(
      'livenessProbe\t<Probe>',
    );
    expect(await session.complains('explain pod.spec.nosuch')).toContain('field "nosuch" does not exist');
    expect(await session.prints('api-resources --namespaced=true -o name')).toContain('deployments.apps');
    expect(await session.prints('api-versions')).toMatch(/^apps\/v1$/m);
    expect(await session.prints('cluster-info')).toContain('is running at');
    expect(await session.prints('version')).toMatch(/Server Version: v1\.33\.\d/);
    expect(await session.prints('get --raw /readyz')).toBe('ok');
    expect(await session.complains('top nodes')).toBe('error: Metrics API not available');
    expect(await session.complains('get nosuch')).toBe(
      'error: the server doesn\'t have a resource type "nosuch"',
    );
  });

  it('patches in three languages, labels, annotates and edits', async () => {
    await session.prints(['patch', 'cm', 'cm', '-p', '{"data":{"strategic":"1"}}']);
    await session.prints([
      'patch',
      'cm',
      'cm',
      '--type=merge',
      '-p',
      '{"data":{"strategic":null,"merge":"1"}}',
    ]);
    await session.prints([
      'patch',
      'cm',
      'cm',
      '--type=json',
      '-p',
      '[{"op":"add","path":"/data/json","value":"1"}]',
    ]);
    expect(JSON.parse(await session.prints('get cm cm -o jsonpath={.data}'))).toEqual({
      'file.txt': 'hello',
      k: 'v',
      merge: '1',
      json: '1',
    });
    expect(
      await session.complains([
        'patch',
        'cm',
        'cm',
        '--type=json',
        '-p',
        '[{"op":"test","path":"/data/json","value":"2"}]',
      ]),
    ).toBe('The request is invalid: the server rejected our request due to an error in our request');
    expect(await session.prints('label cm cm a=b')).toBe('configmap/cm labeled');
    expect(await session.complains('label cm cm a=c')).toContain("'a' already has a value (b)");
    expect(await session.prints('label cm cm a=c --overwrite')).toBe('configmap/cm labeled');
    expect(await session.prints('get cm -l a=c -o name')).toBe('configmap/cm');
    expect(await session.prints('annotate cm cm note=x')).toMatch(/annotated$/);
    const editor = join(session.home, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/k: v/k: edited/" "$1"\n');
    chmodSync(editor, 0o755);
    const edited = await session.run('edit cm cm', undefined, { KUBE_EDITOR: editor });
    expect(edited).toMatchObject({ code: 0, stdout: 'configmap/cm edited\n' });
    expect(await session.prints('get cm cm -o jsonpath={.data.k}')).toBe('edited');
  });

  it('applies: here, on the server, and says what differs and who else owns it', async () => {
    expect(await session.prints('apply -f -', configMap('ap', { a: '1', b: '2' }))).toBe(
      'configmap/ap created',
    );
    expect(await session.prints('apply -f -', configMap('ap', { a: '1', b: '2' }))).toBe(
      'configmap/ap unchanged',
    );
    const difference = await session.run('diff -f -', configMap('ap', { a: '3' }));
    expect(difference.code).toBe(1);
    expect(difference.stdout).toMatch(/^-  a: "1"\n-  b: "2"\n\+  a: "3"$/m);
    expect(await session.prints('apply -f - --dry-run=server', configMap('ap', { a: '3' }))).toBe(
      'configmap/ap configured (server dry run)',
    );
    expect(await session.prints('apply -f -', configMap('ap', { a: '3' }))).toBe('configmap/ap configured');
    expect(await session.prints('get cm ap -o jsonpath={.data}')).toBe('{"a":"3"}');
    expect(await session.prints('apply view-last-applied cm/ap')).toContain('a: "3"');
    expect(await session.prints('apply --server-side -f -', configMap('ap', { a: '3' }))).toBe(
      'configmap/ap serverside-applied',
    );
    expect(
      await session.complains('apply --server-side --field-manager=other -f -', configMap('ap', { a: '4' })),
    ).toContain('error: Apply failed with 1 conflict: conflict with "kubectl": .data.a\n');
    await session.prints(
      'apply --server-side --field-manager=other --force-conflicts -f -',
      configMap('ap', { a: '4' }),
    );
    const managers = JSON.parse(
      await session.prints('get cm ap --show-managed-fields -o jsonpath={.metadata.managedFields}'),
    ) as { manager: string }[];
    expect(managers.map(({ manager }) => manager)).toContain('other');
    await session.prints('apply -f -', {
      ...configMap('pruned', {}),
      metadata: { name: 'pruned', labels: { set: 'x' } },
    });
    expect(
      await session.prints('apply --prune -l set=x --prune-allowlist=core/v1/ConfigMap -f -', {
        ...configMap('kept', {}),
        metadata: { name: 'kept', labels: { set: 'x' } },
      }),
    ).toBe('configmap/kept created\nconfigmap/pruned pruned');
  });

  it('waits, and deletes', async () => {
    const waiting = session.run('wait --for=jsonpath={.data.go}=yes cm/watched --timeout=20s');
    await session.prints(['patch', 'cm', 'watched', '-p', '{"data":{"go":"yes"}}']);
    expect((await waiting).stdout).toBe('configmap/watched condition met\n');
    expect(await session.complains('wait --for=jsonpath={.data.go}=no cm/watched --timeout=0s')).toBe(
      'error: condition not met for configmaps/watched',
    );
    expect(await session.prints('delete cm watched ap')).toMatch(/"watched" deleted.*\n.*"ap" deleted/);
    expect(await session.prints('delete cm nosuch --ignore-not-found')).toBe('');
    expect(await session.complains('delete cm nosuch')).toBe(
      'Error from server (NotFound): configmaps "nosuch" not found',
    );
  });

  it('knows who may do what', async () => {
    const { namespace } = session;
    const robot = `--as=system:serviceaccount:${namespace}:robot`;
    expect(await session.prints('auth whoami')).toMatch(/Username\s+system:admin/);
    expect(await session.prints('auth whoami --as=jane --as-group=dev')).toMatch(
      /jane\nGroups\s+\[dev system:authenticated\]/,
    );
    expect(await session.prints(`auth can-i list pods ${robot}`)).toBe('yes');
    expect((await session.run(`auth can-i delete pods ${robot}`)).stdout).toBe('no\n');
    expect(await session.prints(`auth can-i --list ${robot}`)).toMatch(
      /^pods\s+\[\]\s+\[\]\s+\[get list\]$/m,
    );
    const token = await session.prints('create token robot');
    const config = join(session.home, 'robot.yaml');
    writeFileSync(config, (await session.prints('config view --raw --minify')).replace(/^users:[^]*/m, ''));
    const asRobot = (args: string) => session.run(`--kubeconfig=${config} --token=${token} ${args}`);
    const user = `User "system:serviceaccount:${namespace}:robot"`;
    expect((await asRobot('get pods')).code).toBe(0);
    expect((await asRobot('get secret s')).stderr).toBe(
      `Error from server (Forbidden): secrets "s" is forbidden: ${user} cannot get resource "secrets" in API group "" in the namespace "${namespace}"\n`,
    );
    expect((await asRobot('get pods -A')).stderr).toBe(
      `Error from server (Forbidden): pods is forbidden: ${user} cannot list resource "pods" in API group "" at the cluster scope\n`,
    );
    expect((await asRobot('create deployment x --image=y')).stderr).toBe(
      `error: failed to create deployment: deployments.apps is forbidden: ${user} cannot create resource "deployments" in API group "apps" in the namespace "${namespace}"\n`,
    );
    expect((await asRobot('get pods --as=system:admin')).stderr).toBe(
      `Error from server (Forbidden): users "system:admin" is forbidden: ${user} cannot impersonate resource "users" in API group "" at the cluster scope\n`,
    );
    expect((await session.run(`--kubeconfig=${config} --token=bad get pods`)).stderr).toBe(
      'error: You must be logged in to the server (Unauthorized)\n',
    );
    expect(await session.complains('get pods --as=jane')).toContain(
      'User "jane" cannot list resource "pods"',
    );
  });
});
