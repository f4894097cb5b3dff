// Every kind of the registry lives a whole life: made, read, listed, shown as a Table, described, deleted.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ResourceDefinition } from '../src/contract.ts';
import { builtinResources } from '../src/resources/index.ts';
import { startTestPlane, type TestPlane } from './harness.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const labels = { app: 'x' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'busybox' }] } };
const workload = { spec: { selector: { matchLabels: labels }, template } };
const oneShot = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };

/** The least that makes a valid object, beside its name. Kinds that are not here need nothing. */
const CONTENT: Readonly<Record<string, object>> = {
  Pod: { spec: template.spec },
  PodTemplate: { template },
  Service: { spec: { ports: [{ port: 80 }] } },
  PersistentVolumeClaim: {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  LimitRange: { spec: { limits: [{ type: 'Container' }] } },
  Event: { involvedObject: { kind: 'Pod', name: 'x', namespace: 'default' }, reason: 'R', type: 'Normal' },
  ControllerRevision: { revision: 1 },
  DaemonSet: workload,
  Deployment: workload,
  ReplicaSet: workload,
  StatefulSet: { spec: { ...workload.spec, serviceName: 'x' } },
  Job: { spec: { template: oneShot } },
  CronJob: { spec: { schedule: '* * * * *', jobTemplate: { spec: { template: oneShot } } } },
  NetworkPolicy: { spec: { podSelector: {} } },
  PodDisruptionBudget: { spec: { minAvailable: 1, selector: { matchLabels: labels } } },
  RoleBinding: { roleRef, subjects: [] },
  ClusterRoleBinding: { roleRef, subjects: [] },
  EndpointSlice: { addressType: 'IPv4', endpoints: [] },
  CustomResourceDefinition: {
    spec: {
      group: 'life.example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
      ],
    },
  },
};
/** Of the other Event, whose fields have other names. */
const EVENT_VIEW = {
  regarding: { kind: 'Pod', name: 'x', namespace: 'default' },
  reason: 'R',
  type: 'Normal',
  action: 'A',
  eventTime: '2026-01-02T03:04:05.000006Z',
  reportingController: 'example.com/c',
  reportingInstance: 'c-0',
};
const NAMES: Readonly<Record<string, string>> = { CustomResourceDefinition: 'things.life.example.com' };

let test: TestPlane;
beforeAll(async () => {
  test = await startTestPlane();
  const account = { metadata: { name: 'default' } };
  await test.call('POST', '/api/v1/namespaces/default/serviceaccounts', account);
});
afterAll(() => test[Symbol.asyncDispose]());

const root = ({ group, version }: ResourceDefinition) =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
const collection = (definition: ResourceDefinition) =>
  `${root(definition)}/${definition.namespaced ? 'namespaces/default/' : ''}${definition.plural}`;
const labelOf = (definition: ResourceDefinition) => `${definition.kind} ${root(definition)}`;

const stored = builtinResources.filter(({ verbs }) => verbs.includes('create') && verbs.includes('get'));
const others = builtinResources.filter((definition) => !stored.includes(definition));

it.each(stored.map((definition) => [labelOf(definition), definition] as const))(
  '%s',
  async (_, definition) => {
    const name = NAMES[definition.kind] ?? `life-${definition.plural}`;
    const content = definition.group === 'events.k8s.io' ? EVENT_VIEW : CONTENT[definition.kind];
    const object = { metadata: { name }, ...content };
    const made = await test.call('POST', `${collection(definition)}?fieldValidation=Strict`, object);
    expect(made.status, made.text).toBe(201);
    const item = `${collection(definition)}/${name}`;
    const read = await test.call('GET', item);
    expect(read.body).toEqual(made.body);
    expect(read.body).toMatchObject({ kind: definition.kind, metadata: { name } });
    expect((await test.call('PUT', item, read.body)).body).toEqual(read.body);

    const list = await test.call('GET', collection(definition));
    expect(list.body.kind).toBe(definition.listKind);
    expect(namesOf(list.body.items)).toContain(name);
    const table = await test.call('GET', collection(definition), undefined, { Accept: TABLE });
    expect(table.body.kind).toBe('Table');
    const rows: { cells: unknown[]; object: { metadata: { name: string } } }[] = table.body.rows;
    const row = rows.find((each) => each.object.metadata.name === name);
    expect(row?.cells).toHaveLength(table.body.columnDefinitions.length);
    const columns: { name: string }[] = table.body.columnDefinitions;
    expect(row?.cells[columns.findIndex((column) => column.name === 'Name')]).toBe(name);

    const gone = await test.call('DELETE', `${item}?gracePeriodSeconds=0`);
    expect(gone.status, gone.text).toBe(200);
  },
);

