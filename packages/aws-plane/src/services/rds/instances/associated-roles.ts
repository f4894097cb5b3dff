// AddRoleToDBInstance, RemoveRoleFromDBInstance: roles that the server may use. They are kept and shown.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddRoleToDBInstance.html
import type { AddRoleToDBInstanceMessage, RemoveRoleFromDBInstanceMessage } from '@aws-sdk/client-rds';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, passRole } from '../access.ts';
import { faults } from '../faults.ts';
import { instances } from '../kinds.ts';
import { changeInstance } from './instance-work.ts';

interface RoleInput {
  readonly DBInstanceIdentifier?: string | undefined;
  readonly RoleArn?: string | undefined;
}

const checks =
  (action: string) =>
  (input: RoleInput, call: Call): AccessCheck[] => [
    checkOn(call, action, instances, { name: input.DBInstanceIdentifier ?? '' }),
    ...passRole(input.RoleArn),
  ];

const ROLE = /^arn:aws:iam::\d{12}:role\/.+$/;

const addRoleToDbInstance = defineOperation<AddRoleToDBInstanceMessage, object>({
  name: 'AddRoleToDBInstance',
  access: { iam: checks('AddRoleToDBInstance') },
  async handle(call, { DBInstanceIdentifier, RoleArn: arn = '', FeatureName: feature = '' }) {
    if (!ROLE.test(arn)) throw faults.invalidValue(`Invalid role ARN: ${arn}`);
    if (feature === '') throw faults.missing('FeatureName');
    await changeInstance(call, DBInstanceIdentifier, (instance) => {
      if (instance.roles.some((role) => role.arn === arn && role.feature === feature))
        throw faults.invalidValue(
          `The role ${arn} is already associated with the DB instance for ${feature}.`,
        );
      return { ...instance, roles: [...instance.roles, { arn, feature }] };
    });
    return {};
  },
});

const removeRoleFromDbInstance = defineOperation<RemoveRoleFromDBInstanceMessage, object>({
  name: 'RemoveRoleFromDBInstance',
  access: { iam: checks('RemoveRoleFromDBInstance') },
  async handle(call, { DBInstanceIdentifier, RoleArn: arn = '', FeatureName: feature = '' }) {
    await changeInstance(call, DBInstanceIdentifier, (instance) => {
      const roles = instance.roles.filter((role) => role.arn !== arn || role.feature !== feature);
      if (roles.length === instance.roles.length) throw faults.roleNotFound(arn, instance.name);
      return { ...instance, roles };
    });
    return {};
  },
});

export const associatedRoleOperations: readonly AnyOperation[] = [
  addRoleToDbInstance,
  removeRoleFromDbInstance,
];
