// The controller of ClusterServiceVersions: installs operators and watches over them. OLM's own operator.
import {
  commit,
  type Controller,
  type EventRecorder,
  keyOfObject,
  runSteps,
  splitKey,
  startController,
  watchSelf,
} from '@pergola/controller-kit';
import { hasCode, type KubeResource, resourceTypes } from '@pergola/kube-client';
import { ensureObject } from '../ensure-object.ts';
import { csvSpecOf, nameOf, olmTypes } from '../kinds.ts';
import type { OlmContext } from '../olm-context.ts';
import type { CsvRun } from './csv-run.ts';
import { csvSteps } from './reconcile.ts';

const { clusterServiceVersions: csvType } = olmTypes;
const { deployments: deploymentType } = resourceTypes;

export function startCsvController(context: OlmContext): Controller {
  const { clock, logger, csvs, crds, groups, subscriptions, informers } = context;
  const recorder = context.recorderFor('operator-lifecycle-manager');
  const deployments = informers.of(deploymentType);
  const all = (neighbour: KubeResource): string[] => csvs.list(neighbour.metadata.namespace).map(keyOfObject);
  const ownerOf = (deployment: KubeResource): string[] => {
    const owner = deployment.metadata.ownerReferences?.find(({ kind }) => kind === 'ClusterServiceVersion');
    return owner ? [`${deployment.metadata.namespace}/${owner.name}`] : [];
  };
  const needing = (crd: KubeResource): string[] =>
    csvs
      .list()
      .filter((csv) => needs(csv, nameOf(crd)))
      .map(keyOfObject);
  return startController({
    name: 'cluster-service-version',
    watches: [
      watchSelf(csvs),
      // One that replaces another concerns the other too.
      { informer: csvs, keysOf: (csv) => replacedKey(csv) },
      { informer: groups, keysOf: all },
      { informer: subscriptions, keysOf: all },
      { informer: deployments, keysOf: ownerOf },
      { informer: crds, keysOf: needing },
    ],
    async reconcile(key) {
      const csv = csvs.get(splitKey(key));
      return csv && runSteps(csvSteps, runOf(context, csv, recorder));
    },
    clock,
    logger,
  });
}

function needs(csv: KubeResource, crd: string): boolean {
  const { owned = [], required = [] } = csvSpecOf(csv).customresourcedefinitions ?? {};
  return [...owned, ...required].some(({ name }) => name === crd);
}

/** Both neighbours in a chain of replacements. */
function replacedKey(csv: KubeResource): string[] {
  const { replaces } = csvSpecOf(csv);
  return replaces === undefined ? [] : [`${csv.metadata.namespace}/${replaces}`];
}

function runOf(context: OlmContext, csv: KubeResource, recorder: EventRecorder): CsvRun {
  const { client, clock, csvs, crds, groups, subscriptions, informers } = context;
  const { namespace, uid } = csv.metadata;
  const deployments = informers.of(deploymentType);
  const config = subscriptions.list(namespace).find(({ status }) => status?.currentCSV === nameOf(csv))?.[
    'spec'
  ]?.config;
  // It may be gone by now, which is no failure.
  const write = async (after: KubeResource) =>
    void (await commit(client, csvType, { before: csv, after }).catch(unlessGone));
  return {
    csv,
    spec: csvSpecOf(csv),
    nowMs: clock.nowMs(),
    siblings: csvs.list(namespace),
    groups: groups.list(namespace),
    subscriptionConfig: config,
    findDeployment: (name) => deployments.get({ namespace, name }),
    find: async ({ type, object }) =>
      type === resourceTypes.customresourcedefinitions
        ? crds.get(object.metadata)
        : client.find(type, object.metadata),
    ensure: async (wanted) => void (await ensureObject(client, wanted, true)),
    patchMetadata: (metadata) => write({ ...csv, metadata: { ...csv.metadata, ...metadata } }),
    patchStatus: (status) => write({ ...csv, status }),
    async deleteSelf() {
      const ref = { namespace, name: nameOf(csv) };
      await client.delete(csvType, ref, uid === undefined ? {} : { uid }).catch(unlessGone);
    },
    deleteOwned: () => deleteOwned(context, csv),
    event: (type, reason, message) => recorder.record(csv, { type, reason, message }),
  };
}

/** Roles and bindings of the cluster and of other namespaces, which no owner reference can hold. */
async function deleteOwned({ client }: OlmContext, csv: KubeResource): Promise<void> {
  const labelSelector = `olm.owner=${nameOf(csv)},olm.owner.namespace=${csv.metadata.namespace}`;
  const { clusterrolebindings, clusterroles, rolebindings, roles } = resourceTypes;
  for (const type of [clusterrolebindings, clusterroles, rolebindings, roles]) {
    const { items } = await client.list(type, { labelSelector });
    for (const { metadata } of items) await client.delete(type, metadata).catch(unlessGone);
  }
}

function unlessGone(error: unknown): void {
  if (!hasCode(error, 404)) throw error;
}
