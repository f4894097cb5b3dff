// CreateDBInstance: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
import type { CreateDBInstanceMessage, CreateDBInstanceResult } from '@aws-sdk/client-rds';
import { defineOperation } from '../../../operation.ts';
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { arnOf } from '../arn.ts';
import { chooseVersion, engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { clusters, find, instances, named } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { StoredInstance } from '../records.ts';
import { bringUp } from '../runtime/lifecycle.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { tagsOf } from '../tags.ts';
import { addInstance, instanceChecks, queueJob, refuseUnserved, shapeFor } from './instance-work.ts';
import { joinCluster } from './join-cluster.ts';
import { drawResourceId, newSettings } from './new-instance.ts';
import { checkDatabaseName, checkMasterUser } from './rules.ts';
import { keyFor } from '../secrets/encryption.ts';
import { masterPasswordFor } from '../secrets/master-password.ts';

export const createDbInstance = defineOperation<CreateDBInstanceMessage, CreateDBInstanceResult>({
  name: 'CreateDBInstance',
  access: { iam: (input, call) => instanceChecks(call, 'CreateDBInstance', input) },
  validate(input) {
    identifierOf(input.DBInstanceIdentifier, 'DBInstanceIdentifier');
    tagsOf(input.Tags);
    refuseUnserved(input);
  },
  handle: (call, input) =>
    engineOf(input.Engine).clustered ? createMember(call, input) : createStandalone(call, input),
});

async function createStandalone(call: Call, input: CreateDBInstanceMessage): Promise<CreateDBInstanceResult> {
  const { plane } = call;
  const name = identifierOf(input.DBInstanceIdentifier, 'DBInstanceIdentifier');
  const engine = engineOf(input.Engine);
  if (input.DBClusterIdentifier !== undefined)
    throw faults.invalidCombination(
      `The engine ${engine.name} cannot be used in the DB cluster ${input.DBClusterIdentifier}.`,
    );
  const offered = chooseVersion(plane, engine, input.EngineVersion);
  const masterUser = checkMasterUser(engine, input.MasterUsername);
  const settings = await newSettings(call, offered, input);
  const arn = arnOf(homeOf(call), 'db', name);
  const encryption = await keyFor(call, input);
  const { password, secret } = await masterPasswordFor(
    call,
    { engine, arn, as: 'instance', masterUser, exists: () => assertFree(call, name) },
    input,
  );
  const instance: StoredInstance = {
    name,
    tags: tagsOf(input.Tags),
    resourceId: drawResourceId(plane.random, 'db'),
    createdAt: new Date(call.nowMs).toISOString(),
    status: 'creating',
    engine: engine.name,
    masterUser,
    database: checkDatabaseName(engine, input.DBName, 'DBName'),
    ...encryption,
    secret,
    roles: [],
    settings,
    pending: {},
    parametersStatus: 'in-sync',
  };
  await addInstance(call, instance, password);
  queueJob(call, instance, (at) => bringUp(deskOf(plane), at));
  return { DBInstance: await shapeFor(call, instance) };
}

function assertFree(call: Call, name: string): void {
  if (find(call.plane.store, instances, homeOf(call), name)) throw faults.instanceExists();
}

/** A member of an Aurora cluster has the cluster's server, user and data. */
async function createMember(call: Call, input: CreateDBInstanceMessage): Promise<CreateDBInstanceResult> {
  const engine = engineOf(input.Engine);
  if (input.DBClusterIdentifier === undefined)
    throw faults.invalidCombination(`The engine ${engine.name} requires the parameter DBClusterIdentifier.`);
  if (
    input.MasterUsername !== undefined ||
    input.MasterUserPassword !== undefined ||
    input.DBName !== undefined
  )
    throw faults.invalidCombination(
      'The requested DB Instance will be a member of a DB Cluster. Set master user credentials and database name for the DB Cluster.',
    );
  const cluster = named(call.plane.store, clusters, homeOf(call), input.DBClusterIdentifier);
  if (cluster.engine !== engine.name)
    throw faults.invalidCombination(
      `The engine of the instance, ${engine.name}, is not that of its DB cluster, ${cluster.engine}.`,
    );
  const instance = await joinCluster(call, cluster, input);
  return { DBInstance: await shapeFor(call, instance) };
}
