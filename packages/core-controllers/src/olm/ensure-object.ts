// Making an object unless it is there, or bringing the one that is there up to date.
import { isRecord } from '@pergola/kernel';
import { hasCode, type KubeClient, type KubeResource, apiVersionOf } from '@pergola/kube-client';
import type { Wanted } from './rbac.ts';

export interface Ensured {
  readonly object: KubeResource;
  /** True when it was not there before. */
  readonly made: boolean;
}

/**
 * With `replace`, an object that is there gets the wanted fields beside metadata, and the wanted labels and
 * annotations beside those it has.
 */
export async function ensureObject(client: KubeClient, wanted: Wanted, replace: boolean): Promise<Ensured> {
  const { type } = wanted;
  const object = { apiVersion: apiVersionOf(type), kind: type.kind, ...wanted.object };
  const existing = await client.find(type, object.metadata);
  if (!existing) return createOrFind(client, wanted, object);
  if (!replace) return { object: existing, made: false };
  if (covers(existing, object)) return { object: existing, made: false };
  return { object: await client.update(type, merged(existing, object)), made: false };
}

async function createOrFind(client: KubeClient, { type }: Wanted, object: KubeResource): Promise<Ensured> {
  try {
    return { object: await client.create(type, object), made: true };
  } catch (error) {
    if (!hasCode(error, 409)) throw error;
    return { object: await client.get(type, object.metadata), made: false };
  }
}

/** True when `existing` says all that `wanted` says: servers fill in defaults beside. */
export function covers(existing: unknown, wanted: unknown): boolean {
  if (existing === wanted || wanted === undefined) return true;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(existing) &&
      existing.length === wanted.length &&
      wanted.every((item, index) => covers(existing[index], item))
    );
  }
  if (!isRecord(wanted) || !isRecord(existing)) return false;
  return Object.entries(wanted).every(([key, value]) => covers(existing[key], value));
}

function merged(existing: KubeResource, wanted: KubeResource): KubeResource {
  const { labels, annotations, ownerReferences } = wanted.metadata;
  return {
    ...existing,
    ...wanted,
    ...(existing['status'] === undefined ? {} : { status: existing['status'] }),
    metadata: {
      ...existing.metadata,
      ...(labels ? { labels: { ...existing.metadata.labels, ...labels } } : {}),
      ...(annotations ? { annotations: { ...existing.metadata.annotations, ...annotations } } : {}),
      ...(ownerReferences ? { ownerReferences } : {}),
    },
  };
}
