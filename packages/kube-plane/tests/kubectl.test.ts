import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectlPath, runKubectl, startTestPlane, type TestPlane } from './harness.ts';

// The two ends of what people use: 1.29 sends JSON and knows v2beta1 discovery, 1.33 sends protobuf and knows v2.
for (const version of ['1.29', '1.33']) {
  const binary = kubectlPath(version) ?? '';
  describe.skipIf(binary === '')(`kubectl ${version} (skipped where kubectl.${version} is absent)`, () => {
    let test: TestPlane;
    beforeAll(async () => {
      test = await startTestPlane();
    });
    afterAll(() => test[Symbol.asyncDispose]());

    const run = (args: string, input?: unknown) =>
      runKubectl(binary, test, args.split(' '), input === undefined ? undefined : JSON.stringify(input));
    /** Runs and returns what was printed; fails the test when kubectl fails. */
    const prints = async (args: string, input?: unknown) => {
      const { code, stdout, stderr } = await run(args, input);
      expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
      return stdout.trim();
    };

    it('creates the objects of the imperative commands', async () => {
      expect(await prints('create namespace demo')).toBe('namespace/demo created');
      expect(await prints('create sa default')).toBe('serviceaccount/default created');
      expect(await prints('create sa robot -n demo')).toBe('serviceaccount/robot created');
      expect(await prints('create configmap cm --from-literal=k=v')).toBe('configmap/cm created');
      expect(await prints('create secret generic s --from-literal=p=w')).toBe('secret/s created');
      expect(await prints('create role r --verb=get --resource=pods')).toBe(
        'role.rbac.authorization.k8s.io/r created',
      );
      expect(await prints('create rolebinding rb --role=r --serviceaccount=demo:robot')).toContain('created');
      expect(await prints('create deployment web --image=nginx --replicas=2')).toBe(
        'deployment.apps/web created',
      );
      expect(await prints('create service clusterip svc --tcp=80:8080')).toBe('service/svc created');
      expect(await prints('create job j --image=busybox -- true')).toBe('job.batch/j created');
      expect(await prints('create token robot -n demo --audience=sts.amazonaws.com')).toMatch(
        /^[\w-]+\.[\w-]+\.[\w-]+$/,
      );
      expect(await prints('get secret s -o jsonpath={.data.p}')).toBe(Buffer.from('w').toString('base64'));
      expect(await prints('run pod --image=busybox --restart=Never')).toBe('pod/pod created');
    });

    it('reads: get, describe, explain, api-resources, auth', async () => {
      expect(await prints('get deploy web')).toMatch(
        /NAME\s+READY\s+UP-TO-DATE\s+AVAILABLE\s+AGE\s+web\s+0\/2/,
      );
      expect(await prints('get pods -o wide')).toMatch(/NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE/);
      expect(await prints('get all')).toContain('deployment.apps/web');
      expect(await prints('describe deployment web')).toContain(
        'RollingUpdateStrategy:  25% max unavailable, 25% max surge',
      );
      expect(await prints('describe pod pod')).toContain('kube-api-access-');
      expect(await prints('describe sa robot -n demo')).toContain('Name:                robot');
      expect(await prints('explain deployment.spec.replicas')).toContain('FIELD: replicas <integer>');
      expect(await prints('api-resources --api-group=apps -o name')).toContain('deployments.apps');
      expect(await prints('auth can-i list pods --as=system:serviceaccount:demo:robot').catch(() => '')).toBe(
        '',
      );
      expect((await run('auth can-i get pods --as=system:serviceaccount:demo:robot')).stdout.trim()).toBe(
        'yes',
      );
      expect((await run('auth can-i delete nodes --as=system:serviceaccount:demo:robot')).stdout.trim()).toBe(
        'no',
      );
      expect(await prints('auth whoami -o jsonpath={.status.userInfo.username}')).toBe('system:admin');
    });

    it('applies, client side and server side, and shows differences', async () => {
      const object = (data: Record<string, string>) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'ap' },
        data,
      });
      expect(await prints('apply -f -', object({ a: '1', b: '2' }))).toBe('configmap/ap created');
      expect(await prints('apply -f -', object({ a: '1', b: '2' }))).toBe('configmap/ap unchanged');
      expect(await prints('apply -f -', object({ a: '3' }))).toBe('configmap/ap configured');
      expect(await prints('get cm ap -o jsonpath={.data}')).toBe('{"a":"3"}');
      const list = { apiVersion: 'v1', kind: 'List', items: [object({}), object({ a: '3' })] };
      expect(await prints('apply -f -', list)).toContain('configmap/ap');
      const difference = await run('diff -f -', object({ a: '4' }));
      expect(difference.code, difference.stderr).toBe(1);
      expect(difference.stdout).toContain('+  a: "4"');
      expect(await prints('apply --server-side --force-conflicts -f -', object({ a: '5' }))).toBe(
        'configmap/ap serverside-applied',
      );
      const typo = await run('apply -f -', { ...object({}), spec: {} });
      expect(typo.stderr).toContain('unknown field "spec"');
    });

    it('applies a Deployment with lists merged by their keys', async () => {
      const deployment = (image: string, env: object[]) => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'merged' },
        spec: {
          selector: { matchLabels: { app: 'm' } },
          template: { metadata: { labels: { app: 'm' } }, spec: { containers: [{ name: 'c', image, env }] } },
        },
      });
      await prints(
        'apply -f -',
        deployment('one', [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ]),
      );
      await prints('set env deployment/merged C=3');
      await prints('apply -f -', deployment('two', [{ name: 'A', value: '9' }]));
      const [container] = JSON.parse(
        await prints('get deploy merged -o jsonpath={.spec.template.spec.containers}'),
      );
      expect(container).toMatchObject({ image: 'two' });
      expect(
        container.env
          .map(({ name, value }: { name: string; value: string }) => `${name}=${value}`)
          .toSorted(),
      ).toEqual(['A=9', 'C=3']);
    });

    it('changes: patch, label, annotate, scale, rollout restart, edit of the status', async () => {
      expect(await prints('label cm cm a=b')).toBe('configmap/cm labeled');
      expect(await prints('annotate cm cm note=x')).toBe('configmap/cm annotated');
      expect(await prints('patch cm cm -p {"data":{"n":"1"}}')).toBe('configmap/cm patched');
      expect(await prints('scale deployment web --replicas=3')).toBe('deployment.apps/web scaled');
      expect(await prints('rollout restart deployment/web')).toBe('deployment.apps/web restarted');
      expect(
        await prints('patch deployment web --subresource=status --type=merge -p {"status":{"replicas":1}}'),
      ).toContain('patched');
      expect(
        await prints('get deploy web -o jsonpath={.spec.replicas}/{.status.replicas}/{.metadata.generation}'),
      ).toBe('3/1/3');
    });

    it('waits and deletes', async () => {
      const waiting = run('wait --for=jsonpath={.data.go}=yes cm/cm --timeout=20s');
      await prints('patch cm cm -p {"data":{"go":"yes"}}');
      expect((await waiting).stdout.trim()).toBe('configmap/cm condition met');
      expect(await prints('delete cm cm')).toContain('configmap "cm" deleted');
      expect(await prints('delete pod pod')).toContain('pod "pod" deleted');
      expect(await prints('delete deployment --all')).toContain('deployment.apps "web" deleted');
      expect((await run('get cm cm')).stderr.trim()).toBe(
        'Error from server (NotFound): configmaps "cm" not found',
      );
    });

    it('works with custom resources from the first second', async () => {
      const schema = {
        type: 'object',
        properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
      };
      const crd = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: { openAPIV3Schema: schema },
              additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
            },
          ],
        },
      };
      expect(await prints('apply -f -', crd)).toBe(
        'customresourcedefinition.apiextensions.k8s.io/widgets.example.com created',
      );
      expect(await prints('wait --for=condition=Established crd/widgets.example.com --timeout=5s')).toContain(
        'condition met',
      );
      const widget = {
        apiVersion: 'example.com/v1',
        kind: 'Widget',
        metadata: { name: 'w' },
        spec: { size: 3 },
      };
      expect(await prints('apply -f -', widget)).toBe('widget.example.com/w created');
      expect(await prints('apply -f -', { ...widget, spec: { size: 4 } })).toBe(
        'widget.example.com/w configured',
      );
      expect(await prints('get wd')).toMatch(/NAME\s+SIZE\s+w\s+4/);
      expect(await prints('explain widget.spec')).toContain('size');
      expect(await prints('delete crd widgets.example.com')).toContain('deleted');
    });

    it('speaks OpenShift’s kinds', async () => {
      expect(await prints('get infrastructure cluster -o jsonpath={.status.infrastructureName}')).toBe(
        'rosa-abcde',
      );
      expect(
        await prints(
          'get authentication.config.openshift.io cluster -o jsonpath={.spec.serviceAccountIssuer}',
        ),
      ).toBe('https://issuer.example.com/cluster');
      expect(await prints('get clusterversion version -o jsonpath={.status.desired.version}')).toBe('4.17.9');
      expect(await prints('get projects -o name')).toContain('project.project.openshift.io/demo');
    });
  });
}
