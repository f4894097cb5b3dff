// CreateDBCluster: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
import type { CreateDBClusterMessage, DBCluster } from '@aws-sdk/client-rds';
import { defineOperation } from '../../../operation.ts';
import { homeOf } from '../access.ts';
import { arnOf } from '../arn.ts';
import { chooseVersion, engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { addMember, globalDefaults } from '../globals/membership.ts';
import { drawResourceId } from '../instances/new-instance.ts';
import { checkDatabaseName, checkMasterUser } from '../instances/rules.ts';
import { clusters, find } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { StoredCluster } from '../records.ts';
import { bringUp } from '../runtime/lifecycle.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { keyFor } from '../secrets/encryption.ts';
import { masterPasswordFor } from '../secrets/master-password.ts';
import { tagsOf } from '../tags.ts';
import { clusterShape } from './cluster-shape.ts';
import { addCluster, clusterChecks, queueClusterJob } from './cluster-work.ts';
import { newClusterSettings, refuseUnservedOfCluster } from './new-cluster.ts';

export const createDbCluster = defineOperation<CreateDBClusterMessage, { readonly DBCluster: DBCluster }>({
  name: 'CreateDBCluster',
  access: { iam: (input, call) => clusterChecks(call, 'CreateDBCluster', input) },
  validate(input) {
    identifierOf(input.DBClusterIdentifier, 'DBClusterIdentifier');
    tagsOf(input.Tags);
  },
  async handle(call, given) {
    const { plane } = call;
    const home = homeOf(call);
    const input = { ...globalDefaults(call, given.GlobalClusterIdentifier), ...given };
    const name = identifierOf(input.DBClusterIdentifier, 'DBClusterIdentifier');
    const engine = engineOf(input.Engine);
    if (!engine.clustered) throw faults.notImplemented(`A Multi-AZ DB cluster of the engine ${engine.name}`);
    refuseUnservedOfCluster(input);
    const offered = chooseVersion(plane, engine, input.EngineVersion);
    const masterUser = checkMasterUser(engine, input.MasterUsername);
    const settings = await newClusterSettings(call, offered, input);
    const encryption = await keyFor(call, input);
    const exists = () => {
      if (find(plane.store, clusters, home, name)) throw faults.clusterExists();
    };
    const owner = { engine, arn: arnOf(home, 'cluster', name), as: 'cluster', masterUser, exists } as const;
    const { password, secret } = await masterPasswordFor(call, owner, input);
    const cluster: StoredCluster = {
      name,
      tags: tagsOf(input.Tags),
      resourceId: drawResourceId(plane.random, 'cluster'),
      createdAt: new Date(call.nowMs).toISOString(),
      status: 'creating',
      engine: engine.name,
      masterUser,
      database: checkDatabaseName(engine, input.DatabaseName, 'DatabaseName'),
      ...encryption,
      secret,
      roles: [],
      settings,
      members: [],
      parametersStatus: 'in-sync',
      globalCluster: input.GlobalClusterIdentifier?.toLowerCase(),
    };
    await addCluster(call, cluster, password);
    await addMember(call, cluster);
    void queueClusterJob(call, cluster, (at) => bringUp(deskOf(plane), at));
    return { DBCluster: clusterShape(plane, home, cluster) };
  },
});
