// Service models on demand: each is its own module, so a service costs nothing until it is first used.
import type { ServiceName } from '../operation.ts';
import type { ConstraintModel } from './constraint-model.ts';
import type { ServiceModel } from './model.ts';

type Load = () => Promise<{ readonly default: unknown }>;

const models: Readonly<Record<ServiceName, Load>> = {
  sts: () => import('./generated/sts.json', { with: { type: 'json' } }),
  iam: () => import('./generated/iam.json', { with: { type: 'json' } }),
  s3: () => import('./generated/s3.json', { with: { type: 'json' } }),
  logs: () => import('./generated/logs.json', { with: { type: 'json' } }),
  rds: () => import('./generated/rds.json', { with: { type: 'json' } }),
  dynamodb: () => import('./generated/dynamodb.json', { with: { type: 'json' } }),
  elasticache: () => import('./generated/elasticache.json', { with: { type: 'json' } }),
};

/** The services that answer with the constraints of their models; the others check by rules of their own. */
const constraints: Readonly<Partial<Record<ServiceName, Load>>> = {
  sts: () => import('./generated/sts-constraints.json', { with: { type: 'json' } }),
  iam: () => import('./generated/iam-constraints.json', { with: { type: 'json' } }),
  logs: () => import('./generated/logs-constraints.json', { with: { type: 'json' } }),
};

export async function loadModel(service: ServiceName): Promise<ServiceModel> {
  return (await models[service]()).default as ServiceModel;
}

/** The constraints of the service's inputs; none for a service that does not validate by its model. */
export async function loadConstraints(service: ServiceName): Promise<ConstraintModel> {
  const load = constraints[service];
  return load ? ((await load()).default as ConstraintModel) : { rules: {}, members: {} };
}
