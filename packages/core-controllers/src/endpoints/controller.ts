// Keeps Endpoints and EndpointSlices of Services with a selector equal to the pods that the selector matches.
import { jsonEqual } from '@pergola/kernel';
import { type Controller, keyOfObject, splitKey, startController, watchSelf } from '@pergola/controller-kit';
import { hasCode, type KubeResource, resourceTypes, labelsMatch } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { controllerReference } from '../workload/ownership.ts';
import { backendsOf, slicesOf, subsetsOf } from './endpoints-of.ts';

const {
  endpoints: endpointsType,
  endpointslices: sliceType,
  pods: podType,
  services: serviceType,
} = resourceTypes;
const serviceNameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';

export function startEndpointsController(context: ControllerContext): Controller {
  const { clock, logger, informers } = context;
  const services = informers.of(serviceType);
  const pods = informers.of(podType);
  const slices = informers.of(sliceType);

  const keysOfPod = ({ metadata: { namespace, labels } }: KubeResource): string[] =>
    services
      .list(namespace)
      .filter((service) => hasSelector(service) && labelsMatch(service.spec.selector, labels))
      .map(keyOfObject);
  const keysOfSlice = ({ metadata: { namespace, labels } }: KubeResource): string[] => {
    const service = labels?.[serviceNameLabel];
    return service && labels[managedByLabel] === manager ? [`${namespace}/${service}`] : [];
  };

  const reconcile = async (key: string) => {
    const ref = splitKey(key);
    const service = services.get(ref);
    if (service && !hasSelector(service)) return undefined;
    const own = slices.list(ref.namespace).filter((slice) => keysOfSlice(slice).includes(key));
    if (!service || service.metadata.deletionTimestamp) {
      await removeAll(context, ref, own);
      return undefined;
    }
    const matching = pods
      .list(ref.namespace)
      .filter((pod) => labelsMatch(service.spec.selector, pod.metadata.labels));
    const backends = backendsOf(service, matching);
    await syncEndpoints(context, service, subsetsOf(backends));
    await syncSlices(context, { service, own, wanted: slicesOf(backends) });
    return undefined;
  };
  return startController({
    name: 'endpoints',
    watches: [
      watchSelf(services),
      { informer: pods, keysOf: keysOfPod },
      { informer: slices, keysOf: keysOfSlice },
      watchSelf(informers.of(endpointsType)),
    ],
    reconcile,
    clock,
    logger,
  });
}

function hasSelector(service: KubeResource): boolean {
  return Object.keys(service.spec?.selector ?? {}).length > 0 && service.spec?.type !== 'ExternalName';
}

async function removeAll(
  { client }: ControllerContext,
  ref: { namespace: string | undefined; name: string },
  own: readonly KubeResource[],
): Promise<void> {
  const ignoreGone = (error: unknown) => {
    if (!hasCode(error, 404)) throw error;
  };
  // Without a selector somebody else may own them, but then the Service still exists.
  if (own.length > 0) await client.delete(endpointsType, ref).catch(ignoreGone);
  await Promise.all(own.map(({ metadata }) => client.delete(sliceType, metadata).catch(ignoreGone)));
}

async function syncEndpoints(
  { client, informers }: ControllerContext,
  service: KubeResource,
  subsets: object[],
): Promise<void> {
  const { name, namespace, labels } = service.metadata;
  const existing = informers.of(endpointsType).get({ name, namespace });
  if (!existing) {
    const metadata = {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels ? { labels } : {}),
    };
    await client.create(endpointsType, { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets });
  } else if (!jsonEqual(existing.subsets ?? [], subsets)) {
    await client.update(endpointsType, { ...existing, subsets });
  }
}

interface SliceSync {
  readonly service: KubeResource;
  readonly own: readonly KubeResource[];
  readonly wanted: ReturnType<typeof slicesOf>;
}

/** Existing slices are reused one by one; a Service always has at least one, if only an empty one. */
async function syncSlices({ client }: ControllerContext, { service, own, wanted }: SliceSync): Promise<void> {
  const contents = wanted.length > 0 ? wanted : [{ ports: [], endpoints: [] }];
  await Promise.all(
    contents.map(async (content, index) => {
      const existing = own[index];
      if (!existing) await client.create(sliceType, newSlice(service, content));
      else if (!jsonEqual({ ports: existing.ports ?? [], endpoints: existing.endpoints ?? [] }, content)) {
        await client.update(sliceType, { ...existing, ...content });
      }
    }),
  );
  await Promise.all(own.slice(contents.length).map(({ metadata }) => client.delete(sliceType, metadata)));
}

function newSlice(service: KubeResource, content: object): KubeResource {
  const { name, namespace, labels } = service.metadata;
  const metadata = {
    generateName: `${name}-`,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...labels, [serviceNameLabel]: name, [managedByLabel]: manager },
    ownerReferences: [controllerReference(serviceType, service)],
  };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    // The server names it.
    metadata: metadata as unknown as KubeResource['metadata'],
    addressType: 'IPv4',
    ...content,
  };
}
