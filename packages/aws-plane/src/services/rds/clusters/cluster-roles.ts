// AddRoleToDBCluster, RemoveRoleFromDBCluster: roles that the server may use. They are kept and shown.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddRoleToDBCluster.html
import type { AddRoleToDBClusterMessage, RemoveRoleFromDBClusterMessage } from '@aws-sdk/client-rds';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { AwsFault } from '../../../fault.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, passRole } from '../access.ts';
import { clusters } from '../kinds.ts';
import { faults } from '../faults.ts';
import { changeCluster } from './cluster-work.ts';

type RoleInput = AddRoleToDBClusterMessage | RemoveRoleFromDBClusterMessage;

const checks =
  (action: string) =>
  ({ DBClusterIdentifier: name = '', RoleArn }: RoleInput, call: Call): AccessCheck[] => [
    checkOn(call, action, clusters, { name }),
    ...passRole(RoleArn),
  ];

const ROLE = /^arn:aws:iam::\d{12}:role\/.+$/;

const addRoleToDbCluster = defineOperation<AddRoleToDBClusterMessage, object>({
  name: 'AddRoleToDBCluster',
  access: { iam: checks('AddRoleToDBCluster') },
  async handle(call, { DBClusterIdentifier, RoleArn: arn = '', FeatureName: feature = '' }) {
    if (!ROLE.test(arn)) throw faults.invalidValue(`Invalid role ARN: ${arn}`);
    await changeCluster(call, DBClusterIdentifier, (cluster) => {
      if (cluster.roles.some((role) => role.arn === arn && role.feature === feature))
        throw new AwsFault(
          'DBClusterRoleAlreadyExists',
          400,
          `The role ${arn} is already associated with the DB cluster ${cluster.name}.`,
        );
      return { ...cluster, roles: [...cluster.roles, { arn, feature }] };
    });
    return {};
  },
});

const removeRoleFromDbCluster = defineOperation<RemoveRoleFromDBClusterMessage, object>({
  name: 'RemoveRoleFromDBCluster',
  access: { iam: checks('RemoveRoleFromDBCluster') },
  async handle(call, { DBClusterIdentifier, RoleArn: arn = '', FeatureName: feature = '' }) {
    await changeCluster(call, DBClusterIdentifier, (cluster) => {
      const roles = cluster.roles.filter((role) => role.arn !== arn || role.feature !== feature);
      if (roles.length === cluster.roles.length)
        throw new AwsFault(
          'DBClusterRoleNotFound',
          404,
          `The role ${arn} is not associated with the DB cluster ${cluster.name}.`,
        );
      return { ...cluster, roles };
    });
    return {};
  },
});

export const clusterRoleOperations: readonly AnyOperation[] = [addRoleToDbCluster, removeRoleFromDbCluster];
