// No kind is without a life, but for those that the plane cannot make: of these it says so itself.
import type { ServiceName } from '@pergola/aws-model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadKinds } from '../src/index.ts';
import { dataLives } from './lives-data.ts';
import { elasticacheLives } from './lives-elasticache.ts';
import { iamLives } from './lives-iam.ts';
import { rdsLives } from './lives-rds.ts';
import { startTestAws, type TestAws } from './kind-life.ts';

const lives = [...dataLives, ...elasticacheLives, ...iamLives, ...rdsLives];

interface Unmakeable {
  readonly kind: string;
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
}

/** Global tables and groups need several regions; the plane has no queues. */
const unmakeable: readonly Unmakeable[] = [
  {
    kind: 'dynamodb/GlobalTable',
    service: 'dynamodb',
    operation: 'CreateGlobalTable',
    input: { GlobalTableName: 'life', ReplicationGroup: [{ RegionName: 'us-east-1' }] },
  },
  {
    kind: 'elasticache/GlobalReplicationGroup',
    service: 'elasticache',
    operation: 'CreateGlobalReplicationGroup',
    input: { GlobalReplicationGroupIdSuffix: 'life', PrimaryReplicationGroupId: 'sessions' },
  },
  { kind: 'sqs/Queue', service: 'sqs', operation: 'CreateQueue', input: { QueueName: 'life' } },
];

let aws: TestAws;

beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws[Symbol.asyncDispose]());

test('every kind has a life, or the plane cannot make it', async () => {
  const kinds = (await loadKinds()).map(({ group, kind }) => `${group.split('.', 1)[0]}/${kind}`);
  const told = [...lives, ...unmakeable].map(({ kind }) => kind);
  expect(told.toSorted()).toEqual(kinds.toSorted());
});

test.for(unmakeable)('the plane says that it cannot make a $kind', async ({ service, operation, input }) => {
  await expect(aws.call(service, operation, input)).rejects.toThrow(/not implemented|no such service/i);
});
