import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlane, type TestPlane } from './harness.ts';

const CM = '/api/v1/namespaces/default/configmaps';
let test: TestPlane;
beforeAll(async () => {
  test = await startTestPlane();
});
afterAll(() => test[Symbol.asyncDispose]());

const configMap = (name: string, data: Record<string, string> = { k: 'v' }) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

describe('create and read', () => {
  it('stamps and returns the object', async () => {
    const { status, body } = await test.call('POST', CM, configMap('made'));
    expect(status).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'made', namespace: 'default' });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-.*Z$/);
    const read = await test.call('GET', `${CM}/made`);
    expect(read.body).toEqual(body);
  });

  it('answers a missing object and a taken name in the words of Kubernetes', async () => {
    const missing = await test.call('GET', `${CM}/zz`);
    expect(missing.status).toBe(404);
    expect(missing.body).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      message: 'configmaps "zz" not found',
      reason: 'NotFound',
      details: { name: 'zz', kind: 'configmaps' },
      code: 404,
    });
    await test.call('POST', CM, configMap('taken'));
    const taken = await test.call('POST', CM, configMap('taken'));
    expect(taken.body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "taken" already exists',
    });
  });

  it('draws a name from generateName', async () => {
    const object = { ...configMap(''), metadata: { generateName: 'gen-' } };
    const { body } = await test.call('POST', CM, object);
    expect(body.metadata.name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('refuses what is invalid, with causes', async () => {
    const { status, body } = await test.call('POST', CM, configMap('A_b'));
    expect(status).toBe(422);
    expect(body.message).toMatch(
      /^ConfigMap "A_b" is invalid: metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain/,
    );
    expect(body.details.causes[0]).toMatchObject({ reason: 'FieldValueInvalid', field: 'metadata.name' });
    const nameless = await test.call('POST', CM, { ...configMap(''), metadata: {} });
    expect(nameless.body.message).toBe(
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    );
  });

  it('refuses a namespace that does not exist, and another one than the path names', async () => {
    const nowhere = await test.call('POST', '/api/v1/namespaces/nowhere/configmaps', configMap('a'));
    expect(nowhere.body).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
    const other = { ...configMap('a'), metadata: { name: 'a', namespace: 'kube-system' } };
    const { body } = await test.call('POST', CM, other);
    expect(body.message).toBe(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  });

  it('reports unknown and duplicate fields as fieldValidation wants', async () => {
    const object = { ...configMap('strict'), metadata: { name: 'strict', foo: 1 }, dataa: {} };
    const strict = await test.call('POST', `${CM}?fieldValidation=Strict`, object);
    expect(strict.status).toBe(400);
    expect(strict.body.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.foo", unknown field "dataa"',
    );
    const warned = await test.call('POST', CM, { ...configMap('warned'), dataa: {} });
    expect(warned.status).toBe(201);
    expect(warned.headers['warning']).toBe('299 - "unknown field \\"dataa\\""');
    expect(warned.body.dataa).toBeUndefined();
    const twice =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"t"},"data":{"a":"1"},"data":{"a":"2"}}';
    const duplicate = await test.call('POST', `${CM}?fieldValidation=Strict`, twice);
    expect(duplicate.body.message).toContain('strict decoding error: duplicate field "data"');
  });

  it('stores nothing on a dry run', async () => {
    const { status } = await test.call('POST', `${CM}?dryRun=All`, configMap('dry'));
    expect(status).toBe(201);
    expect((await test.call('GET', `${CM}/dry`)).status).toBe(404);
    const wrong = await test.call('POST', `${CM}?dryRun=Some`, configMap('dry'));
    expect(wrong.status).toBe(422);
  });
});

