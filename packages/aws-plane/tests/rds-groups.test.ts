import {
  AddTagsToResourceCommand,
  CopyDBParameterGroupCommand,
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  CreateOptionGroupCommand,
  DeleteDBParameterGroupCommand,
  DeleteDBSubnetGroupCommand,
  DescribeDBEngineVersionsCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  DescribeDBSubnetGroupsCommand,
  DescribeEventsCommand,
  DescribeOptionGroupsCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  ListTagsForResourceCommand,
  ModifyDBParameterGroupCommand,
  paginateDescribeDBParameters,
  type Parameter,
  type RDSClient,
  RemoveTagsFromResourceCommand,
  ResetDBParameterGroupCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngines, fakeEngines } from './fake-engines.ts';
import { account, guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';
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

const DBParameterGroupName = 'tuned';
const createGroup = (family = 'postgres14') =>
  client.send(
    new CreateDBParameterGroupCommand({
      DBParameterGroupName,
      DBParameterGroupFamily: family,
      Description: 'tuned',
    }),
  );
const modify = (...Parameters: Parameter[]) =>
  client.send(new ModifyDBParameterGroupCommand({ DBParameterGroupName, Parameters }));
const immediate = (ParameterName: string, ParameterValue: string): Parameter => ({
  ParameterName,
  ParameterValue,
  ApplyMethod: 'immediate',
});

async function parametersOf(name = DBParameterGroupName, Source?: string): Promise<Parameter[]> {
  const found: Parameter[] = [];
  for await (const page of paginateDescribeDBParameters({ client }, { DBParameterGroupName: name, Source }))
    found.push(...(page.Parameters ?? []));
  return found;
}

describe('a parameter group', () => {
  it('has all parameters of its family, and tells those that were changed', async () => {
    await createGroup();
    await modify(immediate('log_min_duration_statement', '500'), immediate('autovacuum', '0'));
    const all = await parametersOf();
    expect(all.length).toBeGreaterThan(300);
    expect(all.find(({ ParameterName }) => ParameterName === 'max_connections')).toMatchObject({
      ApplyType: 'static',
      DataType: 'integer',
      IsModifiable: true,
      Source: 'engine-default',
    });
    const own = await parametersOf(DBParameterGroupName, 'user');
    expect(own).toMatchObject([
      { ParameterName: 'autovacuum', ParameterValue: '0' },
      { ParameterName: 'log_min_duration_statement', ParameterValue: '500' },
    ]);
    await client.send(
      new ResetDBParameterGroupCommand({ DBParameterGroupName, Parameters: [immediate('autovacuum', '')] }),
    );
    expect(await parametersOf(DBParameterGroupName, 'user')).toHaveLength(1);
    await client.send(new ResetDBParameterGroupCommand({ DBParameterGroupName, ResetAllParameters: true }));
    expect(await parametersOf(DBParameterGroupName, 'user')).toEqual([]);
  });

  const refused: readonly (readonly [why: string, parameter: Parameter, code: string, message: string])[] = [
    [
      'unknown',
      immediate('no_such', '1'),
      'InvalidParameterValue',
      'Could not find parameter with name: no_such',
    ],
    ['not modifiable', immediate('archive_command', 'rm'), 'InvalidParameterValue', 'cannot be modified'],
    [
      'static, at once',
      immediate('max_connections', '50'),
      'InvalidParameterCombination',
      'cannot use immediate apply method for static parameter',
    ],
    [
      'out of range',
      immediate('work_mem', '1'),
      'InvalidParameterValue',
      'Invalid parameter value: 1 for: work_mem allowed values are: 64-2147483647',
    ],
    ['no number', immediate('work_mem', 'much'), 'InvalidParameterValue', 'Invalid parameter value: much'],
    [
      'none of its words',
      immediate('log_statement', 'some'),
      'InvalidParameterValue',
      'allowed values are: none,ddl,mod,all',
    ],
    ['two lines', immediate('search_path', 'a\nb'), 'InvalidParameterValue', 'Invalid parameter value'],
  ];
  it.each(refused)(
    'refuses a parameter that is %s, and changes nothing',
    async (_, parameter, code, message) => {
      await createGroup();
      const refusal = await refusalOf(modify(immediate('autovacuum', '0'), parameter));
      expect(refusal.code).toBe(code);
      expect(refusal.message).toContain(message);
      expect(await parametersOf(DBParameterGroupName, 'user')).toEqual([]);
    },
  );

  it('reaches the servers that have it; formulas are computed', async () => {
    await createGroup();
    await client.send(new CreateDBInstanceCommand({ ...postgres, DBParameterGroupName }));
    await waitFor(client, 'orders', 'available');
    await modify(immediate('work_mem', 'LEAST({DBInstanceClassMemory/1048576},4096)'));
    const [database] = engines.databases.values();
    await expect.poll(() => database?.parameters).toEqual({ work_mem: '952' });
    expect(
      (await refusalOf(client.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName })))).code,
    ).toBe('InvalidDBParameterGroupState');
  });

  it('is copied, from a default one too, and default ones stay as they are', async () => {
    await client.send(
      new CopyDBParameterGroupCommand({
        SourceDBParameterGroupIdentifier: 'default.postgres14',
        TargetDBParameterGroupIdentifier: 'copied',
        TargetDBParameterGroupDescription: 'a copy',
      }),
    );
    const { DBParameterGroups } = await client.send(new DescribeDBParameterGroupsCommand({}));
    expect(DBParameterGroups?.map((group) => group.DBParameterGroupName)).toEqual([
      'copied',
      'default.aurora-postgresql14',
      'default.aurora-postgresql17',
      'default.postgres14',
      'default.postgres17',
    ]);
    const change = new ModifyDBParameterGroupCommand({
      DBParameterGroupName: 'default.postgres14',
      Parameters: [immediate('work_mem', '64')],
    });
    expect((await refusalOf(client.send(change))).code).toBe('InvalidDBParameterGroupState');
    expect((await refusalOf(createGroup('postgres99'))).code).toBe('InvalidParameterValue');
    await createGroup('postgres17');
    const wrong = new CreateDBInstanceCommand({ ...postgres, DBParameterGroupName });
    expect((await refusalOf(client.send(wrong))).message).toContain('postgres14');
  });
});

