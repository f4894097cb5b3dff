// What the controllers of forwarders read: live copies of the cluster's objects, shared by both kinds.
import { Disposal } from '@pergola/kernel';
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import type { ForwarderIdentity } from '../../config/collector-config.ts';
import { ClusterFacts } from '../cluster/cluster-facts.ts';
import { CollectPermissions } from '../cluster/collect-permissions.ts';
import { NamespaceObjects } from '../cluster/namespace-objects.ts';
import { OwnedObjects } from '../cluster/owned-objects.ts';
import { WatchedObjects } from '../cluster/watched-objects.ts';
import type { OperatorContext } from '../context.ts';
import { customResources } from '../custom-resources.ts';
import { RestingMessages } from '../delivery/resting-messages.ts';
import { instanceName, legacyCollector, loggingNamespace, operatorName, reportLabel } from '../names.ts';
import type { LogType } from '../permissions.ts';

export interface Sources extends AsyncDisposable {
  readonly forwardersOf: (apiVersion: ForwarderIdentity['apiVersion']) => WatchedObjects;
  readonly clusterLoggings: WatchedObjects;
  readonly owned: OwnedObjects;
  readonly reports: WatchedObjects;
  readonly pods: WatchedObjects;
  readonly namespaces: NamespaceObjects;
  /** Stops watching namespaces without forwarders. */
  readonly forgetNamespaces: () => Promise<void>;
  readonly facts: ClusterFacts;
  readonly messages: RestingMessages;
  readonly mayCollect: (user: string, type: LogType) => Promise<boolean>;
  /** The forwarders whose collector the object's label names. */
  readonly keysOfCollector: (
    apiVersion: ForwarderIdentity['apiVersion'],
    object: KubeResource,
    label: string,
  ) => string[];
  readonly synced: Promise<unknown>;
}

/** `changed` is called with a namespace whose Secrets or ServiceAccounts changed, or without when roles did. */
export function openSources(context: OperatorContext, changed: (namespace?: string) => void): Sources {
  const disposal = new Disposal();
  const watch = (type: (typeof customResources)[keyof typeof customResources], labelSelector?: string) =>
    disposal.use(new WatchedObjects(context, type, labelSelector === undefined ? {} : { labelSelector }));
  const legacyForwarders = watch(customResources.legacyForwarders);
  const forwarders = watch(customResources.forwarders);
  const clusterLoggings = watch(customResources.clusterLoggings);
  const reports = disposal.use(
    new WatchedObjects(context, resourceTypes.configmaps, { labelSelector: reportLabel }),
  );
  const podLabels = `component=collector,app.kubernetes.io/managed-by=${operatorName}`;
  const pods = disposal.use(new WatchedObjects(context, resourceTypes.pods, { labelSelector: podLabels }));
  const owned = disposal.use(new OwnedObjects(context));
  const all = [legacyForwarders, forwarders, clusterLoggings, reports, pods, owned];
  const permissions = disposal.use(new CollectPermissions(context, () => changed()));
  const namespaces = disposal.use(new NamespaceObjects(context, changed));
  return {
    forwardersOf: (apiVersion) => (apiVersion === 'logging.openshift.io/v1' ? legacyForwarders : forwarders),
    clusterLoggings,
    owned,
    reports,
    pods,
    namespaces,
    forgetNamespaces() {
      const used = [...legacyForwarders.list(), ...forwarders.list()];
      return namespaces.retain(new Set(used.map(({ metadata }) => metadata.namespace ?? '')));
    },
    facts: new ClusterFacts(context.client, context.clock),
    messages: new RestingMessages(),
    mayCollect: (user, type) => permissions.mayCollect(user, type),
    keysOfCollector(apiVersion, { metadata }, label) {
      const collector = metadata.labels?.[label];
      if (collector === undefined) return [];
      const legacy = metadata.namespace === loggingNamespace && collector === legacyCollector;
      if (legacy && apiVersion === 'logging.openshift.io/v1') return [`${loggingNamespace}/${instanceName}`];
      return [`${metadata.namespace}/${collector}`];
    },
    synced: Promise.all(all.map(({ synced }) => synced)),
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}
