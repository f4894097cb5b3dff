// Section 2.1 of the seed by hand: from a Subscription to queries, with the real `aws` and `kubectl` and the stand-ins for `oc`
// and `rosa`, in the environment that `pergola shell` gives. Operator and collector run as pods, from the bundle.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { because, findProgram, run } from './clients.ts';

const checkout = resolve(import.meta.dirname, '../..');
const missing = ['aws', 'kubectl'].filter((name) => findProgram(name) === undefined);

let sandbox: Sandbox;
let home: string;
let roleArn: string;

beforeAll(async () => {
  if (missing.length > 0) return;
  // Pods run the bundle; it is brought up to date first.
  execFileSync(process.execPath, [join(checkout, 'bin/pergola.mjs'), '--version'], { stdio: 'ignore' });
  home = mkdtempSync(join(tmpdir(), 'pergola-logging-'));
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
});

afterAll(async () => {
  if (missing.length > 0) return;
  await sandbox[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

async function must(words: readonly string[], input?: object): Promise<string> {
  const [program = '', ...args] = words;
  const PATH = [join(checkout, 'bin/oc'), join(checkout, 'bin/rosa'), process.env['PATH']].join(':');
  const env = { ...sandbox.environment, PATH, HOME: home };
  const result = await run('env', [program, ...args], {
    env,
    ...(input === undefined ? {} : { input: JSON.stringify(input) }),
  });
  expect(result.code, `${words.join(' ')}\n${result.stdout}\n${result.stderr}`).toBe(0);
  return result.stdout.trim();
}

/** Looks again until it holds; long enough for a machine that is busy with other things. */
const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 60_000, interval: 300 });

const oc = (...words: string[]) => must(['oc', ...words]);
const apply = (object: object) => must(['oc', 'apply', '-f', '-'], object);
const aws = async (...words: string[]) => {
  const text = await must(['aws', ...words, '--output', 'json']);
  return text === '' ? undefined : JSON.parse(text);
};
const namespace = 'openshift-logging';
const prefix = () => `rosa-${sandbox.identity.name}`;

/** Messages of a group, parsed; none while the group is not there. */
async function records(group: string, pattern: string): Promise<Record<string, unknown>[]> {
  const groups = await aws('logs', 'describe-log-groups', '--log-group-name-prefix', group);
  if (groups.logGroups.length === 0) return [];
  const filter = ['--log-group-name', group, '--filter-pattern', pattern];
  const { events } = await aws('logs', 'filter-log-events', ...filter);
  return events.map(({ message }: { message: string }) => JSON.parse(message));
}

const messagesOf = async (group: string, pattern: string) =>
  (await records(group, pattern)).map(({ message }) => message);

async function condition(type: string): Promise<{ status: string; reason?: string; message?: string }> {
  const text = await oc(
    'get',
    'clusterlogforwarders.logging.openshift.io/instance',
    '-n',
    namespace,
    '-o',
    'json',
  );
  const { status } = JSON.parse(text);
  return status?.conditions?.find((each: { type: string }) => each.type === type);
}

/** A pod that says `words 1` to `words COUNT` and ends, with a `pause` in seconds after each line. */
async function speak(name: string, words: string, count: number, pause = '0'): Promise<void> {
  const script = `i=1; while [ $i -le ${count} ]; do echo "${words} $i"; i=$((i+1)); sleep ${pause}; done`;
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', script] }],
    },
  });
}

