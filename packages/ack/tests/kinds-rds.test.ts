// Kinds of RDS: their whole life on the real service, over servers that only pretend.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeEngines } from '../../aws-plane/tests/fake-engines.ts';
import type { JsonObject, Kind, Observed, Wanted } from '../src/kind/kind.ts';
import { account, kindNamed, leftOver, startTestAws, type TestAws, want } from './kind-life.ts';

const engines = fakeEngines();
let aws: TestAws;
const kinds = new Map<string, Kind>();

beforeAll(async () => {
  aws = await startTestAws(engines);
  for (const name of ['DBInstance', 'DBSnapshot', 'DBParameterGroup', 'DBSubnetGroup']) {
    kinds.set(name, await kindNamed('rds', name));
  }
});
afterAll(() => aws[Symbol.asyncDispose]());

function of(name: string): { kind: Kind; call: ReturnType<TestAws['callOf']> } {
  const kind = kinds.get(name);
  if (!kind) throw new Error(name);
  return { kind, call: aws.callOf(kind) };
}

/** Until it is ready and as wanted, as a reconciler would go on. */
async function converge(name: string, wanted: Wanted): Promise<Observed> {
  const { kind, call } = of(name);
  let observed: Observed | undefined;
  await expect
    .poll(
      async () => {
        observed = await kind.read(call, wanted);
        if (!observed) observed = await kind.create(call, wanted);
        const { state } = kind.progressOf(observed);
        const differences = kind
          .compare(wanted, observed)
          .filter(({ path }) => path !== 'masterUserPassword');
        if (state === 'ready' && differences.length > 0) {
          await kind.update(call, { wanted, observed, differences });
        }
        return [state, ...differences.map(({ path }) => path)];
      },
      { timeout: 5_000 },
    )
    .toEqual(['ready']);
  if (!observed) throw new Error('it is not there');
  return observed;
}

/** As the resource of the walkthrough. */
function specFor(dbInstanceIdentifier: string, changes: JsonObject = {}): JsonObject {
  return {
    dbInstanceIdentifier,
    allocatedStorage: 20,
    dbInstanceClass: 'db.t3.micro',
    engine: 'postgres',
    engineVersion: '14',
    masterUsername: 'myusername',
    masterUserPassword: 'correct-horse',
    ...changes,
  };
}

test('a database is created, told with its endpoint, and needs nothing more', async () => {
  const wanted = want(specFor('Example-Database', { tags: [{ key: 'team', value: 'web' }] }));
  const observed = await converge('DBInstance', wanted);
  expect(observed.arn).toBe(`arn:aws:rds:us-east-1:${account}:db:example-database`);
  expect(observed.status).toMatchObject({
    dbInstanceStatus: 'available',
    endpoint: { address: expect.any(String) as unknown, port: 5432 },
  });
  expect(observed.spec['masterUserPassword']).toBeUndefined();
  const { kind, call } = of('DBInstance');
  expect(await leftOver(kind, call, wanted)).toEqual([]);
  expect(kind.lateInitialized(wanted.spec, observed)).toMatchObject({
    availabilityZone: expect.stringMatching(/^us-east-1/) as unknown,
  });
});

test('what differs is modified at once, in one call', async () => {
  const wanted = want(specFor('modified'));
  await converge('DBInstance', wanted);
  aws.calls.length = 0;
  await converge(
    'DBInstance',
    want(specFor('modified', { allocatedStorage: 30, backupRetentionPeriod: 7, deletionProtection: true })),
  );
  const [modified, ...others] = aws.calls.filter(({ operation }) => operation === 'ModifyDBInstance');
  expect(modified?.input).toEqual({
    DBInstanceIdentifier: 'modified',
    ApplyImmediately: true,
    AllocatedStorage: 30,
    BackupRetentionPeriod: 7,
    DeletionProtection: true,
  });
  expect(others).toEqual([]);
});

test('a changed secret is given to AWS, and never shown', async () => {
  const { kind, call } = of('DBInstance');
  await converge('DBInstance', want(specFor('secret')));
  const wanted = want(specFor('secret', { masterUserPassword: 'another-horse' }), {
    changedSecrets: ['masterUserPassword'],
  });
  const observed = await kind.read(call, wanted);
  if (!observed) throw new Error('no instance');
  const differences = kind.compare(wanted, observed);
  expect(differences).toEqual([
    { path: 'masterUserPassword', wanted: undefined, observed: undefined, effect: 'update' },
  ]);
  aws.calls.length = 0;
  await kind.update(call, { wanted, observed, differences });
  expect(aws.calls[0]).toEqual({
    operation: 'ModifyDBInstance',
    input: {
      DBInstanceIdentifier: 'secret',
      ApplyImmediately: true,
      MasterUserPassword: 'another-horse',
    },
  });
});

