// The controller of one kind of forwarders: what it watches, and how a run is put together.
import {
  type Controller,
  commit,
  keyOfObject,
  type ReconcileResult,
  runSteps,
  splitKey,
  type Step,
  startController,
} from '@pergola/controller-kit';
import { jsonEqual } from '@pergola/kernel';
import {
  hasCode,
  KubeApiError,
  type KubeResource,
  type ResourceType,
  resourceTypes,
} from '@pergola/kube-client';
import type { NamespaceView } from '../cluster/namespace-objects.ts';
import { OwnWrites } from '../cluster/own-writes.ts';
import { notReady } from '../conditions.ts';
import type { OperatorContext } from '../context.ts';
import { collectorNames, forwarderAnnotation, reportLabel } from '../names.ts';
import { newFindings } from '../validate/findings.ts';
import type { ForwarderKind } from './forwarder-kind.ts';
import { statusOf } from './forwarder-status.ts';
import { reportRunning } from './reconcile-delivery.ts';
import { removeRemains } from './remains.ts';
import type { ForwarderActions, ForwarderRun } from './run.ts';
import type { Sources } from './sources.ts';

export interface ForwarderController<Run extends ForwarderRun> {
  readonly kind: ForwarderKind<Run>;
  readonly steps: readonly Step<Run>[];
}

export function startForwarderController<Run extends ForwarderRun>(
  context: OperatorContext,
  sources: Sources,
  { kind, steps }: ForwarderController<Run>,
): Controller {
  const { client, clock, logger } = context;
  const forwarders = sources.forwardersOf(kind.apiVersion);
  const writes = new OwnWrites();

  const reconcile = async (key: string): Promise<ReconcileResult | undefined> => {
    const ref = splitKey(key);
    const identity = { apiVersion: kind.apiVersion, namespace: ref.namespace ?? '', name: ref.name };
    const watched = forwarders.get(ref);
    if (!watched) {
      writes.forget(key);
      await removeRemains(sources, identity);
      await sources.forgetNamespaces();
      return undefined;
    }
    const forwarder = writes.latest(key, watched);
    // Its objects go with it.
    if (forwarder.metadata.deletionTimestamp) return undefined;
    const view = await sources.namespaces.view(identity.namespace);
    const run = kind.runOf({ ...base(context, sources, forwarder, view), identity }, sources);
    if (kind.isUnmanaged(run)) return undefined;
    return finish(run, steps, async (status) => {
      const change = { before: forwarder, after: { ...forwarder, status } };
      writes.wrote(key, forwarder, await commit(client, kind.type, change));
    });
  };

  const keysOf = {
    owned: (object: KubeResource) => ownerKeys(object, kind),
    reported: (object: KubeResource) => sources.keysOfCollector(kind.apiVersion, object, reportLabel),
    pods: (object: KubeResource) =>
      sources.keysOfCollector(kind.apiVersion, object, 'app.kubernetes.io/instance'),
    clusterLoggings: (object: KubeResource) => (kind.followsClusterLogging ? [keyOfObject(object)] : []),
  };
  const controller = startController({
    name: kind.controllerName,
    watches: [
      // Waited for, and heard below.
      ...forwarders.watches(() => []),
      ...sources.owned.all().flatMap((watched) => watched.watches(keysOf.owned)),
      ...sources.reports.watches(keysOf.reported),
      ...sources.pods.watches(keysOf.pods),
      ...sources.clusterLoggings.watches(keysOf.clusterLoggings),
    ],
    reconcile,
    clock,
    logger,
  });
  forwarders.onChange((object) => controller.enqueue(keyOfObject(object)), isWished);
  return controller;
}

/** Whether somebody else changed the forwarder: a run for each status that a run writes would feed on itself. */
function isWished({ metadata: before }: KubeResource, { metadata: after }: KubeResource): boolean {
  return (
    before.generation !== after.generation ||
    before.uid !== after.uid ||
    before.deletionTimestamp !== after.deletionTimestamp ||
    !jsonEqual(before.annotations, after.annotations)
  );
}

