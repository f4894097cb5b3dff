// All kinds there are, by service. A kind more is a description and a line here.
import { loadConstraints, loadModel } from '@pergola/aws-model';
import { compileKind } from '../kind/compile-kind.ts';
import type { KindDescription, ServiceDescription } from '../kind/description.ts';
import type { Kind } from '../kind/kind.ts';
import { referenceTarget } from '../kind/references.ts';
import { TypeCatalogue } from '../kind/model/type-catalogue.ts';
import { dynamodbKinds } from './dynamodb/index.ts';
import { elasticacheKinds } from './elasticache/index.ts';
import { loadFieldTexts } from './field-texts.ts';
import { iamKinds } from './iam/index.ts';
import { logGroup } from './logs/log-group.ts';
import { rdsKinds } from './rds/index.ts';
import { bucket } from './s3/bucket.ts';
import { queue } from './sqs/queue.ts';

export const descriptions: readonly KindDescription[] = [
  ...dynamodbKinds,
  ...elasticacheKinds,
  ...iamKinds,
  logGroup,
  ...rdsKinds,
  bucket,
  queue,
];

/** The names by which services are chosen: `rds`, `cloudwatchlogs`, … */
export function serviceNames(): readonly string[] {
  return [...new Set(descriptions.map(({ service }) => service.group))];
}

/** A kind by its names, and those of the kinds that it refers to, which cost nothing. */
export interface KindName extends Pick<Kind, 'group' | 'version' | 'kind' | 'plural'> {
  readonly references: readonly Pick<Kind['references'][number], 'target'>[];
}

export function kindNames(): readonly KindName[] {
  return descriptions.map((description) => ({
    ...referenceTarget(description.service.group, description.kind),
    version: 'v1alpha1',
    references: referencesIn(description),
  }));
}

function referencesIn({
  service,
  fields = {},
  nestedReferences = {},
}: KindDescription): KindName['references'] {
  const own = Object.values(fields).map(({ reference }) => reference);
  return [...own, ...Object.values(nestedReferences)].flatMap((reference) =>
    reference === undefined ? [] : { target: referenceTarget(service.group, reference.kind) },
  );
}

/** Compiles the kinds of these services, or of all. Models are loaded for these only. */
export async function loadKinds(services: readonly string[] = serviceNames()): Promise<readonly Kind[]> {
  const unknown = services.filter((name) => !serviceNames().includes(name));
  if (unknown.length > 0) {
    throw new Error(`no kinds are known of ${unknown.join(', ')}; there are ${serviceNames().join(', ')}`);
  }
  const chosen = new Map<ServiceDescription, KindDescription[]>();
  for (const description of descriptions.filter(({ service }) => services.includes(service.group))) {
    chosen.set(description.service, [...(chosen.get(description.service) ?? []), description]);
  }
  const kinds = [...chosen].map(async ([service, described]) => {
    const [catalogue, texts] = await Promise.all([loadCatalogue(service), loadFieldTexts(service.group)]);
    return described.map((description) => compileKind(description, catalogue, texts));
  });
  return (await Promise.all(kinds)).flat();
}

export async function loadCatalogue({ service, members }: ServiceDescription): Promise<TypeCatalogue> {
  return new TypeCatalogue(await loadModel(service), await loadConstraints(service), members);
}