describe('a subnet group', () => {
  it('has subnets of one VPC in two zones at least, and stays while it is used', async () => {
    const network = await plane.test.plane.ports.networks.defaultNetwork({ account, region: 'us-east-1' });
    const SubnetIds = network?.subnets.map(({ subnetId }) => subnetId) ?? [];
    const create = (ids: string[]) =>
      client.send(
        new CreateDBSubnetGroupCommand({
          DBSubnetGroupName: 'Shop',
          DBSubnetGroupDescription: 'shop',
          SubnetIds: ids,
        }),
      );
    expect((await refusalOf(create(SubnetIds.slice(0, 1)))).code).toBe('DBSubnetGroupDoesNotCoverEnoughAZs');
    expect((await refusalOf(create(['subnet-0']))).code).toBe('InvalidSubnet');
    await create(SubnetIds);
    const DBSubnetGroupName = 'shop';
    const { DBInstance } = await client.send(new CreateDBInstanceCommand({ ...postgres, DBSubnetGroupName }));
    expect(DBInstance?.DBSubnetGroup).toMatchObject({ DBSubnetGroupName, VpcId: network?.vpcId });
    expect((await refusalOf(client.send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName })))).code).toBe(
      'InvalidDBSubnetGroupStateFault',
    );
    const { DBSubnetGroups } = await client.send(new DescribeDBSubnetGroupsCommand({}));
    expect(DBSubnetGroups).toHaveLength(1);
  });
});

it('option groups are kept, the default ones are there', async () => {
  const group = { EngineName: 'postgres', MajorEngineVersion: '14', OptionGroupDescription: 'none' };
  await client.send(new CreateOptionGroupCommand({ OptionGroupName: 'shop', ...group }));
  const { OptionGroupsList } = await client.send(new DescribeOptionGroupsCommand({ EngineName: 'postgres' }));
  expect(OptionGroupsList?.map(({ OptionGroupName }) => OptionGroupName)).toEqual([
    'default:postgres-14',
    'default:postgres-17',
    'shop',
  ]);
});