const namesOf = (items: { metadata: { name: string } }[]) => items.map(({ metadata }) => metadata.name);

it('leaves no kind out', () => {
  // Reviews are tested in auth.test.ts; projects and users are views that nobody creates here.
  expect(others.map(({ kind }) => kind).toSorted()).toEqual([
    'LocalSubjectAccessReview',
    'Project',
    'ProjectRequest',
    'SelfSubjectAccessReview',
    'SelfSubjectReview',
    'SelfSubjectRulesReview',
    'SubjectAccessReview',
    'TokenReview',
    'User',
  ]);
  expect(stored.length).toBe(builtinResources.length - others.length);
});

it('makes projects by request, lists them, and lets them go', async () => {
  const projects = '/apis/project.openshift.io/v1/projects';
  const request = { metadata: { name: 'life' }, displayName: 'Life' };
  const made = await test.call('POST', '/apis/project.openshift.io/v1/projectrequests', request);
  expect([made.status, made.body.kind, made.body.metadata.name]).toEqual([201, 'Project', 'life']);
  expect(namesOf((await test.call('GET', projects)).body.items)).toContain('life');
  const table = await test.call('GET', projects, undefined, { Accept: TABLE });
  expect(table.body.rows.map((row: { cells: string[] }) => row.cells[0])).toContain('life');
  expect((await test.call('DELETE', `${projects}/life`)).status).toBe(200);
  expect((await test.call('GET', `${projects}/life`)).body.metadata.deletionTimestamp).toBeDefined();
});

it('tells the caller who they are as a User', async () => {
  const { body } = await test.call('GET', '/apis/user.openshift.io/v1/users/~');
  expect(body).toMatchObject({ kind: 'User', metadata: { name: 'system:admin' } });
});

it.each(stored.map((definition) => [labelOf(definition), definition] as const))(
  'refuses an empty %s, or takes it, in a sentence of Kubernetes',
  async (_, definition) => {
    const name = NAMES[definition.kind] ?? `empty-${definition.plural}`;
    const made = await test.call('POST', collection(definition), { metadata: { name } });
    expect([201, 400, 403, 422], made.text).toContain(made.status);
  },
);

it.each(builtinResources.map((definition) => [labelOf(definition), definition] as const))(
  'describes %s',
  async (_, definition) => {
    const { group, version, kind } = definition;
    const { body } = await test.call('GET', `/openapi/v3${root(definition)}`);
    const schemas: Record<string, { 'x-kubernetes-group-version-kind'?: object[]; properties?: object }> =
      body.components.schemas;
    const schema = Object.values(schemas).find((each) =>
      each['x-kubernetes-group-version-kind']?.some(
        (gvk) => JSON.stringify(gvk) === JSON.stringify({ group, kind, version }),
      ),
    );
    expect(Object.keys(schema?.properties ?? {})).toContain('metadata');
    expect(Object.keys(body.paths).some((path) => `${path}/`.includes(`/${definition.plural}/`))).toBe(true);
  },
);

it('warns of kinds that no controller runs, so that nobody waits for pods', async () => {
  const set = { metadata: { name: 'unrun' }, ...CONTENT['StatefulSet'] };
  const made = await test.call('POST', '/apis/apps/v1/namespaces/default/statefulsets', set);
  expect(made.headers['warning']).toContain('no controller runs StatefulSets here');
  const job = { metadata: { name: 'unrun' }, ...CONTENT['CronJob'] };
  const scheduled = await test.call('POST', '/apis/batch/v1/namespaces/default/cronjobs', job);
  expect(scheduled.headers['warning']).toContain('no controller runs CronJobs here');
});
