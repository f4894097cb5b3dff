// Service models on demand: each is its own module, so a service costs nothing until it is first used.
import type { ConstraintModel } from './constraint-model.ts';
import type { ServiceModel } from './model.ts';
import type { ServiceName } from './service-name.ts';

type Load = () => Promise<{ readonly default: unknown }>;

const models: Readonly<Record<ServiceName, Load>> = {
  sts: () => import('./generated/sts.json', { with: { type: 'json' } }),
  iam: () => import('./generated/iam.json', { with: { type: 'json' } }),
  s3: () => import('./generated/s3.json', { with: { type: 'json' } }),
  logs: () => import('./generated/logs.json', { with: { type: 'json' } }),
  rds: () => import('./generated/rds.json', { with: { type: 'json' } }),
  dynamodb: () => import('./generated/dynamodb.json', { with: { type: 'json' } }),
  dynamodbstreams: () => import('./generated/dynamodbstreams.json', { with: { type: 'json' } }),
  elasticache: () => import('./generated/elasticache.json', { with: { type: 'json' } }),
  ec2: () => import('./generated/ec2.json', { with: { type: 'json' } }),
  secretsmanager: () => import('./generated/secretsmanager.json', { with: { type: 'json' } }),
  kms: () => import('./generated/kms.json', { with: { type: 'json' } }),
  sqs: () => import('./generated/sqs.json', { with: { type: 'json' } }),
};

const constraints: Readonly<Partial<Record<ServiceName, Load>>> = {
  sts: () => import('./generated/sts-constraints.json', { with: { type: 'json' } }),
  iam: () => import('./generated/iam-constraints.json', { with: { type: 'json' } }),
  s3: () => import('./generated/s3-constraints.json', { with: { type: 'json' } }),
  logs: () => import('./generated/logs-constraints.json', { with: { type: 'json' } }),
  rds: () => import('./generated/rds-constraints.json', { with: { type: 'json' } }),
  dynamodb: () => import('./generated/dynamodb-constraints.json', { with: { type: 'json' } }),
  dynamodbstreams: () => import('./generated/dynamodbstreams-constraints.json', { with: { type: 'json' } }),
  elasticache: () => import('./generated/elasticache-constraints.json', { with: { type: 'json' } }),
  secretsmanager: () => import('./generated/secretsmanager-constraints.json', { with: { type: 'json' } }),
  kms: () => import('./generated/kms-constraints.json', { with: { type: 'json' } }),
  sqs: () => import('./generated/sqs-constraints.json', { with: { type: 'json' } }),
};

export async function loadModel(service: ServiceName): Promise<ServiceModel> {
  return (await models[service]()).default as ServiceModel;
}

/** What the members of the service's inputs must be; nothing for a service whose rules are not known. */
export async function loadConstraints(service: ServiceName): Promise<ConstraintModel> {
  const load = constraints[service];
  return load ? ((await load()).default as ConstraintModel) : { rules: {}, members: {} };
}