describe('update', () => {
  it('refuses a stale resourceVersion and keeps the version of a write that changes nothing', async () => {
    const { body: made } = await test.call('POST', CM, configMap('upd'));
    const { body: next } = await test.call('PUT', `${CM}/upd`, { ...made, data: { k: 'w' } });
    expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion));
    const stale = await test.call('PUT', `${CM}/upd`, { ...made, data: { k: 'x' } });
    expect(stale.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "upd": the object has been modified; please apply your changes to the latest version and try again',
    });
    const same = await test.call('PUT', `${CM}/upd`, next);
    expect(same.body.metadata.resourceVersion).toBe(next.metadata.resourceVersion);
  });

  it('freezes an immutable ConfigMap', async () => {
    const { body } = await test.call('POST', CM, { ...configMap('frozen'), immutable: true });
    const changed = await test.call('PUT', `${CM}/frozen`, { ...body, data: { k: 'w' } });
    expect(changed.body.message).toBe(
      'ConfigMap "frozen" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    );
  });

  it('never loses an update under contention', async () => {
    await test.call('POST', CM, configMap('counted', {}));
    const patches = Array.from({ length: 8 }, (_, index) =>
      test.call(
        'PATCH',
        `${CM}/counted`,
        { data: { [`k${index}`]: 'v' } },
        { 'Content-Type': 'application/merge-patch+json' },
      ),
    );
    const statuses = (await Promise.all(patches)).map(({ status }) => status);
    const { body } = await test.call('GET', `${CM}/counted`);
    expect(Object.keys(body.data ?? {})).toHaveLength(statuses.filter((status) => status === 200).length);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
  });
});

describe('patch', () => {
  const patch = (type: string, path: string, body: unknown) =>
    test.call('PATCH', path, body, { 'Content-Type': type });

  it('speaks the four languages', async () => {
    await test.call('POST', CM, configMap('p', { a: '1', b: '2' }));
    const json = await patch('application/json-patch+json', `${CM}/p`, [{ op: 'remove', path: '/data/b' }]);
    expect(json.body.data).toEqual({ a: '1' });
    const merge = await patch('application/merge-patch+json', `${CM}/p`, { data: { c: '3', a: null } });
    expect(merge.body.data).toEqual({ c: '3' });
    const strategic = await patch('application/strategic-merge-patch+json', `${CM}/p`, { data: { d: '4' } });
    expect(strategic.body.data).toEqual({ c: '3', d: '4' });
    const applied = await patch(
      'application/apply-patch+yaml',
      `${CM}/p?fieldManager=me&force=true`,
      configMap('p', { d: '5' }),
    );
    expect(applied.status).toBe(200);
    expect(applied.body.data).toEqual({ c: '3', d: '5' });
  });

  it('answers apply conflicts, missing managers and unknown types', async () => {
    await test.call('POST', `${CM}?fieldManager=first`, configMap('owned', { k: '1' }));
    const conflict = await patch(
      'application/apply-patch+yaml',
      `${CM}/owned?fieldManager=second`,
      configMap('owned', { k: '2' }),
    );
    expect(conflict.status).toBe(409);
    expect(conflict.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "first" using v1: .data.k',
    );
    const nobody = await patch('application/apply-patch+yaml', `${CM}/owned`, configMap('owned'));
    expect(nobody.body.message).toContain('fieldManager: Required value: is required for apply patch');
    const unknown = await patch('application/json', `${CM}/owned`, {});
    expect(unknown.status).toBe(415);
  });

  it('creates by apply with 201', async () => {
    const made = await patch(
      'application/apply-patch+yaml',
      `${CM}/applied?fieldManager=me`,
      configMap('applied'),
    );
    expect(made.status).toBe(201);
    expect(made.body.metadata.managedFields).toMatchObject([{ manager: 'me', operation: 'Apply' }]);
  });
});