/** Runs the steps and writes the status, whatever came of them. */
async function finish<Run extends ForwarderRun>(
  run: Run,
  steps: readonly Step<Run>[],
  writeStatus: (status: object) => Promise<unknown>,
): Promise<ReconcileResult> {
  try {
    const result = await runSteps(steps, run);
    await reportRunning(run);
    await writeStatus(statusOf(run));
    return result;
  } catch (error) {
    // Somebody else changed it, which the watch will tell in a moment.
    if (hasCode(error, 409)) return { requeueAfterMs: conflictRetryMs };
    if (!isPassing(error)) {
      const because = error instanceof Error ? error.message : String(error);
      const others = run.conditions.filter(({ type }) => type !== 'Ready');
      await writeStatus(statusOf({ ...run, conditions: [...others, notReady('DeploymentError', because)] }));
    }
    throw error;
  }
}

const conflictRetryMs = 100;

/** Whether the API server could not answer: nothing that the forwarder's owner could mend. */
function isPassing(error: unknown): boolean {
  return error instanceof KubeApiError && (error.code === 0 || error.code === 429 || error.code >= 500);
}

/** What both kinds' runs begin with. */
function base(
  context: OperatorContext,
  sources: Sources,
  forwarder: KubeResource,
  view: NamespaceView,
): Omit<ForwarderRun, 'spec' | 'names' | 'identity'> {
  const { clock, recorder, collectorImage } = context;
  const { namespace = '' } = forwarder.metadata;
  const collector = collectorOf(forwarder);
  return {
    forwarder,
    nowMs: clock.nowMs(),
    image: collectorImage,
    placement: {},
    conditions: [],
    findings: newFindings(),
    config: undefined,
    messages: sources.messages,
    cluster: {
      ...view,
      mayCollect: sources.mayCollect,
      infrastructureName: () => sources.facts.infrastructureName(),
      clusterId: () => sources.facts.clusterId(),
      reports: () => labelled(sources.reports.list(namespace), reportLabel, collector),
      collectorPods: () => labelled(sources.pods.list(namespace), 'app.kubernetes.io/instance', collector),
    },
    actions: actionsOf(sources, forwarder, (type, reason, message) =>
      recorder.record(forwarder, { type, reason, message }),
    ),
  };
}

function actionsOf(
  { owned }: Sources,
  forwarder: KubeResource,
  event: ForwarderActions['event'],
): ForwarderActions {
  const { name, uid = '' } = forwarder.metadata;
  const { apiVersion = '', kind = '' } = forwarder;
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  return {
    ensure: (type, object) =>
      owned.ensure(
        type,
        isOwned(type) ? { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } } : object,
      ),
    remove: (type, ref) => owned.remove(type, ref),
    event,
  };
}

/** Other forwarders may run as the same ServiceAccount, which so outlives this one's owner references. */
function isOwned(type: ResourceType): boolean {
  return type.namespaced && type !== resourceTypes.serviceaccounts;
}

function collectorOf({ apiVersion, metadata }: KubeResource): string {
  const { namespace = '', name } = metadata;
  const version =
    apiVersion === 'logging.openshift.io/v1' ? apiVersion : ('observability.openshift.io/v1' as const);
  return collectorNames({ apiVersion: version, namespace, name }, '').collector;
}

function labelled(objects: readonly KubeResource[], label: string, value: string): KubeResource[] {
  return objects.filter(({ metadata }) => metadata.labels?.[label] === value);
}

/** The forwarder that owns an object, by its reference or by the mark on a cluster-wide one. */
function ownerKeys({ metadata }: KubeResource, { apiVersion }: { readonly apiVersion: string }): string[] {
  const owner = metadata.ownerReferences?.find(
    (each) => each.controller && each.apiVersion === apiVersion && each.kind === 'ClusterLogForwarder',
  );
  if (owner) return [`${metadata.namespace}/${owner.name}`];
  const mark = metadata.annotations?.[forwarderAnnotation] ?? '';
  const [version, key] = mark.split(' ');
  return version === apiVersion && key !== undefined ? [key] : [];
}
