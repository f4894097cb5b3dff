// Service models on demand: each is its own module, so a service costs nothing until it is first used.
import type { ServiceName } from '../operation.ts';
import type { ServiceModel } from './model.ts';

const sources: Readonly<Record<ServiceName, () => Promise<{ readonly default: unknown }>>> = {
  sts: () => import('./generated/sts.json', { with: { type: 'json' } }),
  iam: () => import('./generated/iam.json', { with: { type: 'json' } }),
  s3: () => import('./generated/s3.json', { with: { type: 'json' } }),
  logs: () => import('./generated/logs.json', { with: { type: 'json' } }),
  rds: () => import('./generated/rds.json', { with: { type: 'json' } }),
  dynamodb: () => import('./generated/dynamodb.json', { with: { type: 'json' } }),
  elasticache: () => import('./generated/elasticache.json', { with: { type: 'json' } }),
};

export async function loadModel(service: ServiceName): Promise<ServiceModel> {
  return (await sources[service]()).default as ServiceModel;
}