it('offers the versions that can run here', async () => {
  const versions = async (input: object) =>
    (await client.send(new DescribeDBEngineVersionsCommand(input))).DBEngineVersions?.map(
      ({ Engine, EngineVersion }) => `${Engine} ${EngineVersion}`,
    );
  expect(await versions({ Engine: 'postgres', DefaultOnly: true })).toEqual(['postgres 17.10']);
  expect(await versions({ Engine: 'postgres', EngineVersion: '14', DefaultOnly: true })).toEqual([
    'postgres 14.23',
  ]);
  expect(await versions({ Engine: 'mysql' })).toEqual([]);
  const { OrderableDBInstanceOptions = [] } = await client.send(
    new DescribeOrderableDBInstanceOptionsCommand({ Engine: 'postgres', EngineVersion: '14.23' }),
  );
  expect(OrderableDBInstanceOptions.map(({ DBInstanceClass }) => DBInstanceClass)).toContain('db.t3.micro');
});

describe('tags and policies', () => {
  const arn = `arn:aws:rds:us-east-1:${account}:db:orders`;
  const Tags = [{ Key: 'team', Value: 'shop' }];

  it('are set, listed and taken away, on what is there', async () => {
    await client.send(new CreateDBInstanceCommand({ ...postgres, Tags }));
    await client.send(
      new AddTagsToResourceCommand({ ResourceName: arn, Tags: [{ Key: 'tier', Value: '1' }] }),
    );
    await client.send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: ['team'] }));
    const { TagList } = await client.send(new ListTagsForResourceCommand({ ResourceName: arn }));
    expect(TagList).toEqual([{ Key: 'tier', Value: '1' }]);
    const missing = new ListTagsForResourceCommand({ ResourceName: arn.replace('orders', 'nothing') });
    expect((await refusalOf(client.send(missing))).code).toBe('DBInstanceNotFound');
    const reserved = new AddTagsToResourceCommand({ ResourceName: arn, Tags: [{ Key: 'aws:x', Value: '' }] });
    expect((await refusalOf(client.send(reserved))).code).toBe('InvalidParameterValue');
  });

  it('decide together who may create and delete', async () => {
    const guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
    const create = (changes: object = {}) =>
      guest.send(new CreateDBInstanceCommand({ ...postgres, ...changes }));
    expect(await refusalOf(create())).toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:iam::${account}:user/guest is not authorized to perform: rds:CreateDBInstance on resource: ${arn} because no identity-based policy allows the rds:CreateDBInstance action`,
    });
    const groups = ['og', 'pg', 'subgrp'].map((type) => `arn:aws:rds:*:*:${type}:default*`);
    const condition = { StringEquals: { 'aws:RequestTag/team': 'shop', 'rds:DatabaseClass': 'db.t3.micro' } };
    plane.test.directory.userPolicies.set('guest', [
      policyOf('create', [
        { Effect: 'Allow', Action: 'rds:CreateDBInstance', Resource: [arn, ...groups], Condition: condition },
        { Effect: 'Allow', Action: 'rds:AddTagsToResource', Resource: arn },
      ]),
    ]);
    expect((await refusalOf(create())).code).toBe('AccessDenied');
    expect((await refusalOf(create({ Tags, DBInstanceClass: 'db.r6g.large' }))).code).toBe('AccessDenied');
    await create({ Tags });
    await waitFor(client, 'orders', 'available');
  });
});

it('events tell what happened', async () => {
  await client.send(new CreateDBInstanceCommand(postgres));
  await waitFor(client, 'orders', 'available');
  const told = async () => {
    const source = { SourceType: 'db-instance', SourceIdentifier: 'orders' } as const;
    const { Events } = await client.send(new DescribeEventsCommand(source));
    return Events?.map(({ Message }) => Message);
  };
  await expect.poll(told).toEqual(['DB instance created', 'Finished DB instance backup']);
});

it('parameters are given in pages', async () => {
  await createGroup();
  const { Parameters, Marker } = await client.send(
    new DescribeDBParametersCommand({ DBParameterGroupName, MaxRecords: 20 }),
  );
  expect(Parameters).toHaveLength(20);
  expect(Marker).toBeDefined();
  const few = new DescribeDBParametersCommand({ DBParameterGroupName, MaxRecords: 5 });
  expect(await refusalOf(client.send(few))).toMatchObject({
    code: 'InvalidParameterValue',
    message: 'Invalid value 5 for MaxRecords. Must be between 20 and 100',
  });
});
