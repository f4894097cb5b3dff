// First step: which ClusterServiceVersion the Subscription leads to, or why none.
import type { Step } from '@pergola/controller-kit';
import { resolveSubscription } from '../catalog.ts';
import { nameOf } from '../kinds.ts';
import { catalogSource } from '../olm-context.ts';
import { tell } from './conditions.ts';
import type { SubscriptionRun } from './subscription-run.ts';

export const resolution: Step<SubscriptionRun> = {
  name: 'resolution',
  run(run) {
    const { spec, subscription } = run;
    const isKnown = spec.source === catalogSource.name && spec.sourceNamespace === catalogSource.namespace;
    const exists = run.sourceExists;
    tellHealth(run, exists);
    if (!exists || !isKnown) {
      unresolved(
        run,
        `no operators found from catalog ${spec.source} in namespace ${spec.sourceNamespace} referenced by subscription ${nameOf(subscription)}`,
      );
      return undefined;
    }
    const current = run.status.currentCSV;
    const resolved = resolveSubscription(run.catalog, { name: nameOf(subscription), spec }, current);
    if (!resolved.ok) {
      unresolved(run, resolved.error);
      return undefined;
    }
    tell(run, 'ResolutionFailed', undefined);
    run.wanted = resolved.value.csv;
    run.latest = resolved.value.latest;
    return undefined;
  },
};

function tellHealth(run: SubscriptionRun, exists: boolean): void {
  tell(
    run,
    'CatalogSourcesUnhealthy',
    exists
      ? {
          status: 'False',
          reason: 'AllCatalogSourcesHealthy',
          message: 'all available catalogsources are healthy',
        }
      : {
          status: 'True',
          reason: 'UnhealthyCatalogSourceFound',
          message: `targeted catalogsource ${run.spec.sourceNamespace}/${run.spec.source} missing`,
        },
  );
}

function unresolved(run: SubscriptionRun, because: string): void {
  const message = `constraints not satisfiable: ${because}, subscription ${nameOf(run.subscription)} exists`;
  tell(run, 'ResolutionFailed', { status: 'True', reason: 'ConstraintsNotSatisfiable', message });
}