test('what would destroy the database is said', async () => {
  const { kind, call } = of('DBInstance');
  const observed = await converge('DBInstance', want(specFor('kept')));
  const other = want(specFor('kept', { engine: 'mysql', masterUsername: 'other', engineVersion: '17' }));
  expect(kind.compare(other, observed).map(({ path, effect }) => [path, effect])).toEqual([
    ['engine', 'replace'],
    ['engineVersion', 'update'],
    ['masterUsername', 'replace'],
  ]);
  expect(await kind.dataAtRisk(call, observed)).toBe('it is a database server with 20 GiB of storage');
});

test('a snapshot is taken, and a database is made from it', async () => {
  await converge('DBInstance', want(specFor('source')));
  const snapshot = want({ dbInstanceIdentifier: 'source', dbSnapshotIdentifier: 'copy' });
  const observed = await converge('DBSnapshot', snapshot);
  expect(observed.arn).toContain(':snapshot:copy');
  const { masterUsername: _name, masterUserPassword: _password, ...rest } = specFor('restored');
  await converge('DBInstance', want({ ...rest, dbSnapshotIdentifier: 'copy' }));
  expect(aws.calls.map(({ operation }) => operation)).toContain('RestoreDBInstanceFromDBSnapshot');
});

test('deletion: with annotations, lifting a protection that the user has lifted, and safe to repeat', async () => {
  const { kind, call } = of('DBInstance');
  const observed = await converge('DBInstance', want(specFor('doomed', { deletionProtection: true })));
  await expect(
    kind.remove(call, want(specFor('doomed', { deletionProtection: true })), observed),
  ).rejects.toMatchObject({ code: 'InvalidParameterCombination' });
  const lifted = want(specFor('doomed', { deletionProtection: false }), {
    annotations: { 'rds.services.k8s.aws/final-db-snapshot-identifier': 'last' },
  });
  aws.calls.length = 0;
  await kind.remove(call, lifted, observed);
  expect(aws.writes()).toEqual(['ModifyDBInstance', 'DeleteDBInstance']);
  expect(aws.calls.find(({ operation }) => operation === 'DeleteDBInstance')?.input).toEqual({
    DBInstanceIdentifier: 'doomed',
    SkipFinalSnapshot: false,
    FinalDBSnapshotIdentifier: 'last',
    DeleteAutomatedBackups: true,
  });
  await expect
    .poll(async () => {
      const current = await kind.read(call, lifted);
      if (current) await kind.remove(call, lifted, current);
      return current;
    })
    .toBeUndefined();
  await kind.remove(call, lifted, observed);
});

test('parameters: only those of the user count', async () => {
  const specOf = (parameterOverrides: JsonObject): Wanted =>
    want({ name: 'tuned', family: 'postgres14', description: 'tuned', parameterOverrides });
  await converge('DBParameterGroup', specOf({ max_connections: '50', work_mem: '8192' }));
  const { kind, call } = of('DBParameterGroup');
  aws.calls.length = 0;
  const observed = await converge('DBParameterGroup', specOf({ max_connections: '60' }));
  expect(observed.spec['parameterOverrides']).toEqual({ max_connections: '60' });
  expect(aws.writes()).toEqual(['ModifyDBParameterGroup', 'ResetDBParameterGroup']);
  const modify = aws.calls.find(({ operation }) => operation === 'ModifyDBParameterGroup');
  expect(modify?.input['Parameters']).toEqual([
    { ParameterName: 'max_connections', ParameterValue: '60', ApplyMethod: 'pending-reboot' },
  ]);
  await kind.remove(call, specOf({}), observed);
  expect(await kind.read(call, specOf({}))).toBeUndefined();
});

test('errors that no repetition mends are known', async () => {
  const { kind, call } = of('DBInstance');
  const refused = kind.create(call, want(specFor('bad', { allocatedStorage: 1 })));
  await expect(refused).rejects.toSatisfy((error) => kind.isTerminal(error));
});
