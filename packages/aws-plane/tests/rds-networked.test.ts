// Read replicas, proxies, subscriptions, and the maintenance window.
import {
  AddSourceIdentifierToSubscriptionCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  CreateDBProxyCommand,
  CreateEventSubscriptionCommand,
  DeleteDBInstanceCommand,
  DeregisterDBProxyTargetsCommand,
  DescribeDBInstancesCommand,
  DescribeDBProxyTargetsCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  PromoteReadReplicaCommand,
  type RDSClient,
  RegisterDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyDue } from '../src/services/rds/runtime/maintenance.ts';
import { deskOf } from '../src/services/rds/runtime/rds-context.ts';
import { type FakeEngines, fakeEngines } from './fake-engines.ts';
import { account, refusalOf } from './plane.ts';
import { postgres, type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';

let engines: FakeEngines;
let plane: RdsPlane;
let client: RDSClient;
beforeEach(async () => {
  engines = fakeEngines();
  plane = await startRdsPlane({ engines });
  client = plane.client();
});
afterEach(() => plane[Symbol.asyncDispose]());

const DBInstanceIdentifier = postgres.DBInstanceIdentifier;
async function create(changes: object = {}) {
  await client.send(new CreateDBInstanceCommand({ ...postgres, ...changes }));
  return await waitFor(client, 'orders', 'available');
}

it('a read replica shares the server of its source, and gets its own when it is promoted', async () => {
  const source = await create();
  const replica = { DBInstanceIdentifier: 'copy', SourceDBInstanceIdentifier: DBInstanceIdentifier };
  await client.send(new CreateDBInstanceReadReplicaCommand(replica));
  const shown = await waitFor(client, 'copy', 'available');
  expect(shown).toMatchObject({
    ReadReplicaSourceDBInstanceIdentifier: 'orders',
    Endpoint: source.Endpoint,
    StatusInfos: [{ StatusType: 'read replication', Status: 'replicating', Normal: true }],
  });
  const remove = () =>
    client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  expect((await refusalOf(remove())).code).toBe('InvalidDBInstanceState');
  await client.send(new PromoteReadReplicaCommand({ DBInstanceIdentifier: 'copy' }));
  const promoted = await waitFor(client, 'copy', 'available');
  expect(promoted.ReadReplicaSourceDBInstanceIdentifier).toBeUndefined();
  expect([...engines.databases.values()].map(({ password }) => password)).toEqual([
    'correct-horse',
    'correct-horse',
  ]);
  await remove();
});

/** A window around this minute. */
function windowNow(): string {
  const part = (ms: number) => {
    const date = new Date(ms);
    const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][date.getUTCDay()] ?? '';
    return `${day}:${date.toISOString().slice(11, 16)}`;
  };
  return `${part(Date.now() - 20 * 60_000)}-${part(Date.now() + 20 * 60_000)}`;
}

describe('what waits for the maintenance window', () => {
  const modify = (changes: object) =>
    client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, ...changes }));

  it('is made when it comes, and not before', async () => {
    await create({ PreferredMaintenanceWindow: windowNow() });
    const elsewhere = new Date(Date.now() + 3 * 86_400_000).getUTCDay();
    const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][elsewhere] ?? '';
    await modify({ PreferredMaintenanceWindow: `${day}:01:00-${day}:02:00` });
    await waitFor(client, 'orders', 'available');
    await modify({ DBInstanceClass: 'db.t3.small' });
    await applyDue(deskOf(plane.test.plane));
    expect(await waitFor(client, 'orders', 'available')).toMatchObject({ DBInstanceClass: 'db.t3.micro' });
    await modify({ PreferredMaintenanceWindow: windowNow() });
    await waitFor(client, 'orders', 'available');
    await applyDue(deskOf(plane.test.plane));
    const seen = async () => (await waitFor(client, 'orders', 'available')).DBInstanceClass;
    await expect.poll(seen).toBe('db.t3.small');
  });
});

it('a proxy has one target, whatever it is called now', async () => {
  await create();
  const network = await plane.test.plane.ports.networks.defaultNetwork({ account, region: 'us-east-1' });
  const DBProxyName = 'door';
  const { DBProxy } = await client.send(
    new CreateDBProxyCommand({
      DBProxyName,
      EngineFamily: 'POSTGRESQL',
      RoleArn: `arn:aws:iam::${account}:role/proxy`,
      VpcSubnetIds: network?.subnets.map(({ subnetId }) => subnetId),
      Auth: [{ AuthScheme: 'SECRETS', SecretArn: `arn:aws:secretsmanager:us-east-1:${account}:secret:s` }],
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  const { TagList } = await client.send(
    new ListTagsForResourceCommand({ ResourceName: DBProxy?.DBProxyArn }),
  );
  expect(TagList).toEqual([{ Key: 'team', Value: 'shop' }]);
  const target = { DBProxyName, DBInstanceIdentifiers: ['orders'] };
  await client.send(new RegisterDBProxyTargetsCommand(target));
  expect((await refusalOf(client.send(new RegisterDBProxyTargetsCommand(target)))).code).toBe(
    'DBProxyTargetAlreadyRegisteredFault',
  );
  await client.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier,
      NewDBInstanceIdentifier: 'bills',
      ApplyImmediately: true,
    }),
  );
  await waitFor(client, 'bills', 'available');
  const { Targets } = await client.send(new DescribeDBProxyTargetsCommand({ DBProxyName }));
  expect(Targets).toMatchObject([{ RdsResourceId: 'bills', TargetHealth: { State: 'AVAILABLE' } }]);
  await client.send(new DeregisterDBProxyTargetsCommand({ DBProxyName, DBInstanceIdentifiers: ['bills'] }));
});

it('an event subscription knows its sources and categories', async () => {
  const SubscriptionName = 'shop';
  const SnsTopicArn = `arn:aws:sns:us-east-1:${account}:databases`;
  const subscribe = (changes: object) =>
    client.send(
      new CreateEventSubscriptionCommand({
        SubscriptionName,
        SnsTopicArn,
        SourceType: 'db-instance',
        ...changes,
      }),
    );
  expect((await refusalOf(subscribe({ EventCategories: ['weather'] }))).code).toBe(
    'SubscriptionCategoryNotFound',
  );
  expect((await refusalOf(subscribe({ SnsTopicArn: 'topic' }))).code).toBe('SNSInvalidTopic');
  await subscribe({ EventCategories: ['failure'] });
  const { EventSubscription } = await client.send(
    new AddSourceIdentifierToSubscriptionCommand({ SubscriptionName, SourceIdentifier: 'orders' }),
  );
  expect(EventSubscription).toMatchObject({ SourceIdsList: ['orders'], EventCategoriesList: ['failure'] });
});

it('instances are kept by region', async () => {
  await create();
  const elsewhere = plane.client({ region: 'eu-west-1' });
  expect((await elsewhere.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
});
