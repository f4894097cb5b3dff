// The audit trail as a collector reads it: one line for each stage of each request that the policy keeps.
import { beforeEach, expect, it } from 'vitest';
import { startTestPlane, USER_TOKEN } from './harness.ts';

const CM = '/api/v1/namespaces/default/configmaps';

// oxlint-disable-next-line typescript/no-explicit-any -- events are compared as JSON.
let events: any[];
let groups: string[];
beforeEach(() => {
  events = [];
  groups = [];
});

const start = () =>
  startTestPlane({
    audit(line, group) {
      expect(line).not.toContain('\n');
      events.push(JSON.parse(line));
      groups.push(group);
    },
  });

const ofStage = (stage: string) => events.filter((event) => event.stage === stage);

it('tells who did what to what, and how it ended', async () => {
  await using test = await start();
  const { headers } = await test.call('POST', CM, { metadata: { name: 'a' }, data: { secret: 'hidden' } });
  await test.call('GET', `${CM}/b?pretty=true`, undefined, { 'User-Agent': 'kubectl/v1.33' });
  expect(events).toMatchObject([
    {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      auditID: headers['audit-id'],
      stage: 'ResponseComplete',
      requestURI: CM,
      verb: 'create',
      user: { username: 'system:admin', groups: ['system:masters', 'system:authenticated'] },
      sourceIPs: ['127.0.0.1'],
      objectRef: { resource: 'configmaps', namespace: 'default', name: 'a', apiVersion: 'v1' },
      responseStatus: { metadata: {}, code: 201 },
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    },
    {
      verb: 'get',
      requestURI: `${CM}/b?pretty=true`,
      userAgent: 'kubectl/v1.33',
      responseStatus: {
        status: 'Failure',
        reason: 'NotFound',
        message: 'configmaps "b" not found',
        details: { name: 'b', kind: 'configmaps' },
        code: 404,
      },
    },
  ]);
  for (const name of ['requestReceivedTimestamp', 'stageTimestamp'])
    expect(events[0][name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  expect(JSON.stringify(events)).not.toContain('hidden');
});

it('keeps the id that a client gives, and says it in the answer', async () => {
  await using test = await start();
  const given = 'x'.repeat(70);
  const { headers } = await test.call('GET', CM, undefined, { 'Audit-ID': given });
  expect(headers['audit-id']).toBe('x'.repeat(64));
  expect(events[0].auditID).toBe('x'.repeat(64));
});

it('tells refusals with the decision, and nothing of who could not be known', async () => {
  await using test = await start();
  const asJane = { Authorization: `Bearer ${USER_TOKEN}` };
  await test.call('GET', CM, undefined, asJane);
  await test.call('GET', CM, undefined, { Authorization: 'Bearer wrong' });
  expect(events).toMatchObject([
    {
      user: { username: 'jane' },
      responseStatus: { reason: 'Forbidden', code: 403 },
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
    },
    { user: {}, responseStatus: { reason: 'Unauthorized', code: 401 } },
  ]);
  expect(events[1].annotations).toBeUndefined();
  expect(JSON.stringify(events)).not.toContain('wrong');
});

it('tells whose identity was taken on, and by whom', async () => {
  await using test = await start();
  await test.call('GET', CM, undefined, { 'Impersonate-User': 'jane', 'Impersonate-Group': 'gardeners' });
  expect(events[0]).toMatchObject({
    user: { username: 'system:admin' },
    impersonatedUser: { username: 'jane', groups: ['gardeners', 'system:authenticated'] },
    responseStatus: { code: 403 },
  });
});

it('tells of a watch when it begins and when it ends', async () => {
  await using test = await start();
  const watch = test.watch(`${CM}?watch=true`);
  await test.call('POST', CM, { metadata: { name: 'a' } });
  await watch.until(1);
  expect(ofStage('ResponseStarted')).toMatchObject([{ verb: 'watch', responseStatus: { code: 200 } }]);
  expect(ofStage('ResponseComplete').map(({ verb }) => verb)).toEqual(['create']);
  watch.close();
  await expect.poll(() => ofStage('ResponseComplete').map(({ verb }) => verb)).toEqual(['create', 'watch']);
  expect(ofStage('ResponseComplete')[1].auditID).toBe(ofStage('ResponseStarted')[0].auditID);
});

it('is silent about discovery and health, and names the group of all else', async () => {
  await using test = await start();
  for (const path of ['/api', '/apis', '/api/v1', '/apis/apps/v1', '/version', '/readyz', '/livez'])
    expect((await test.call('GET', path)).status).toBe(200);
  expect(events).toEqual([]);
  await test.call('GET', '/openid/v1/jwks');
  await test.call('GET', '/apis/project.openshift.io/v1/projects');
  await test.call('GET', '/apis/nowhere.example.com/v1/things');
  expect(groups).toEqual(['', 'project.openshift.io', 'nowhere.example.com']);
  expect(events.map(({ verb, responseStatus }) => [verb, responseStatus.code])).toEqual([
    ['get', 200],
    ['list', 200],
    ['list', 404],
  ]);
});

it('tells a tunnel that was refused', async () => {
  await using test = await start();
  await test
    .call('GET', '/api/v1/namespaces/default/pods/p/exec?command=sh', undefined, {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
    })
    .catch(() => undefined);
  await expect.poll(() => events.length).toBe(1);
  expect(events[0]).toMatchObject({
    objectRef: { resource: 'pods', subresource: 'exec', name: 'p' },
    responseStatus: { code: 404 },
  });
});
