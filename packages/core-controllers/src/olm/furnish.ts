// What OLM finds in a cluster at its first start: its own kinds, the catalog, and the OperatorGroups of a ROSA cluster.
import {
  apiVersionOf,
  hasCode,
  type KubeClient,
  type KubeResource,
  resourceTypes,
} from '@pergola/kube-client';
import type { OperatorPackage } from './catalog.ts';
import { olmCrds } from './crds.ts';
import { covers, ensureObject } from './ensure-object.ts';
import { csvSpecOf, nameOf, olmTypes } from './kinds.ts';
import { catalogSource } from './olm-context.ts';
import type { Wanted } from './rbac.ts';

const { customresourcedefinitions } = resourceTypes;

/** Installs OLM's kinds. Those that are there already are left alone unless they differ. */
export async function installKinds(client: KubeClient): Promise<void> {
  const { items } = await client.list(customresourcedefinitions);
  await Promise.all(
    (olmCrds as readonly KubeResource[]).map(async (crd) => {
      const existing = items.find((each) => nameOf(each) === nameOf(crd));
      if (!existing) await createUnlessThere(client, { type: customresourcedefinitions, object: crd });
      else if (!covers(existing['spec'].versions, crd['spec'].versions))
        await ensureObject(client, { type: customresourcedefinitions, object: crd }, true);
    }),
  );
}

/** Makes the catalog visible. Groups are made only where a namespace has none: a user may have chosen another. */
export async function furnish(client: KubeClient, catalog: readonly OperatorPackage[]): Promise<void> {
  const groups = [
    {
      namespace: 'openshift-logging',
      name: 'openshift-logging',
      spec: { targetNamespaces: ['openshift-logging'] },
    },
    { namespace: 'openshift-operators', name: 'global-operators', spec: {} },
  ];
  await Promise.all([
    ...groups.map((group) => ensureGroup(client, group)),
    createUnlessThere(client, { type: olmTypes.catalogSources, object: sourceObject() }),
    ...catalog.map((each) =>
      ensureObject(client, { type: olmTypes.packageManifests, object: manifestOf(each) }, true),
    ),
  ]);
}

async function ensureGroup(
  client: KubeClient,
  { namespace, name, spec }: { namespace: string; name: string; spec: object },
): Promise<void> {
  const { items } = await client.list(olmTypes.operatorGroups, { namespace });
  if (items.length > 0) return;
  const object = { metadata: { name, namespace }, spec };
  await createUnlessThere(client, { type: olmTypes.operatorGroups, object });
}

async function createUnlessThere(client: KubeClient, { type, object }: Wanted): Promise<void> {
  try {
    await client.create(type, { apiVersion: apiVersionOf(type), kind: type.kind, ...object });
  } catch (error) {
    // The namespace of a group may have been deleted by its user; everything else that is there is there.
    if (!hasCode(error, 409) && !hasCode(error, 404)) throw error;
  }
}

function sourceObject(): KubeResource {
  return {
    metadata: { ...catalogSource },
    spec: { sourceType: 'internal', displayName: 'Red Hat Operators', publisher: 'Red Hat' },
  };
}

function manifestOf(found: OperatorPackage): KubeResource {
  return {
    metadata: {
      name: found.name,
      namespace: catalogSource.namespace,
      labels: { catalog: catalogSource.name, 'catalog-namespace': catalogSource.namespace },
    },
    spec: {},
    status: {
      catalogSource: catalogSource.name,
      catalogSourceDisplayName: 'Red Hat Operators',
      catalogSourceNamespace: catalogSource.namespace,
      catalogSourcePublisher: 'Red Hat',
      packageName: found.name,
      provider: { name: 'Red Hat' },
      defaultChannel: found.defaultChannel,
      channels: found.channels.map(({ name, csv }) => {
        const { displayName, version, installModes } = csvSpecOf(found.bundles[csv]?.csv ?? {});
        return { name, currentCSV: csv, currentCSVDesc: { displayName, version, installModes } };
      }),
    },
  };
}
