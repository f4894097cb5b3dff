import { describe, expect, test } from 'vitest';
import { type TableSubject, tableFor } from './table.ts';

const nowMs = Date.UTC(2024, 0, 2);
const created = '2024-01-01T00:00:00Z';

/** Column names to the cells of one object. */
function row(subject: TableSubject, object: Record<string, unknown>): Record<string, unknown> {
  const full = {
    apiVersion: 'v1',
    kind: subject.kind,
    ...object,
    metadata: { name: 'x', creationTimestamp: created, ...(object['metadata'] as object) },
  };
  const table = tableFor(subject, [full], { nowMs, includeObject: 'None' });
  const cells = table.rows[0]!['cells'] as unknown[];
  expect(cells).toHaveLength(table.columnDefinitions.length);
  return Object.fromEntries(table.columnDefinitions.map((column, index) => [column.name, cells[index]]));
}
const pod = { group: '', kind: 'Pod' };
const container = { name: 'c', image: 'i' };

describe('pods', () => {
  const running = (extra: object = {}) => ({
    ready: true,
    restartCount: 0,
    state: { running: {} },
    ...extra,
  });

  test('running', () => {
    const status = { phase: 'Running', podIP: '127.0.0.2', containerStatuses: [running(), running()] };
    expect(row(pod, { spec: { nodeName: 'n', containers: [container, container] }, status })).toEqual({
      Name: 'x',
      Ready: '2/2',
      Status: 'Running',
      Restarts: '0',
      Age: '24h',
      IP: '127.0.0.2',
      Node: 'n',
      'Nominated Node': '<none>',
      'Readiness Gates': '<none>',
    });
  });

  test.each<[string, object, Record<string, unknown>]>([
    ['pending', { phase: 'Pending' }, { Ready: '0/1', Status: 'Pending' }],
    [
      'crash loop',
      {
        phase: 'Running',
        containerStatuses: [
          {
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { finishedAt: '2024-01-01T23:59:00Z' } },
          },
        ],
      },
      { Ready: '0/1', Status: 'CrashLoopBackOff', Restarts: '3 (60s ago)' },
    ],
    [
      'image',
      {
        phase: 'Pending',
        containerStatuses: [{ restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff' } } }],
      },
      { Status: 'ImagePullBackOff' },
    ],
    [
      'completed',
      {
        phase: 'Succeeded',
        containerStatuses: [{ restartCount: 0, state: { terminated: { reason: 'Completed', exitCode: 0 } } }],
      },
      { Ready: '0/1', Status: 'Completed' },
    ],
    [
      'exit code',
      { phase: 'Failed', containerStatuses: [{ restartCount: 0, state: { terminated: { exitCode: 3 } } }] },
      { Status: 'ExitCode:3' },
    ],
    [
      'signal',
      {
        phase: 'Failed',
        containerStatuses: [{ restartCount: 0, state: { terminated: { exitCode: 137, signal: 9 } } }],
      },
      { Status: 'Signal:9' },
    ],
    ['evicted', { phase: 'Failed', reason: 'Evicted' }, { Status: 'Evicted' }],
    [
      'gated',
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
      },
      { Status: 'SchedulingGated' },
    ],
  ])('%s', (_, status, cells) => {
    expect(row(pod, { spec: { containers: [container] }, status })).toMatchObject(cells);
  });

  test('terminating, unless it has ended', () => {
    const metadata = { deletionTimestamp: created };
    expect(
      row(pod, { metadata, spec: { containers: [container] }, status: { phase: 'Running' } })['Status'],
    ).toBe('Terminating');
    expect(
      row(pod, {
        metadata,
        spec: { containers: [container] },
        status: { phase: 'Succeeded', reason: 'Completed' },
      })['Status'],
    ).toBe('Completed');
  });

  test('init containers come first, sidecars count as containers', () => {
    const spec = {
      initContainers: [{ name: 'one' }, { name: 'side', restartPolicy: 'Always' }],
      containers: [container],
    };
    const one = (state: object) => ({ name: 'one', restartCount: 1, state });
    const waiting = { phase: 'Pending', initContainerStatuses: [one({ running: {} })] };
    expect(row(pod, { spec, status: waiting })).toMatchObject({
      Ready: '0/2',
      Status: 'Init:0/2',
      Restarts: '1',
    });
    const failed = {
      phase: 'Pending',
      initContainerStatuses: [one({ terminated: { exitCode: 1, reason: 'Error' } })],
    };
    expect(row(pod, { spec, status: failed })['Status']).toBe('Init:Error');
    const side = { name: 'side', restartCount: 2, started: true, ready: true, state: { running: {} } };
    const done = {
      phase: 'Running',
      initContainerStatuses: [one({ terminated: { exitCode: 0 } }), side],
      containerStatuses: [running()],
    };
    expect(row(pod, { spec, status: done })).toMatchObject({
      Ready: '2/2',
      Status: 'Running',
      Restarts: '2',
    });
  });

  test('one container ended, one runs', () => {
    const status = (ready: string) => ({
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready }],
      containerStatuses: [
        { restartCount: 0, state: { terminated: { reason: 'Completed', exitCode: 0 } } },
        running(),
      ],
    });
    expect(row(pod, { spec: { containers: [container, container] }, status: status('True') })).toMatchObject({
      Ready: '1/2',
      Status: 'Running',
    });
    expect(
      row(pod, { spec: { containers: [container, container] }, status: status('False') })['Status'],
    ).toBe('NotReady');
  });
});

