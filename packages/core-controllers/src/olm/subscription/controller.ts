// The controller of Subscriptions: from a wish for a package to InstallPlans. Half of OLM's catalog operator.
import {
  commit,
  type Controller,
  keyOfObject,
  runSteps,
  splitKey,
  startController,
  watchSelf,
} from '@pergola/controller-kit';
import { apiVersionOf, type KubeResource } from '@pergola/kube-client';
import { nameOf, olmTypes } from '../kinds.ts';
import { componentLabel, type OlmContext } from '../olm-context.ts';
import { subscriptionSteps } from './reconcile.ts';
import type { SubscriptionRun } from './subscription-run.ts';

const { subscriptions: subscriptionType, installPlans: planType } = olmTypes;

export function startSubscriptionController(context: OlmContext): Controller {
  const { clock, logger, subscriptions, plans, csvs, sources } = context;
  const keysOfNeighbour = (neighbour: KubeResource): string[] =>
    subscriptions.list(neighbour.metadata.namespace).map(keyOfObject);
  return startController({
    name: 'subscription',
    watches: [
      watchSelf(subscriptions),
      { informer: plans, keysOf: keysOfNeighbour },
      { informer: csvs, keysOf: keysOfNeighbour },
      { informer: sources, keysOf: () => subscriptions.list().map(keyOfObject) },
    ],
    async reconcile(key) {
      const subscription = subscriptions.get(splitKey(key));
      if (!subscription || subscription.metadata.deletionTimestamp) return undefined;
      return runSteps(subscriptionSteps, runOf(context, subscription));
    },
    // Two plans for one bundle must not be made side by side.
    workers: 1,
    clock,
    logger,
  });
}

function runOf(context: OlmContext, subscription: KubeResource): SubscriptionRun {
  const { client, clock, catalog, csvs, plans, sources } = context;
  const { namespace, uid } = subscription.metadata;
  const spec = subscription['spec'] ?? {};
  const isOwn = (plan: KubeResource) =>
    plan.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
  return {
    subscription,
    spec,
    catalog,
    nowMs: clock.nowMs(),
    csvs: csvs.list(namespace),
    plans: plans.list(namespace).filter(isOwn),
    sourceExists: sources.get({ name: `${spec.source}`, namespace: `${spec.sourceNamespace}` }) !== undefined,
    createPlan: (csv) => createPlan(context, subscription, csv),
    async patchStatus(status) {
      await commit(client, subscriptionType, { before: subscription, after: { ...subscription, status } });
    },
    status: subscription['status'] ?? {},
    wanted: undefined,
    latest: false,
  };
}

async function createPlan(
  { client, random, plans }: OlmContext,
  subscription: KubeResource,
  csv: string,
): Promise<KubeResource> {
  const { namespace, name, uid } = subscription.metadata;
  // The informer may be behind: what the server has counts.
  const { items } = await client.list(planType, { namespace: `${namespace}` });
  const existing = items.find(
    (plan) =>
      plan['spec']?.clusterServiceVersionNames?.includes(csv) &&
      plan.metadata.ownerReferences?.some((owner) => owner.uid === uid),
  );
  if (existing) return existing;
  const approval = subscription['spec'].installPlanApproval === 'Manual' ? 'Manual' : 'Automatic';
  return client.create(planType, {
    apiVersion: apiVersionOf(planType),
    kind: 'InstallPlan',
    metadata: {
      name: `install-${random.text(5, 'bcdfghjklmnpqrstvwxz2456789')}`,
      namespace: `${namespace}`,
      labels: { [componentLabel(subscription['spec'].name, namespace)]: '' },
      ownerReferences: [
        {
          apiVersion: apiVersionOf(subscriptionType),
          kind: 'Subscription',
          name: nameOf(subscription) || name,
          uid: `${uid}`,
          controller: false,
          blockOwnerDeletion: false,
        },
      ],
    },
    spec: {
      approval,
      approved: approval === 'Automatic',
      clusterServiceVersionNames: [csv],
      generation: plans.list(namespace).length + 1,
    },
  });
}
