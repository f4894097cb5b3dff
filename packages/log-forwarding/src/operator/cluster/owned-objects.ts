// The objects that the operator writes: compared with what is in the cluster, written only where they differ.
import { isRecord } from '@pergola/kernel';
import {
  hasCode,
  type KubeResource,
  type ObjectRef,
  type ResourceType,
  resourceTypes,
} from '@pergola/kube-client';
import type { OperatorContext } from '../context.ts';
import { forwarderAnnotation, operatorName, ownedLabels } from '../names.ts';
import { WatchedObjects } from './watched-objects.ts';

/** The object exists and belongs to another forwarder. */
export class OwnershipError extends Error {
  override readonly name = 'OwnershipError';
}

const ownedTypes: readonly ResourceType[] = [
  resourceTypes.secrets,
  resourceTypes.serviceaccounts,
  resourceTypes.services,
  resourceTypes.daemonsets,
  resourceTypes.roles,
  resourceTypes.rolebindings,
  resourceTypes.clusterroles,
  resourceTypes.clusterrolebindings,
];

const labelSelector = Object.entries(ownedLabels)
  .map(([name, value]) => `${name}=${value}`)
  .join(',');

export class OwnedObjects implements AsyncDisposable {
  readonly #context: OperatorContext;
  readonly #watched: ReadonlyMap<ResourceType, WatchedObjects>;

  constructor(context: OperatorContext) {
    this.#context = context;
    this.#watched = new Map(
      ownedTypes.map((type) => [type, new WatchedObjects(context, type, { labelSelector })]),
    );
  }

  get synced(): Promise<unknown> {
    return Promise.all([...this.#watched.values()].map(({ synced }) => synced));
  }

  of(type: ResourceType): WatchedObjects {
    const watched = this.#watched.get(type);
    if (!watched) throw new Error(`${type.plural} are not among the operator's objects`);
    return watched;
  }

  all(): WatchedObjects[] {
    return [...this.#watched.values()];
  }

  /** Creates the object or changes what differs. Throws OwnershipError when another forwarder's stands in its place. */
  async ensure(type: ResourceType, wanted: KubeResource): Promise<void> {
    const { client } = this.#context;
    const { name, namespace } = wanted.metadata;
    const ref = { name, namespace };
    const current = this.of(type).get(ref) ?? (await client.find(type, ref));
    if (current) refuseForeign(type, current, wanted);
    if (current && holds(current, wanted)) return;
    if (current && roleChanged(current, wanted)) await this.remove(type, ref);
    await client.patch(type, ref, {
      kind: 'apply',
      body: wanted,
      fieldManager: operatorName,
      force: true,
    });
  }

  /** Deletes an object of the operator's own if it is there. */
  async remove(type: ResourceType, ref: ObjectRef): Promise<void> {
    try {
      await this.#context.client.delete(type, ref, { propagationPolicy: 'Background' });
    } catch (error) {
      // It has gone already.
      if (!hasCode(error, 404)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#watched.values()].map((each) => each[Symbol.asyncDispose]()));
  }
}

/** Whether everything in `wanted` is so in `current`; what the server adds does not count. */
export function holds(current: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(current) || current.length !== wanted.length) return false;
    return wanted.every((item, index) => holds(current[index], item));
  }
  if (isRecord(wanted)) {
    return (
      isRecord(current) &&
      Object.entries(wanted).every(([key, value]) => value === undefined || holds(current[key], value))
    );
  }
  return current === wanted;
}

/** A binding's role cannot be changed. */
function roleChanged(current: KubeResource, wanted: KubeResource): boolean {
  return wanted['roleRef'] !== undefined && !holds(current['roleRef'], wanted['roleRef']);
}

function refuseForeign(type: ResourceType, current: KubeResource, wanted: KubeResource): void {
  const [owner, ours] = [current, wanted].map(ownerOf);
  const { name } = current.metadata;
  if (ours && owner && owner.uid !== ours.uid) {
    throw new OwnershipError(
      owner.name === ours.name && owner.apiVersion === ours.apiVersion
        ? `${type.kind} ${name} is left from a deleted ${owner.kind} of the same name: waiting for the garbage collector`
        : `${type.kind} ${name} belongs to ${owner.kind} ${owner.apiVersion} ${owner.name}: choose another name`,
    );
  }
  const mark = foreignMark(current, wanted);
  if (mark !== undefined) {
    throw new OwnershipError(`${type.kind} ${name} belongs to ${mark}: choose another name`);
  }
}

function ownerOf({ metadata }: KubeResource) {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}

function foreignMark(current: KubeResource, wanted: KubeResource): string | undefined {
  const [mark, wantedMark] = [current, wanted].map(
    ({ metadata }) => metadata.annotations?.[forwarderAnnotation],
  );
  return wantedMark !== undefined && mark !== wantedMark ? mark : undefined;
}