describe('other kinds', () => {
  const template = { spec: { containers: [container, { name: 'd', image: 'j' }] } };
  const workload = {
    spec: { replicas: 3, selector: { matchLabels: { app: 'a' } }, template },
    status: { readyReplicas: 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 },
  };

  test.each<[string, string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'apps',
      'Deployment',
      workload,
      { Ready: '2/3', 'Up-to-date': 1, Available: 2, Containers: 'c,d', Images: 'i,j', Selector: 'app=a' },
    ],
    ['apps', 'ReplicaSet', workload, { Desired: 3, Current: 3, Ready: 2 }],
    ['apps', 'StatefulSet', workload, { Ready: '2/3', Images: 'i,j' }],
    [
      'apps',
      'DaemonSet',
      { spec: { template }, status: { desiredNumberScheduled: 2, numberReady: 1 } },
      { Desired: 2, Ready: 1, 'Node Selector': '<none>' },
    ],
    [
      'batch',
      'Job',
      { spec: { completions: 2, template }, status: { succeeded: 1, startTime: '2024-01-01T23:59:30Z' } },
      { Status: 'Running', Completions: '1/2', Duration: '30s' },
    ],
    [
      'batch',
      'Job',
      {
        spec: { template },
        status: {
          succeeded: 1,
          startTime: created,
          completionTime: '2024-01-01T00:00:07Z',
          conditions: [{ type: 'Complete', status: 'True' }],
        },
      },
      { Status: 'Complete', Duration: '7s', Completions: '1/1' },
    ],
    [
      'batch',
      'CronJob',
      { spec: { schedule: '* * * * *', suspend: false } },
      { Suspend: 'False', Active: 0, 'Last Schedule': '<none>', Timezone: '<none>' },
    ],
    ['', 'Namespace', { status: { phase: 'Active' } }, { Status: 'Active', Age: '24h' }],
    ['', 'Secret', { type: 'Opaque', data: { a: '', b: '' } }, { Type: 'Opaque', Data: 2 }],
    ['', 'ConfigMap', { data: { a: '' }, binaryData: { b: '' } }, { Data: 2 }],
    ['', 'ServiceAccount', {}, { Secrets: 0 }],
    [
      '',
      'Service',
      {
        spec: {
          type: 'ClusterIP',
          clusterIP: '10.0.0.1',
          ports: [
            { port: 80, protocol: 'TCP' },
            { port: 53, nodePort: 30053, protocol: 'UDP' },
          ],
          selector: { b: '2', a: '1' },
        },
      },
      {
        'Cluster-IP': '10.0.0.1',
        'External-IP': '<none>',
        'Port(s)': '80/TCP,53:30053/UDP',
        Selector: 'a=1,b=2',
      },
    ],
    ['', 'Service', { spec: { type: 'LoadBalancer' } }, { 'External-IP': '<pending>', 'Port(s)': '<none>' }],
    [
      '',
      'Node',
      {
        metadata: { labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/master': '' } },
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [{ type: 'InternalIP', address: '10.0.0.9' }],
          nodeInfo: { kubeletVersion: 'v1.33.0' },
        },
      },
      {
        Status: 'Ready,SchedulingDisabled',
        Roles: 'master,worker',
        Version: 'v1.33.0',
        'Internal-IP': '10.0.0.9',
        'OS-Image': '<unknown>',
      },
    ],
    [
      '',
      'Endpoints',
      {
        subsets: [{ addresses: [{ ip: '1.1.1.1' }, { ip: '2.2.2.2' }], ports: [{ port: 80 }, { port: 81 }] }],
      },
      { Endpoints: '1.1.1.1:80,2.2.2.2:80,1.1.1.1:81 + 1 more...' },
    ],
    [
      '',
      'Event',
      {
        involvedObject: { kind: 'Pod', name: 'p' },
        message: ' hi\n',
        type: 'Normal',
        reason: 'Started',
        firstTimestamp: created,
        lastTimestamp: '2024-01-01T23:59:00Z',
        source: { component: 'kubelet', host: 'n' },
      },
      {
        'Last Seen': '60s',
        Object: 'pod/p',
        Message: 'hi',
        Count: 1,
        Source: 'kubelet, n',
        'First Seen': '24h',
      },
    ],
    [
      'events.k8s.io',
      'Event',
      {
        regarding: { kind: 'Pod', name: 'p' },
        note: 'n',
        eventTime: created,
        series: { count: 4, lastObservedTime: '2024-01-01T23:59:59.000000Z' },
      },
      { 'Last Seen': '1s', Object: 'pod/p', Message: 'n', Count: 4 },
    ],
    [
      'rbac.authorization.k8s.io',
      'RoleBinding',
      {
        roleRef: { kind: 'ClusterRole', name: 'view' },
        subjects: [
          { kind: 'User', name: 'u' },
          { kind: 'ServiceAccount', namespace: 'n', name: 's' },
        ],
      },
      { Role: 'ClusterRole/view', Users: 'u', Groups: '', ServiceAccounts: 'n/s' },
    ],
    ['rbac.authorization.k8s.io', 'Role', {}, { 'Created At': created }],
    ['apiextensions.k8s.io', 'CustomResourceDefinition', {}, { Name: 'x', 'Created At': created }],
    [
      'policy',
      'PodDisruptionBudget',
      { spec: { minAvailable: '50%' } },
      { 'Min Available': '50%', 'Max Unavailable': 'N/A', 'Allowed Disruptions': 0 },
    ],
    ['admissionregistration.k8s.io', 'MutatingWebhookConfiguration', { webhooks: [{}] }, { Webhooks: 1 }],
    [
      '',
      'ResourceQuota',
      { status: { hard: { pods: '3', 'limits.cpu': '2' }, used: { pods: '1' } } },
      { Request: 'pods: 1/3', Limit: 'limits.cpu: 0/2' },
    ],
    [
      'project.openshift.io',
      'Project',
      { metadata: { annotations: { 'openshift.io/display-name': 'My' } }, status: { phase: 'Active' } },
      { 'Display Name': 'My', Status: 'Active' },
    ],
  ])('%s/%s', (group, kind, object, cells) => {
    expect(row({ group, kind }, object)).toMatchObject(cells);
  });

  test('event columns stand as kubectl shows them, wide ones between', () => {
    const table = tableFor({ group: '', kind: 'Event' }, [], { nowMs, includeObject: 'None' });
    expect(table.columnDefinitions.map(({ name, priority }) => `${name}${priority}`)).toEqual([
      'Last Seen0',
      'Type0',
      'Reason0',
      'Object0',
      'Subobject1',
      'Source1',
      'Message0',
      'First Seen1',
      'Count1',
      'Name1',
    ]);
  });
});

