// CreateServiceLinkedRole, DeleteServiceLinkedRole, GetServiceLinkedRoleDeletionStatus: roles that services of AWS use,
// named by AWS and changed by nobody else.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
import type {
  CreateServiceLinkedRoleRequest,
  CreateServiceLinkedRoleResponse,
  DeleteServiceLinkedRoleRequest,
  DeleteServiceLinkedRoleResponse,
  GetServiceLinkedRoleDeletionStatusRequest,
  GetServiceLinkedRoleDeletionStatusResponse,
} from '@aws-sdk/client-iam';
import type { Call } from '../../call.ts';
import { defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';
import { addIdentity, LINKED_PATH, named, onIdentity, roles } from './identities.ts';
import { arnOf, drawId } from './naming.ts';
import { roleShape } from './roles.ts';
import { readRecord, type StoredRole, tables, writeRecord } from './state.ts';
import { timestampOf } from './timestamp.ts';

/** What the role of a service is called, after `AWSServiceRoleFor`. */
const linkedNames: Readonly<Record<string, string>> = {
  'autoscaling.amazonaws.com': 'AutoScaling',
  'backup.amazonaws.com': 'Backup',
  'batch.amazonaws.com': 'Batch',
  'cloudtrail.amazonaws.com': 'CloudTrail',
  'config.amazonaws.com': 'Config',
  'docdb-elastic.amazonaws.com': 'DocDB-Elastic',
  'dynamodb.application-autoscaling.amazonaws.com': 'ApplicationAutoScaling_DynamoDBTable',
  'ecs.amazonaws.com': 'ECS',
  'ecs.application-autoscaling.amazonaws.com': 'ApplicationAutoScaling_ECSService',
  'eks.amazonaws.com': 'AmazonEKS',
  'eks-nodegroup.amazonaws.com': 'AmazonEKSNodegroup',
  'elasticache.amazonaws.com': 'ElastiCache',
  'elasticache.application-autoscaling.amazonaws.com': 'ApplicationAutoScaling_ElastiCacheRG',
  'elasticfilesystem.amazonaws.com': 'AmazonElasticFileSystem',
  'elasticloadbalancing.amazonaws.com': 'ElasticLoadBalancing',
  'es.amazonaws.com': 'AmazonElasticsearchService',
  'guardduty.amazonaws.com': 'AmazonGuardDuty',
  'kafka.amazonaws.com': 'Kafka',
  'opensearchservice.amazonaws.com': 'AmazonOpenSearchService',
  'organizations.amazonaws.com': 'Organizations',
  'rds.amazonaws.com': 'RDS',
  'rds.application-autoscaling.amazonaws.com': 'ApplicationAutoScaling_RDSCluster',
  'redshift.amazonaws.com': 'Redshift',
  'replication.dynamodb.amazonaws.com': 'DynamoDBReplication',
  'spot.amazonaws.com': 'EC2Spot',
  'spotfleet.amazonaws.com': 'EC2SpotFleet',
  'ssm.amazonaws.com': 'AmazonSSM',
};

/** Services that may have several roles, told apart by a suffix. */
const suffixed: ReadonlySet<string> = new Set(['autoscaling.amazonaws.com']);

const SESSION_SECONDS = 3_600;

export const createServiceLinkedRole = defineOperation<
  CreateServiceLinkedRoleRequest,
  CreateServiceLinkedRoleResponse
>({
  name: 'CreateServiceLinkedRole',
  access: {
    iam: ({ AWSServiceName = '', CustomSuffix }, { account }) => [
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: arnOf(account, 'role', pathFor(AWSServiceName), linkedName(AWSServiceName, CustomSuffix)),
        context: { 'iam:AWSServiceName': AWSServiceName },
      },
    ],
  },
  async handle(call, { AWSServiceName: service = '', CustomSuffix, Description }) {
    const { account, plane } = call;
    const name = linkedName(service, CustomSuffix);
    const role: StoredRole = {
      name,
      path: pathFor(service),
      id: drawId(plane.random, 'role'),
      arn: arnOf(account, 'role', pathFor(service), name),
      createdAt: timestampOf(call.nowMs),
      trust: trustFor(service),
      maxSessionDurationSeconds: SESSION_SECONDS,
      tags: {},
      attached: [],
      inline: {},
      ...(Description === undefined ? {} : { description: Description }),
    };
    await plane.store.transact((tx) => {
      if (readRecord(tx, tables.roles, account, name)) throw faults.linkedRoleTaken(name);
      addIdentity(tx, account, roles, role);
    });
    return { Role: roleShape(role, 'listed') };
  },
});

function linkedName(service: string, suffix: string | undefined): string {
  const word = Object.hasOwn(linkedNames, service) ? linkedNames[service] : undefined;
  if (word === undefined) throw faults.noLinkedRole(service);
  if (suffix === undefined) return `AWSServiceRoleFor${word}`;
  if (!suffixed.has(service)) throw faults.noSuffix(service);
  return `AWSServiceRoleFor${word}_${suffix}`;
}

function pathFor(service: string): string {
  return `${LINKED_PATH}${service}/`;
}

function trustFor(service: string): string {
  const Statement = [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** AWS looks whether the service still uses the role; here no service does. */
export const deleteServiceLinkedRole = defineOperation<
  DeleteServiceLinkedRoleRequest,
  DeleteServiceLinkedRoleResponse
>({
  name: 'DeleteServiceLinkedRole',
  access: onIdentity(roles, 'iam:DeleteServiceLinkedRole'),
  async handle(call, input) {
    const { account, plane } = call;
    const { value } = await plane.store.transact((tx) => {
      const role = named(tx, account, roles, input);
      if (!role.path.startsWith(LINKED_PATH)) throw faults.notLinkedRole(role.name);
      tx.delete(tables.roles.key(account, role.name));
      const id = `task${role.path}${role.name}/${plane.random.uuid()}`;
      writeRecord(tx, tables.deletionTasks, { account, name: id }, { id });
      return id;
    });
    return { DeletionTaskId: value };
  },
});

export const getServiceLinkedRoleDeletionStatus = defineOperation<
  GetServiceLinkedRoleDeletionStatusRequest,
  GetServiceLinkedRoleDeletionStatusResponse
>({
  name: 'GetServiceLinkedRoleDeletionStatus',
  access: iam('iam:GetServiceLinkedRoleDeletionStatus', roleOfTask),
  handle({ plane, account }, { DeletionTaskId: id = '' }) {
    if (!readRecord(plane.store, tables.deletionTasks, account, id)) throw faults.noSuchDeletionTask(id);
    return { Status: 'SUCCEEDED' };
  },
});

/** The ARN of the role that `task/aws-service-role/SERVICE/ROLE/UUID` is about. */
function roleOfTask({ DeletionTaskId = '' }: GetServiceLinkedRoleDeletionStatusRequest, { account }: Call) {
  const path = /^task(\/.+)\/[^/]+$/.exec(DeletionTaskId)?.[1] ?? '/*';
  return `arn:aws:iam::${account}:role${path}`;
}
