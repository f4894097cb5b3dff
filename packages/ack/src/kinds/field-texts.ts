// Short descriptions of fields, as `scripts/gen-ack-texts.ts` takes them from AWS's documentation. By `Shape.Member`.

export type FieldTexts = Readonly<Record<string, string>>;

type Load = () => Promise<{ readonly default: unknown }>;

/** By the first part of the kinds' group. */
const texts: Readonly<Record<string, Load>> = {
  cloudwatchlogs: () => import('./generated/cloudwatchlogs.json', { with: { type: 'json' } }),
  dynamodb: () => import('./generated/dynamodb.json', { with: { type: 'json' } }),
  elasticache: () => import('./generated/elasticache.json', { with: { type: 'json' } }),
  iam: () => import('./generated/iam.json', { with: { type: 'json' } }),
  rds: () => import('./generated/rds.json', { with: { type: 'json' } }),
  s3: () => import('./generated/s3.json', { with: { type: 'json' } }),
  sqs: () => import('./generated/sqs.json', { with: { type: 'json' } }),
};

/** Nothing for a service without: descriptions are a help, not a need. */
export async function loadFieldTexts(group: string): Promise<FieldTexts> {
  const load = texts[group];
  return load ? ((await load()).default as FieldTexts) : {};
}
