// Kinds of DynamoDB: their whole life on the real service.
import { AwsError } from '@pergola/aws-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AwsCall, JsonObject, Kind, Wanted } from '../src/kind/kind.ts';
import { kindNamed, leftOver, settle, startTestAws, type TestAws, want } from './kind-life.ts';

let aws: TestAws;
let kind: Kind;
let call: AwsCall;

beforeAll(async () => {
  aws = await startTestAws();
  kind = await kindNamed('dynamodb', 'Table');
  call = aws.callOf(kind);
});
afterAll(() => aws[Symbol.asyncDispose]());

function specFor(tableName: string, changes: JsonObject = {}): JsonObject {
  return {
    tableName,
    attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
    keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
    billingMode: 'PAY_PER_REQUEST',
    ...changes,
  };
}

/** Until it is ready and as wanted, as a reconciler would go on. */
async function converge(wanted: Wanted): Promise<void> {
  await expect
    .poll(async () => {
      const observed = await settle(kind, call, wanted);
      return [kind.progressOf(observed).state, ...kind.compare(wanted, observed).map(({ path }) => path)];
    })
    .toEqual(['ready']);
}

test('a table gets all that is asked for, and a second application changes nothing', async () => {
  const wanted = want(
    specFor('all', {
      timeToLive: { attributeName: 'expires', enabled: true },
      continuousBackups: { pointInTimeRecoveryEnabled: true },
      streamSpecification: { streamEnabled: true, streamViewType: 'NEW_IMAGE' },
      deletionProtectionEnabled: false,
      tableClass: 'STANDARD',
      tags: [{ key: 'team', value: 'web' }],
    }),
  );
  await converge(wanted);
  const observed = await kind.read(call, wanted);
  expect(observed?.arn).toMatch(/:table\/all$/);
  expect(observed?.status).toMatchObject({ tableStatus: 'ACTIVE' });
  aws.calls.length = 0;
  await settle(kind, call, wanted);
  expect(aws.writes()).toEqual([]);
});

test('what differs is changed, one thing at a time', async () => {
  await converge(want(specFor('changing')));
  const wanted = want(
    specFor('changing', {
      attributeDefinitions: [
        { attributeName: 'id', attributeType: 'S' },
        { attributeName: 'a', attributeType: 'S' },
        { attributeName: 'b', attributeType: 'N' },
      ],
      globalSecondaryIndexes: ['a', 'b'].map((attributeName) => ({
        indexName: `by-${attributeName}`,
        keySchema: [{ attributeName, keyType: 'HASH' }],
        projection: { projectionType: 'ALL' },
      })),
      deletionProtectionEnabled: true,
      tableClass: 'STANDARD_INFREQUENT_ACCESS',
    }),
  );
  await converge(wanted);
  const without = want({ ...wanted.spec, globalSecondaryIndexes: [], deletionProtectionEnabled: false });
  await converge(without);
  expect((await kind.read(call, without))?.status['globalSecondaryIndexesDescriptions']).toBeUndefined();
});

test('from paid by request to provisioned, and another throughput', async () => {
  await converge(want(specFor('paid')));
  const provisioned = (units: number) =>
    want(
      specFor('paid', {
        billingMode: 'PROVISIONED',
        provisionedThroughput: { readCapacityUnits: units, writeCapacityUnits: units },
      }),
    );
  await converge(provisioned(5));
  aws.calls.length = 0;
  await converge(provisioned(7));
  expect(aws.writes()).toEqual(['UpdateTable']);
});

test('what is off needs no call', async () => {
  const wanted = want(
    specFor('off', {
      timeToLive: { attributeName: 'expires', enabled: false },
      continuousBackups: { pointInTimeRecoveryEnabled: false },
      streamSpecification: { streamEnabled: false },
      sseSpecification: { enabled: false },
    }),
  );
  await converge(wanted);
  aws.calls.length = 0;
  await settle(kind, call, wanted);
  expect(aws.writes()).toEqual([]);
});

test('what is refused keeps nothing else from being changed, and is told', async () => {
  await converge(want(specFor('refused')));
  const refusing: AwsCall = (operation, input) =>
    input['SSESpecification'] === undefined
      ? call(operation, input)
      : Promise.reject(new AwsError(400, 'ValidationException', 'no such key'));
  const wanted = want(
    specFor('refused', {
      sseSpecification: { enabled: true },
      tableClass: 'STANDARD_INFREQUENT_ACCESS',
      tags: [{ key: 'team', value: 'web' }],
    }),
  );
  await expect(settle(kind, refusing, wanted)).rejects.toThrow('no such key');
  expect(await leftOver(kind, call, wanted)).toEqual(['sseSpecification.enabled']);
});

test('keys are those of another table', async () => {
  await converge(want(specFor('keyed')));
  const observed = await kind.read(call, want(specFor('keyed')));
  if (!observed) throw new Error('no table');
  const other = want(specFor('keyed', { keySchema: [{ attributeName: 'other', keyType: 'HASH' }] }));
  expect(kind.compare(other, observed)).toMatchObject([{ path: 'keySchema', effect: 'replace' }]);
});

test('items are at risk; protection is lifted when the user has said so', async () => {
  const wanted = want(specFor('held', { deletionProtectionEnabled: true }));
  await converge(wanted);
  const observed = await kind.read(call, wanted);
  if (!observed) throw new Error('no table');
  expect(await kind.dataAtRisk(call, observed)).toBeUndefined();
  await call('PutItem', { TableName: 'held', Item: { id: { S: '1' } } });
  expect(await kind.dataAtRisk(call, observed)).toBe('it holds items');
  await expect(kind.remove(call, wanted, observed)).rejects.toMatchObject({ code: 'ValidationException' });
  const lifted = want(specFor('held', { deletionProtectionEnabled: false }));
  await expect
    .poll(async () => {
      const current = await kind.read(call, lifted);
      if (current && kind.progressOf(current).state === 'ready') await kind.remove(call, lifted, current);
      return current;
    })
    .toBeUndefined();
});

test('a backup is found by its table and name', async () => {
  await converge(want(specFor('backed')));
  const backups = await kindNamed('dynamodb', 'Backup');
  const wanted = want({ tableName: 'backed', backupName: 'nightly' });
  const created = await settle(backups, call, wanted);
  expect(created.arn).toContain(':table/backed/backup/');
  expect(await leftOver(backups, call, wanted)).toEqual([]);
  await expect
    .poll(async () => {
      const current = await backups.read(call, wanted);
      return current && backups.progressOf(current).state;
    })
    .toBe('ready');
  const current = await backups.read(call, wanted);
  if (current) await backups.remove(call, wanted, current);
  expect(await backups.read(call, wanted)).toBeUndefined();
});
