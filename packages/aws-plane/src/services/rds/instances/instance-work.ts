// What the operations on instances have in common: checks, finding, adding, changing, and work in the background.
import type { CreateDBInstanceMessage, DBInstance, Tag } from '@aws-sdk/client-rds';
import type { Transaction } from '@pergola/store';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { creationChecks, homeOf, MONITORING, passRole } from '../access.ts';
import { faults } from '../faults.ts';
import { clusters, instances, named, optionGroups, parameterGroups, subnetGroups } from '../kinds.ts';
import { subnetGroupFor } from '../networks/network.ts';
import type { StoredInstance } from '../records.ts';
import type { DatabaseAt } from '../runtime/databases.ts';
import { keepPassword } from '../runtime/passwords.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { withSecret } from '../secrets/managed-secret.ts';
import { countRecords, listRecords, readRecord, writeRecord } from '../state.ts';
import { instanceShape } from './instance-shape.ts';

const INSTANCES_MAX = 40;

interface CreationInput extends Partial<Omit<CreateDBInstanceMessage, 'Tags'>> {
  readonly Tags?: Tag[] | undefined;
}

/** The checks of any way to a new instance: it, and the groups that it will use. */
export function instanceChecks(call: Call, action: string, input: CreationInput): AccessCheck[] {
  const made = creationChecks(call, action, instances, {
    name: input.DBInstanceIdentifier ?? '',
    tags: input.Tags,
    context: instanceContext(input),
    uses: [
      [optionGroups, input.OptionGroupName ?? (input.Engine && `default:${input.Engine.toLowerCase()}`)],
      [
        parameterGroups,
        input.DBParameterGroupName ?? (input.Engine && `default.${input.Engine.toLowerCase()}`),
      ],
      [subnetGroups, input.DBSubnetGroupName ?? 'default'],
      [clusters, input.DBClusterIdentifier],
    ],
  });
  return [...made, ...passRole(input.MonitoringRoleArn, MONITORING)];
}

function instanceContext(input: CreationInput): Record<string, string> {
  const context: Record<string, string> = {};
  const put = (key: string, value: unknown) => {
    if (value !== undefined) context[`rds:${key}`] = String(value);
  };
  put('DatabaseEngine', input.Engine);
  put('DatabaseClass', input.DBInstanceClass);
  put('DatabaseName', input.DBName);
  put('MultiAz', input.MultiAZ);
  put('Piops', input.Iops);
  put('StorageSize', input.AllocatedStorage);
  put('StorageEncrypted', input.StorageEncrypted);
  put('ManageMasterUserPassword', input.ManageMasterUserPassword);
  return context;
}

/** Parameters that ask for what is not there. */
const unserved: readonly (keyof CreateDBInstanceMessage)[] = [
  'Domain',
  'DomainFqdn',
  'CharacterSetName',
  'NcharCharacterSetName',
  'Timezone',
  'TdeCredentialArn',
  'EnableCustomerOwnedIp',
  'CustomIamInstanceProfile',
  'DBSystemId',
  'MultiTenant',
  'ProcessorFeatures',
  'AdditionalStorageVolumes',
];

/** Throws for what would be left undone silently. */
export function refuseUnserved(input: Partial<CreateDBInstanceMessage>): void {
  const asked = unserved.find((member) => {
    const value = input[member];
    return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
  });
  if (asked !== undefined) throw faults.notImplemented(`The parameter ${asked}`);
  if (input.DBSecurityGroups?.length)
    throw faults.invalidCombination('DB security groups can only be associated with non-VPC DB instances.');
  if (input.BackupTarget !== undefined && input.BackupTarget !== 'region')
    throw faults.notImplemented(`The backup target ${input.BackupTarget}`);
  if (input.NetworkType !== undefined && input.NetworkType !== 'IPV4')
    throw faults.notImplemented(`The network type ${input.NetworkType}`);
  if (input.MasterUserAuthenticationType === 'iam-db-auth')
    throw faults.notImplemented('The master user authentication type iam-db-auth');
}

/**
 * Writes a new instance with the password that its server will get, and what else belongs to it. Throws when its name
 * is taken; the secret that was made for it is then given up.
 */
export async function addInstance(
  call: Call,
  instance: StoredInstance,
  password: string | undefined,
  also?: (tx: Transaction) => void,
): Promise<void> {
  const home = homeOf(call);
  const write = (tx: Transaction) => {
    if (readRecord(tx, instances.table, home, instance.name)) throw faults.instanceExists();
    if (countRecords(tx, instances.table, home) >= INSTANCES_MAX) throw faults.instanceQuota();
    if (password !== undefined) keepPassword(tx, home, instance.resourceId, password);
    writeRecord(tx, instances.table, home, instance);
    also?.(tx);
  };
  await withSecret(call, instance.secret, () => call.plane.store.transact(write));
}

/** Where an instance is, for work on its server. */
export function instanceAt(call: Call, { resourceId }: StoredInstance): DatabaseAt {
  return { as: 'instance', home: homeOf(call), resourceId };
}

/** Work on the instance's own server, in the background. */
export function queueJob(call: Call, instance: StoredInstance, job: (at: DatabaseAt) => Promise<void>): void {
  const at = instanceAt(call, instance);
  void deskOf(call.plane).queue(instance.resourceId, () => job(at));
}

/** Changes the named instance in one transaction. */
export async function changeInstance(
  call: Call,
  nameOrArn: string | undefined,
  change: (instance: StoredInstance, tx: Transaction) => StoredInstance,
): Promise<StoredInstance> {
  const home = homeOf(call);
  const { value } = await call.plane.store.transact((tx) =>
    writeRecord(tx, instances.table, home, change(named(tx, instances, home, nameOrArn), tx)),
  );
  return value;
}

/** As the answers show it. */
export async function shapeFor(call: Call, instance: StoredInstance): Promise<DBInstance> {
  const subnetGroup = await subnetGroupFor(call, instance.settings.subnetGroup).catch(() => undefined);
  return instanceShape({ plane: call.plane, home: homeOf(call), subnetGroup }, instance);
}

/** Read replicas of an instance. */
export function replicasOf(call: Call, name: string): StoredInstance[] {
  return listRecords(call.plane.store, instances.table, homeOf(call)).filter(
    ({ sourceName }) => sourceName === name,
  );
}