describe('custom resources', () => {
  const custom = { group: 'example.com', kind: 'Widget', custom: true };

  test('without columns: name and age', () => {
    expect(row(custom, {})).toEqual({ Name: 'x', Age: '24h' });
  });

  test('with columns: each type in its form, null for what is missing or wrong', () => {
    const columns = [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Ratio', type: 'number', jsonPath: '.spec.ratio' },
      { name: 'On', type: 'boolean', jsonPath: '.spec.on' },
      {
        name: 'Ready',
        type: 'string',
        jsonPath: '.status.conditions[?(@.type=="Ready")].status',
        priority: 1,
      },
      { name: 'Since', type: 'date', jsonPath: '.status.since' },
      { name: 'Whole', type: 'string', jsonPath: '.spec.map' },
      { name: 'Missing', type: 'string', jsonPath: '.nope' },
      { name: 'Wrong', type: 'integer', jsonPath: '.spec.word' },
    ];
    const object = {
      spec: { size: '4', ratio: 0.5, on: true, map: { a: 1 }, word: 'w' },
      status: { since: '2024-01-01T23:00:00Z', conditions: [{ type: 'Ready', status: 'True' }] },
    };
    expect(row({ ...custom, columns }, object)).toEqual({
      Name: 'x',
      Size: 4,
      Ratio: 0.5,
      On: true,
      Ready: 'True',
      Since: '60m',
      Whole: '{"a":1}',
      Missing: null,
      Wrong: null,
    });
  });
});

test('rows carry what was asked for', () => {
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'Opaque' };
  const rowWith = (includeObject: 'None' | 'Metadata' | 'Object') =>
    tableFor({ group: '', kind: 'Secret' }, [object], { nowMs, includeObject }).rows[0]!['object'];
  expect(rowWith('None')).toBeUndefined();
  expect(rowWith('Metadata')).toEqual({
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { name: 's' },
  });
  expect(rowWith('Object')).toBe(object);
});