const numbered = (words: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${words} ${at + 1}`);

describe.skipIf(missing.length > 0)(
  `logs reach CloudWatch${missing.length > 0 ? because(missing.join(' and ')) : ''}`,
  () => {
    it('a role may write logs, for the ServiceAccount of the collector alone', async () => {
      const cluster = await oc(
        'get',
        'infrastructure',
        'cluster',
        '-o=jsonpath={.status.infrastructureName}',
      );
      expect(cluster).toBe(sandbox.identity.infrastructureName);
      const described = JSON.parse(
        await must(['rosa', 'describe', 'cluster', '-c', sandbox.identity.name, '-o', 'json']),
      );
      expect(described.region.id).toBe(sandbox.identity.region);
      const authentication = await oc('get', 'authentication.config.openshift.io', 'cluster', '-o', 'json');
      const provider = JSON.parse(authentication).spec.serviceAccountIssuer.replace('https://', '');
      const account = (await aws('sts', 'get-caller-identity')).Account;

      const policy = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: [
              'CreateLogGroup',
              'CreateLogStream',
              'DescribeLogGroups',
              'DescribeLogStreams',
              'PutLogEvents',
            ].map((name) => `logs:${name}`),
            Resource: 'arn:aws:logs:*:*:*',
          },
        ],
      };
      const trust = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: { [`${provider}:sub`]: `system:serviceaccount:${namespace}:logcollector` },
            },
          },
        ],
      };
      const named = ['--policy-name', 'WriteLogs', '--policy-document', JSON.stringify(policy)];
      const { Policy } = await aws('iam', 'create-policy', ...named);
      const role = ['--role-name', 'write-logs', '--assume-role-policy-document', JSON.stringify(trust)];
      roleArn = (await aws('iam', 'create-role', ...role)).Role.Arn;
      await aws('iam', 'attach-role-policy', '--role-name', 'write-logs', '--policy-arn', Policy.Arn);
    });

    it('a Subscription brings the operator', async () => {
      expect(await oc('get', 'packagemanifests', '-n', 'openshift-marketplace')).toContain('cluster-logging');
      await apply({
        apiVersion: 'operators.coreos.com/v1alpha1',
        kind: 'Subscription',
        metadata: { name: 'cluster-logging', namespace },
        spec: {
          channel: 'stable',
          installPlanApproval: 'Automatic',
          name: 'cluster-logging',
          source: 'redhat-operators',
          sourceNamespace: 'openshift-marketplace',
        },
      });
      await eventually(() => oc('get', 'crd', '-o', 'name')).toContain(
        'clusterlogforwarders.logging.openshift.io',
      );
      const crd = 'crd/clusterlogforwarders.logging.openshift.io';
      await oc('wait', '--for=condition=Established', crd, '--timeout=60s');
      const phases = () => oc('get', 'csv', '-n', namespace, '-o', 'jsonpath={.items[*].status.phase}');
      await eventually(phases).toBe('Succeeded');
      const subscription = JSON.parse(await oc('get', 'sub/cluster-logging', '-n', namespace, '-o', 'json'));
      expect(subscription.status).toMatchObject({
        state: 'AtLatestKnown',
        installedCSV: expect.stringMatching(/^cluster-logging\.v5\.9\./),
      });
    });

    it('a forwarder of logging 5 sends applications, infrastructure and audit', async () => {
      await apply({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'cloudwatch-credentials', namespace },
        stringData: { role_arn: roleArn },
      });
      await apply({
        apiVersion: 'logging.openshift.io/v1',
        kind: 'ClusterLogForwarder',
        metadata: { name: 'instance', namespace },
        spec: {
          outputs: [
            {
              name: 'cw',
              type: 'cloudwatch',
              cloudwatch: {
                groupBy: 'namespaceName',
                groupPrefix: prefix(),
                region: sandbox.identity.region,
              },
              secret: { name: 'cloudwatch-credentials' },
            },
          ],
          pipelines: [
            {
              name: 'to-cloudwatch',
              inputRefs: ['infrastructure', 'audit', 'application'],
              outputRefs: ['cw'],
            },
          ],
        },
      });
      await apply({
        apiVersion: 'logging.openshift.io/v1',
        kind: 'ClusterLogging',
        metadata: { name: 'instance', namespace },
        spec: {
          collection: { logs: { type: 'fluentd' } },
          forwarder: { fluentd: {} },
          managementState: 'Managed',
        },
      });
      await oc('create', 'namespace', 'shop');
      await speak('first', 'order', 200);

      await eventually(() => messagesOf(`${prefix()}.shop`, 'order')).toEqual(numbered('order', 200));
      const [record] = await records(`${prefix()}.shop`, 'order');
      expect(record).toMatchObject({
        log_type: 'application',
        kubernetes: {
          namespace_name: 'shop',
          pod_name: 'first',
          container_name: 'main',
          labels: { app: 'first' },
        },
      });
      const audited = `{ $.objectRef.resource = "pods" && $.objectRef.name = "first" && $.verb = "create" }`;
      await eventually(async () => (await records(`${prefix()}.audit`, audited)).length).toBeGreaterThan(0);
      await eventually(() => records(`${prefix()}.infrastructure`, '"sandbox is up"')).toMatchObject([
        { log_type: 'infrastructure', systemd: { t: { SYSTEMD_UNIT: 'pergola.service' } } },
      ]);
      const streams = await aws('logs', 'describe-log-streams', '--log-group-name', `${prefix()}.shop`);
      expect(streams.logStreams[0].logStreamName).toMatch(
        /^kubernetes\.var\.log\.pods\.shop_first_.+\.main\.0\.log$/,
      );
      await eventually(async () => (await condition('Delivering'))?.status).toBe('True');
    });

    it('Logs Insights answers', async () => {
      const [start, end] = [-600, 60].map((offset) => String(Math.floor(Date.now() / 1000) + offset));
      const query = 'filter message like /order/ | stats count(*) as lines by kubernetes.pod_name';
      const times = ['--start-time', `${start}`, '--end-time', `${end}`];
      const asked = ['--log-group-name', `${prefix()}.shop`, ...times, '--query-string', query];
      const { queryId } = await aws('logs', 'start-query', ...asked);
      const answer = () => aws('logs', 'get-query-results', '--query-id', queryId);
      await eventually(async () => (await answer()).status).toBe('Complete');
      expect((await answer()).results).toEqual([
        [
          { field: 'kubernetes.pod_name', value: 'first' },
          { field: 'lines', value: '200' },
        ],
      ]);
    });

    it('without the right nothing arrives and the forwarder says why; with it again nothing is missing', async () => {
      const policyArn = `arn:aws:iam::${sandbox.identity.account}:policy/WriteLogs`;
      const attached = ['--role-name', 'write-logs', '--policy-arn', policyArn];
      await aws('iam', 'detach-role-policy', ...attached);
      await speak('second', 'denied', 50);
      await eventually(async () => (await condition('Delivering'))?.status).toBe('False');
      const denied = await condition('Delivering');
      expect(denied.message).toMatch(/logs:(PutLogEvents|CreateLogStream)/);
      expect(denied.message).toContain('write-logs');
      expect(await messagesOf(`${prefix()}.shop`, 'denied')).toEqual([]);

      await aws('iam', 'attach-role-policy', ...attached);
      await eventually(async () => [...new Set(await messagesOf(`${prefix()}.shop`, 'denied'))]).toEqual(
        numbered('denied', 50),
      );
      await eventually(async () => (await condition('Delivering'))?.status).toBe('True');
    });

    it('a collector that is killed while lines are written leaves none out', async () => {
      await speak('third', 'killed', 300, '0.02');
      await eventually(async () => (await messagesOf(`${prefix()}.shop`, 'killed')).length).toBeGreaterThan(
        10,
      );
      const collectors = ['-l', 'app.kubernetes.io/component=collector', '-n', namespace];
      await oc('delete', 'pod', ...collectors, '--grace-period=0', '--force');
      await eventually(async () => new Set(await messagesOf(`${prefix()}.shop`, 'killed')).size).toBe(300);
    });

    it('without its ClusterServiceVersion the operator goes, and the forwarder stays as an object', async () => {
      await oc('delete', 'sub/cluster-logging', '-n', namespace);
      await oc('delete', 'csv', '--all', '-n', namespace);
      await eventually(() => oc('get', 'deployments', '-n', namespace, '-o', 'name')).toBe('');
      expect(await oc('get', 'clusterlogforwarders.logging.openshift.io', '-n', namespace)).toContain(
        'instance',
      );
    });
  },
);
