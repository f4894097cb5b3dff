import {
  CreateDBClusterCommand,
  CreateDBClusterEndpointCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBClusterEndpointCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  ListTagsForResourceCommand,
  ModifyDBClusterEndpointCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeEngines } from './fake-engines.ts';
import { account, guestKey, policyOf, refusalOf, secretAccessKey, strangerKey } from './plane.ts';
import { type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';

let plane: RdsPlane;
let client: RDSClient;
const DBClusterIdentifier = 'bills';
const Engine = 'aurora-postgresql';
const login = { MasterUsername: 'shop', MasterUserPassword: 'correct-horse' };
const member = (DBInstanceIdentifier: string) =>
  client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      DBClusterIdentifier,
      Engine,
      DBInstanceClass: 'db.r6g.large',
    }),
  );
beforeEach(async () => {
  plane = await startRdsPlane({ engines: fakeEngines() });
  client = plane.client();
  await client.send(new CreateDBClusterCommand({ DBClusterIdentifier, Engine, ...login }));
  await member('bills-1');
  await member('bills-2');
  await waitFor(client, 'bills-2', 'available');
});
afterEach(() => plane[Symbol.asyncDispose]());

const DBClusterEndpointIdentifier = 'reports';
const create = (changes: object = {}, by = client) =>
  by.send(
    new CreateDBClusterEndpointCommand({
      DBClusterEndpointIdentifier,
      DBClusterIdentifier,
      EndpointType: 'READER',
      ...changes,
    }),
  );
const list = async (input: object = {}, by = client) =>
  (await by.send(new DescribeDBClusterEndpointsCommand(input))).DBClusterEndpoints ?? [];

describe('a custom endpoint of a cluster', () => {
  it('is made beside those that the cluster has, changed and deleted', async () => {
    const made = await create({ StaticMembers: ['bills-2'], Tags: [{ Key: 'team', Value: 'shop' }] });
    expect(made).toMatchObject({
      DBClusterEndpointIdentifier,
      DBClusterEndpointArn: `arn:aws:rds:us-east-1:${account}:cluster-endpoint:reports`,
      Status: 'creating',
      EndpointType: 'CUSTOM',
      CustomEndpointType: 'READER',
      Endpoint: '127.0.0.1',
      StaticMembers: ['bills-2'],
      ExcludedMembers: [],
    });
    const types = (await list({ DBClusterIdentifier })).map(({ EndpointType }) => EndpointType);
    expect(types).toEqual(['WRITER', 'READER', 'CUSTOM']);
    expect(await list({ DBClusterEndpointIdentifier })).toMatchObject([{ Status: 'available' }]);
    const tags = new ListTagsForResourceCommand({ ResourceName: made.DBClusterEndpointArn });
    expect((await client.send(tags)).TagList).toEqual([{ Key: 'team', Value: 'shop' }]);
    const changed = await client.send(
      new ModifyDBClusterEndpointCommand({
        DBClusterEndpointIdentifier,
        EndpointType: 'ANY',
        ExcludedMembers: ['bills-1'],
      }),
    );
    expect(changed).toMatchObject({
      CustomEndpointType: 'ANY',
      StaticMembers: [],
      ExcludedMembers: ['bills-1'],
    });
    const { DBClusters } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
    expect(DBClusters?.[0]?.CustomEndpoints).toEqual(['127.0.0.1']);
    await client.send(new DeleteDBClusterEndpointCommand({ DBClusterEndpointIdentifier }));
    expect(await list({ DBClusterEndpointIdentifier })).toEqual([]);
  });

  it('follows its members by whatever they are called, and ends with the cluster', async () => {
    await create({ StaticMembers: ['bills-1', 'bills-2'] });
    const renamed = { DBInstanceIdentifier: 'bills-1', NewDBInstanceIdentifier: 'bills-9' };
    await client.send(new ModifyDBInstanceCommand({ ...renamed, ApplyImmediately: true }));
    await waitFor(client, 'bills-9', 'available');
    const members = async () => (await list({ DBClusterEndpointIdentifier }))[0]?.StaticMembers;
    expect(await members()).toEqual(['bills-9', 'bills-2']);
    await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'bills-2' }));
    await expect.poll(members).toEqual(['bills-9']);
    await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'bills-9' }));
    await client.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
    expect(await list({ DBClusterEndpointIdentifier })).toEqual([]);
  });

  it('is refused for what does not fit, in the words of RDS', async () => {
    const code = async (changes: object) => (await refusalOf(create(changes))).code;
    expect(await code({ EndpointType: 'WRITER' })).toBe('InvalidParameterValue');
    expect(await code({ StaticMembers: ['nobody'] })).toBe('DBInstanceNotFound');
    expect(await code({ StaticMembers: ['bills-1'], ExcludedMembers: ['bills-2'] })).toBe(
      'InvalidParameterCombination',
    );
    expect(await code({ DBClusterIdentifier: 'nothing' })).toBe('DBClusterNotFoundFault');
    for (const index of [1, 2, 3, 4, 5]) await create({ DBClusterEndpointIdentifier: `reports-${index}` });
    expect(await code({ DBClusterEndpointIdentifier: 'reports-1' })).toBe(
      'DBClusterEndpointAlreadyExistsFault',
    );
    expect(await code({})).toBe('DBClusterEndpointQuotaExceededFault');
  });

  it('is nothing to strangers, and needs a right to the cluster too', async () => {
    await create();
    const stranger = plane.client({ credentials: { accessKeyId: strangerKey, secretAccessKey } });
    expect(await list({}, stranger)).toEqual([]);
    const remove = new DeleteDBClusterEndpointCommand({ DBClusterEndpointIdentifier });
    expect((await refusalOf(stranger.send(remove))).code).toBe('DBClusterEndpointNotFoundFault');
    const guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
    const Resource = `arn:aws:rds:us-east-1:${account}:cluster-endpoint:*`;
    plane.test.directory.userPolicies.set('guest', [
      policyOf('endpoints', [{ Effect: 'Allow', Action: 'rds:*', Resource }]),
    ]);
    const other = { DBClusterEndpointIdentifier: 'other' };
    expect((await refusalOf(create(other, guest))).message).toContain(':cluster:bills');
    await guest.send(remove);
  });
});