describe('delete', () => {
  it('answers with a Status that names the uid', async () => {
    const { body: made } = await test.call('POST', CM, configMap('gone'));
    const { body } = await test.call('DELETE', `${CM}/gone`);
    expect(body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'gone', kind: 'configmaps', uid: made.metadata.uid },
    });
  });

  it('honours finalizers and preconditions', async () => {
    const object = { ...configMap('held'), metadata: { name: 'held', finalizers: ['example.com/hold'] } };
    await test.call('POST', CM, object);
    const wrong = await test.call('DELETE', `${CM}/held`, { preconditions: { uid: 'other' } });
    expect(wrong.status).toBe(409);
    const { body: held } = await test.call('DELETE', `${CM}/held`);
    expect(held.metadata.deletionTimestamp).toBeDefined();
    const added = await test.call(
      'PATCH',
      `${CM}/held`,
      { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } },
      { 'Content-Type': 'application/merge-patch+json' },
    );
    expect(added.body.message).toContain('no new finalizers can be added if the object is being deleted');
    await test.call(
      'PATCH',
      `${CM}/held`,
      { metadata: { finalizers: null } },
      { 'Content-Type': 'application/merge-patch+json' },
    );
    expect((await test.call('GET', `${CM}/held`)).status).toBe(404);
  });

  it('adds the finalizers of the propagation policy', async () => {
    await test.call('POST', CM, configMap('fg'));
    const { body } = await test.call('DELETE', `${CM}/fg`, { propagationPolicy: 'Foreground' });
    expect(body.metadata.finalizers).toEqual(['foregroundDeletion']);
    const wrong = await test.call('DELETE', `${CM}/fg`, { propagationPolicy: 'Sideways' });
    expect(wrong.status).toBe(422);
  });

  it('deletes a collection by selector', async () => {
    for (const name of ['c1', 'c2']) {
      await test.call('POST', CM, { ...configMap(name), metadata: { name, labels: { batch: 'x' } } });
    }
    await test.call('POST', CM, configMap('c3'));
    const { body } = await test.call('DELETE', `${CM}?labelSelector=batch%3Dx`);
    expect(body.items).toHaveLength(2);
    expect((await test.call('GET', `${CM}/c3`)).status).toBe(200);
    expect((await test.call('GET', `${CM}/c1`)).status).toBe(404);
  });
});

