// Emptying a namespace on its way out: pods first, then everything else, then its own finalizer.
import type { Step, StepResult } from '@pergola/controller-kit';
import { hasCode, type KubeResource, type ResourceType, resourceTypes } from '@pergola/kube-client';
import { type Condition, setCondition } from '../workload/conditions.ts';

/** What is left of one resource type after its deletion was asked for. */
export interface Remains {
  readonly type: ResourceType;
  readonly objects: readonly KubeResource[];
}

export interface NamespaceRun {
  readonly namespace: KubeResource;
  readonly nowMs: number;
  /** What is left, as the steps find it. */
  remains: Remains[];
  readonly discover: () => Promise<readonly ResourceType[]>;
  /** Deletes all objects of the type in the namespace and returns those that are still there. */
  readonly empty: (type: ResourceType) => Promise<readonly KubeResource[]>;
  readonly patchStatus: (status: object) => Promise<void>;
  /** Removes the finalizer `kubernetes`, which lets the namespace go. */
  readonly finalize: () => Promise<void>;
}

/** Pods take up to half a minute to stop; nothing tells when an object of any type has gone. */
const retryMs = 500;

export const namespaceSteps: readonly Step<NamespaceRun>[] = [
  { name: 'content', run: emptyAll },
  { name: 'status', run: reportRemains },
  {
    name: 'finalize',
    run: async (run) => {
      try {
        await run.finalize();
      } catch (error) {
        // Somebody else has released it, and it has gone.
        if (!hasCode(error, 404)) throw error;
      }
      return undefined;
    },
  },
];

/** Pods go first, and alone: what they use must outlive them. */
async function emptyAll(run: NamespaceRun): Promise<undefined> {
  await emptyTypes(run, [resourceTypes.pods]);
  if (run.remains.length === 0) await emptyTypes(run, await run.discover());
}

async function emptyTypes(run: NamespaceRun, types: readonly ResourceType[]): Promise<void> {
  const found = await Promise.all(types.map(async (type) => ({ type, objects: await run.empty(type) })));
  run.remains.push(...found.filter(({ objects }) => objects.length > 0));
}

async function reportRemains(run: NamespaceRun): Promise<StepResult> {
  const { remains, namespace, nowMs } = run;
  if (remains.length === 0) return undefined;
  const finalizers = new Map<string, number>();
  for (const { metadata } of remains.flatMap(({ objects }) => objects)) {
    for (const finalizer of metadata.finalizers ?? []) {
      finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
    }
  }
  const resources = remains.map(
    ({ type, objects }) => `${nameOf(type)} has ${objects.length} resource instances`,
  );
  const waiting = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  const conditions = [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      false,
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    condition(
      'NamespaceContentRemaining',
      true,
      'SomeResourcesRemain',
      `Some resources are remaining: ${resources.join(', ')}`,
    ),
    waiting.length > 0
      ? condition(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${waiting.join(', ')}`,
        )
      : condition(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
  const next = conditions.reduce<Condition[]>(
    (all, each) => setCondition(all, each, { nowMs }),
    namespace.status?.conditions ?? [],
  );
  await run.patchStatus({ conditions: next });
  return { requeueAfterMs: retryMs, stop: true };
}

function condition(
  type: string,
  status: boolean,
  reason: string,
  message: string,
): Omit<Condition, 'lastTransitionTime'> {
  return { type, status: status ? 'True' : 'False', reason, message };
}

function nameOf({ plural, group }: ResourceType): string {
  return group === '' ? `${plural}.` : `${plural}.${group}`;
}
