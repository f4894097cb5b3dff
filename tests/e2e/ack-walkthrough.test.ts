// Section 2.3 of the seed by hand: ACK's controller for RDS by its own name from the catalog, then a database from a custom
// resource, with the real `aws` and `kubectl` in the environment that `pergola shell` gives. The controller runs as a pod,
// from the bundle, and the database is a real PostgreSQL.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Sandbox, startSandbox } from '@pergola/sandbox';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { because, findProgram, run } from './clients.ts';

const checkout = resolve(import.meta.dirname, '../..');
const missing = ['aws', 'kubectl'].filter((name) => findProgram(name) === undefined);

let sandbox: Sandbox;
let home: string;

beforeAll(async () => {
  if (missing.length > 0) return;
  // Pods run the bundle; it is brought up to date first.
  execFileSync(process.execPath, [join(checkout, 'bin/pergola.mjs'), '--version'], { stdio: 'ignore' });
  home = mkdtempSync(join(tmpdir(), 'pergola-ack-'));
  sandbox = await startSandbox({ ephemeral: true, logLevel: 'silent' });
});

afterAll(async () => {
  if (missing.length > 0) return;
  await sandbox[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

async function attempt(words: readonly string[], input?: object) {
  const [program = '', ...args] = words;
  const PATH = [join(checkout, 'bin/oc'), process.env['PATH']].join(':');
  const env = { ...sandbox.environment, PATH, HOME: home };
  return run('env', [program, ...args], {
    env,
    ...(input === undefined ? {} : { input: JSON.stringify(input) }),
  });
}

async function must(words: readonly string[], input?: object): Promise<string> {
  const result = await attempt(words, input);
  expect(result.code, `${words.join(' ')}\n${result.stdout}\n${result.stderr}`).toBe(0);
  return result.stdout.trim();
}

/** Looks again until it holds; long enough for a machine that is busy with other things. */
const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 60_000, interval: 300 });

const kubectl = (...words: string[]) => must(['kubectl', ...words]);
const apply = (object: object) => must(['kubectl', 'apply', '-f', '-'], object);
const aws = async (...words: string[]) => JSON.parse(await must(['aws', ...words, '--output', 'json']));
// Version 1 of the AWS CLI asks RDS in us-east-1 by a name of its own, whatever the environment says.
const describeDatabases = async () => {
  const words = ['rds', 'describe-db-instances', '--endpoint-url', sandbox.awsUrl];
  return (await aws(...words)).DBInstances;
};

const database = {
  apiVersion: 'rds.services.k8s.aws/v1alpha1',
  kind: 'DBInstance',
  metadata: { name: 'example-database', namespace: 'production' },
  spec: {
    allocatedStorage: 20,
    dbInstanceClass: 'db.t3.micro',
    dbInstanceIdentifier: 'example-database',
    engine: 'postgres',
    engineVersion: '14',
    masterUsername: 'myusername',
    masterUserPassword: { namespace: 'production', name: 'rds-postgresql-user-creds', key: 'password' },
  },
};

async function log(password: string, statement: string): Promise<unknown> {
  const [host = '', port = ''] = (
    await kubectl(
      'get',
      'dbinstance/example-database',
      '-n',
      'production',
      '-o=jsonpath={.status.endpoint.address} {.status.endpoint.port}',
    )
  ).split(' ');
  const client = new Client({ host, port: Number(port), user: 'myusername', password, database: 'postgres' });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

describe.skipIf(missing.length > 0)(
  `a database from a custom resource${missing.length > 0 ? because(missing.join(' and ')) : ''}`,
  () => {
    it("ACK's controller for RDS is installed by its own name, with a role of its own", async () => {
      const issuer = await kubectl(
        'get',
        'authentication.config.openshift.io',
        'cluster',
        '-o=jsonpath={.spec.serviceAccountIssuer}',
      );
      const provider = issuer.replace('https://', '');
      const account = (await aws('sts', 'get-caller-identity')).Account;
      const trust = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: { [`${provider}:sub`]: 'system:serviceaccount:ack-system:ack-rds-controller' },
            },
          },
        ],
      };
      const { Role } = await aws(
        'iam',
        'create-role',
        '--role-name',
        'ack-rds-controller',
        '--assume-role-policy-document',
        JSON.stringify(trust),
      );
      const policy = 'arn:aws:iam::aws:policy/AmazonRDSFullAccess';
      await must([
        'aws',
        'iam',
        'attach-role-policy',
        '--role-name',
        'ack-rds-controller',
        '--policy-arn',
        policy,
      ]);

      const inSystem = { name: 'ack-rds-controller', namespace: 'ack-system' };
      await kubectl('create', 'namespace', 'ack-system');
      await apply({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { ...inSystem, annotations: { 'eks.amazonaws.com/role-arn': Role.Arn } },
      });
      await apply({
        apiVersion: 'operators.coreos.com/v1',
        kind: 'OperatorGroup',
        metadata: { name: 'ack-system', namespace: 'ack-system' },
        spec: {},
      });
      await apply({
        apiVersion: 'operators.coreos.com/v1alpha1',
        kind: 'Subscription',
        metadata: inSystem,
        spec: {
          channel: 'alpha',
          name: 'ack-rds-controller',
          source: 'redhat-operators',
          sourceNamespace: 'openshift-marketplace',
        },
      });
      const phase = async () =>
        (await attempt(['kubectl', 'get', 'csv', '-n', 'ack-system', '-o=jsonpath={.items[0].status.phase}']))
          .stdout;
      await eventually(phase).toBe('Succeeded');
      const served = await kubectl('api-resources', '--api-group=rds.services.k8s.aws', '-o=name');
      expect(served.split('\n')).toContain('dbinstances.rds.services.k8s.aws');
      const all = await attempt(['kubectl', 'get', 'crd', 'buckets.s3.services.k8s.aws']);
      expect(all.stderr).toContain('not found');
    });

    it('the Secret and the DBInstance become a PostgreSQL that takes the password', async () => {
      await kubectl('create', 'namespace', 'production');
      await kubectl(
        'create',
        'secret',
        'generic',
        'rds-postgresql-user-creds',
        '-n',
        'production',
        '--from-literal=password=correct-horse',
      );
      await apply(database);
      await kubectl(
        'wait',
        '--for=condition=ACK.ResourceSynced',
        'dbinstance/example-database',
        '-n',
        'production',
        '--timeout=60s',
      );
      expect(
        await log('correct-horse', "SELECT current_setting('server_version_num')::int / 10000 AS major"),
      ).toEqual([{ major: 14 }]);
      await expect(log('wrong', 'SELECT 1')).rejects.toThrow('password authentication failed');
      expect(await describeDatabases()).toMatchObject([
        {
          DBInstanceIdentifier: 'example-database',
          DBInstanceStatus: 'available',
          MasterUsername: 'myusername',
        },
      ]);
    });

    it('kubectl shows useful columns, and explains the fields', async () => {
      const [header = '', row = ''] = (await kubectl('get', 'dbinstances', '-n', 'production')).split('\n');
      expect(header).toMatch(/^NAME +.*STATUS/);
      expect(row).toContain('available');
      expect(row).toContain('postgres');
      const explained = await kubectl('explain', 'dbinstance.spec.engineVersion');
      expect(explained).toContain('engineVersion <string>');
    });

    it('a second apply changes nothing, in the cluster or in AWS', async () => {
      const versionOf = () =>
        kubectl(
          'get',
          'dbinstance/example-database',
          '-n',
          'production',
          '-o=jsonpath={.metadata.resourceVersion}',
        );
      const before = await versionOf();
      const calls = sandbox.records.list({ limit: 500 }).length;
      expect(await apply(database)).toContain('unchanged');
      expect(await versionOf()).toBe(before);
      const writes = sandbox.records
        .list({ limit: 500 })
        .slice(0, -calls || undefined)
        .filter(({ service, operation }) => service === 'rds' && !operation?.startsWith('Describe'));
      expect(writes.map(({ operation }) => operation)).toEqual([]);
    });

    it('what cannot be is refused at the door', async () => {
      const renamed = { ...database, spec: { ...database.spec, dbInstanceIdentifier: 'another' } };
      const immutable = await attempt(['kubectl', 'apply', '-f', '-'], renamed);
      expect(immutable.stderr).toContain('spec.dbInstanceIdentifier: Invalid value');
      const unknown = { ...database, spec: { ...database.spec, dbInstanceClas: 'db.t3.micro' } };
      const misspelt = await attempt(['kubectl', 'apply', '-f', '-'], unknown);
      expect(misspelt.stderr).toContain('unknown field "spec.dbInstanceClas"');
    });

    it('a new password is in force when the Secret has changed', async () => {
      const patch = JSON.stringify({ stringData: { password: 'battery-staple' } });
      await kubectl('patch', 'secret', 'rds-postgresql-user-creds', '-n', 'production', '-p', patch);
      const outcome = () =>
        log('battery-staple', 'SELECT 1 AS one').catch((error: unknown) => (error as Error).message);
      await eventually(outcome).toEqual([{ one: 1 }]);
      await expect(log('correct-horse', 'SELECT 1')).rejects.toThrow('password authentication failed');
    });

    it('deleting the resource keeps the database, unless the resource says otherwise', async () => {
      await kubectl('delete', 'dbinstance/example-database', '-n', 'production', '--timeout=60s');
      const [kept] = await describeDatabases();
      expect(kept).toMatchObject({ DBInstanceIdentifier: 'example-database', DBInstanceStatus: 'available' });
      const annotations = {
        'services.k8s.aws/adoption-policy': 'adopt-or-create',
        'services.k8s.aws/deletion-policy': 'delete',
      };
      await apply({ ...database, metadata: { ...database.metadata, annotations } });
      await kubectl(
        'wait',
        '--for=condition=ACK.ResourceSynced',
        'dbinstance/example-database',
        '-n',
        'production',
        '--timeout=60s',
      );
      await kubectl('delete', 'dbinstance/example-database', '-n', 'production', '--timeout=60s');
      expect(await describeDatabases()).toEqual([]);
    });
  },
);