describe('list', () => {
  it('pages consistently while objects come and go', async () => {
    const path = '/api/v1/namespaces/kube-public/configmaps';
    for (let i = 0; i < 5; i++) await test.call('POST', path, configMap(`page-${i}`));
    const { body: first } = await test.call('GET', `${path}?limit=2`);
    expect(first.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([
      'page-0',
      'page-1',
    ]);
    expect(first.metadata.remainingItemCount).toBe(3);
    await test.call('DELETE', `${path}/page-3`);
    await test.call('POST', path, configMap('page-25'));
    const rest = await test.call('GET', `${path}?limit=10&continue=${first.metadata.continue}`);
    expect(rest.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([
      'page-2',
      'page-3',
      'page-4',
    ]);
    expect(rest.body.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('selects by labels and fields, and names unknown fields', async () => {
    await test.call('POST', CM, { ...configMap('sel'), metadata: { name: 'sel', labels: { app: 'web' } } });
    const byLabel = await test.call('GET', `${CM}?labelSelector=app%20in%20(web)`);
    expect(byLabel.body.items).toHaveLength(1);
    const byField = await test.call('GET', `${CM}?fieldSelector=metadata.name%3Dsel`);
    expect(byField.body.items).toHaveLength(1);
    const unknown = await test.call('GET', `${CM}?fieldSelector=spec.x%3D1`);
    expect(unknown.status).toBe(400);
  });

  it('refuses versions from the future and malformed tokens', async () => {
    const future = await test.call('GET', `${CM}?resourceVersion=999999999`);
    expect(future.status).toBe(504);
    expect(future.body.details).toMatchObject({
      causes: [{ reason: 'ResourceVersionTooLarge' }],
      retryAfterSeconds: 1,
    });
    expect((await test.call('GET', `${CM}?continue=zz`)).status).toBe(400);
    expect((await test.call('GET', `${CM}?limit=x`)).status).toBe(400);
  });

  it('gives tables and metadata by Accept, and 406 for the rest', async () => {
    const table = await test.call('GET', CM, undefined, {
      Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    });
    expect(table.body.kind).toBe('Table');
    expect(table.body.rows[0].object.kind).toBe('PartialObjectMetadata');
    const meta = await test.call('GET', CM, undefined, {
      Accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    });
    expect(meta.body.kind).toBe('PartialObjectMetadataList');
    const yaml = await test.call('GET', CM, undefined, { Accept: 'application/yaml' });
    expect(yaml.text).toMatch(/^kind: ConfigMapList$/m);
    const none = await test.call('GET', CM, undefined, { Accept: 'application/vnd.kubernetes.protobuf' });
    expect(none.status).toBe(406);
  });
});

describe('kinds', () => {
  it('turns stringData into data and checks the type of a Secret', async () => {
    const path = '/api/v1/namespaces/default/secrets';
    const { body } = await test.call('POST', path, {
      metadata: { name: 's' },
      stringData: { password: 'x' },
    });
    expect(body).toMatchObject({ type: 'Opaque', data: { password: 'eA==' } });
    expect(body.stringData).toBeUndefined();
    const tls = await test.call('POST', path, { metadata: { name: 't' }, type: 'kubernetes.io/tls' });
    expect(tls.body.message).toContain('data[tls.crt]: Required value');
    const retyped = await test.call('PUT', `${path}/s`, { ...body, type: 'other' });
    expect(retyped.body.message).toContain('type: Invalid value: "other": field is immutable');
  });

  it('holds a namespace until it is finalized', async () => {
    const { body } = await test.call('POST', '/api/v1/namespaces', { metadata: { name: 'doomed' } });
    expect(body).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
    const dying = await test.call('DELETE', '/api/v1/namespaces/doomed');
    expect(dying.body.status.phase).toBe('Terminating');
    const late = await test.call('POST', '/api/v1/namespaces/doomed/configmaps', configMap('late'));
    expect(late.body).toMatchObject({ code: 403, details: { causes: [{ reason: 'NamespaceTerminating' }] } });
    expect(late.body.message).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace doomed because it is being terminated',
    );
    await test.call('PUT', '/api/v1/namespaces/doomed/finalize', { ...dying.body, spec: { finalizers: [] } });
    expect((await test.call('GET', '/api/v1/namespaces/doomed')).status).toBe(404);
    const safe = await test.call('DELETE', '/api/v1/namespaces/kube-system');
    expect(safe.status).toBe(403);
  });

  it('counts generations of a Deployment and isolates its status', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const template = {
      metadata: { labels: { app: 'a' } },
      spec: { containers: [{ name: 'c', image: 'busybox' }] },
    };
    const object = {
      metadata: { name: 'd' },
      spec: { selector: { matchLabels: { app: 'a' } }, template },
      status: { replicas: 9 },
    };
    const { body } = await test.call('POST', path, object);
    expect(body.metadata.generation).toBe(1);
    expect(body.status.replicas).toBeUndefined();
    expect(body.spec).toMatchObject({
      replicas: 1,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
    });
    expect(body.spec.template.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'Always',
      terminationMessagePath: '/dev/termination-log',
    });
    const merge = { 'Content-Type': 'application/merge-patch+json' };
    const status = await test.call(
      'PATCH',
      `${path}/d/status`,
      { status: { replicas: 3 }, spec: { replicas: 7 } },
      merge,
    );
    expect(status.body).toMatchObject({
      status: { replicas: 3 },
      spec: { replicas: 1 },
      metadata: { generation: 1 },
    });
    const scaled = await test.call('PATCH', `${path}/d/scale`, { spec: { replicas: 2 } }, merge);
    expect(scaled.body).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 2 },
      status: { replicas: 3, selector: 'app=a' },
    });
    const { body: after } = await test.call('GET', `${path}/d`);
    expect(after.metadata.generation).toBe(2);
    const moved = await test.call(
      'PATCH',
      `${path}/d`,
      { spec: { selector: { matchLabels: { app: 'b' } } } },
      merge,
    );
    expect(moved.status).toBe(422);
  });

  it('runs a pod through its life', async () => {
    const path = '/api/v1/namespaces/default/pods';
    const spec = { containers: [{ name: 'c', image: 'busybox:1', volumeMounts: [] }] };
    const orphan = await test.call('POST', path, { metadata: { name: 'p' }, spec });
    expect(orphan.body.message).toBe(
      'pods "p" is forbidden: error looking up service account default/default: serviceaccount "default" not found',
    );
    await test.call('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    const { status, body } = await test.call('POST', path, { metadata: { name: 'p' }, spec });
    expect(status).toBe(201);
    expect(body.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    const volume = body.spec.volumes[0];
    expect(volume.name).toMatch(/^kube-api-access-.{5}$/);
    expect(volume.projected.sources[0]).toEqual({
      serviceAccountToken: { expirationSeconds: 3607, path: 'token' },
    });
    expect(body.spec.containers[0].volumeMounts).toEqual([
      { name: volume.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ]);
    const bound = await test.call('POST', `${path}/p/binding`, {
      target: { kind: 'Node', name: 'n1' },
      metadata: { name: 'p' },
    });
    expect(bound.status).toBe(201);
    const again = await test.call('POST', `${path}/p/binding`, { target: { kind: 'Node', name: 'n2' } });
    expect(again.body.message).toBe(
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"',
    );
    const onNode = await test.call('GET', `/api/v1/pods?fieldSelector=spec.nodeName%3Dn1`);
    expect(onNode.body.items).toHaveLength(1);
    const frozen = await test.call(
      'PATCH',
      `${path}/p`,
      { spec: { restartPolicy: 'Never' } },
      { 'Content-Type': 'application/merge-patch+json' },
    );
    expect(frozen.body.message).toContain('spec: Forbidden: pod updates may not change fields other than');
    const dying = await test.call('DELETE', `${path}/p`);
    expect(dying.body.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    await test.call('DELETE', `${path}/p`, { gracePeriodSeconds: 0 });
    expect((await test.call('GET', `${path}/p`)).status).toBe(404);
  });

  it('shows events in both groups', async () => {
    await test.call('POST', '/api/v1/namespaces/default/events', {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
      message: 'hello',
      reason: 'Started',
    });
    const view = await test.call('GET', '/apis/events.k8s.io/v1/namespaces/default/events/e');
    expect(view.body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      note: 'hello',
      regarding: { name: 'p' },
    });
    const found = await test.call(
      'GET',
      '/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dp',
    );
    expect(found.body.items).toHaveLength(1);
  });
});

describe('bad input', () => {
  it('is answered with 400, 405, 413 and 415, and the server lives', async () => {
    expect((await test.call('POST', CM, '{"a":')).status).toBe(400);
    expect((await test.call('POST', CM, '[]')).status).toBe(400);
    expect((await test.call('POST', CM, '"x"')).status).toBe(400);
    expect((await test.call('POST', CM, '{"metadata":[]}')).status).toBe(400);
    expect((await test.call('POST', CM, { ...configMap('typed'), data: { n: 1 } })).status).toBe(400);
    expect((await test.call('POST', CM, '<a/>', { 'Content-Type': 'application/xml' })).status).toBe(415);
    expect(
      (await test.call('POST', CM, 'k8s', { 'Content-Type': 'application/vnd.kubernetes.protobuf' })).status,
    ).toBe(400);
    expect((await test.call('POST', CM, configMap('big', { k: 'x'.repeat(4 << 20) }))).status).toBe(413);
    expect((await test.call('DELETE', '/apis/user.openshift.io/v1/users/x')).status).toBe(405);
    expect(await test.call('GET', '/api/v1/nonsense')).toMatchObject({
      status: 404,
      text: '404 page not found\n',
    });
    const bare = { metadata: { name: 'bare', labels: {}, finalizers: [] } };
    expect(Object.keys((await test.call('POST', CM, bare)).body.metadata)).not.toContain('finalizers');
    const wrong = { spec: { replicas: 'three' } };
    expect(
      (await test.call('POST', '/apis/apps/v1/namespaces/default/deployments', wrong)).body.message,
    ).toBe(
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    );
    await test.call('POST', CM, configMap('patched-badly'));
    const patched = await test.call('PATCH', `${CM}/patched-badly`, '{"data":{"n":1}}', {
      'Content-Type': 'application/merge-patch+json',
    });
    expect(patched).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
    expect(patched.body.message).toMatch(
      /^ "" is invalid: patch: Invalid value: ".*": json: cannot unmarshal number into Go struct field ConfigMap.data of type string$/,
    );
    const torn = await test.call('PATCH', `${CM}/patched-badly`, '{bad', {
      'Content-Type': 'application/strategic-merge-patch+json',
    });
    expect(torn.body.message).toBe("invalid character 'b' looking for beginning of object key string");
    const deep = '{"a":'.repeat(100_000);
    expect((await test.call('POST', CM, `${deep}1${'}'.repeat(100_000)}`)).body.message).toContain(
      'max depth',
    );
    expect((await test.call('GET', '/%zz')).status).toBe(404);
    expect((await test.call('GET', '/healthz')).text).toBe('ok');
  });
});
