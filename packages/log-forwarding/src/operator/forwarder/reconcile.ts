// How forwarders are reconciled, in order. The controller writes the status after the last step that ran.
import type { Step } from '@pergola/controller-kit';
import {
  checkClusterLogging,
  checkItems,
  checkName,
  checkServiceAccount,
  sayReady as sayLegacyReady,
} from './legacy-validation.ts';
import { readAnnotations } from './reconcile-annotations.ts';
import { grantAccess } from './reconcile-access.ts';
import { configure, configureLegacy, storeConfiguration } from './reconcile-configuration.ts';
import { reportDelivery } from './reconcile-delivery.ts';
import { deployCollector } from './reconcile-workload.ts';
import type { ForwarderRun, LegacyRun, ObservabilityRun } from './run.ts';
import { authorize, checkManagement, checkSpec, decide, sayReady } from './validation.ts';

const deployment: readonly Step<ForwarderRun>[] = [
  { name: 'access', run: grantAccess },
  { name: 'configuration', run: storeConfiguration },
  { name: 'workload', run: deployCollector },
];

const delivery: Step<ForwarderRun> = { name: 'delivery', run: reportDelivery };

/** Of logging.openshift.io/v1: the first thing that is wrong ends the run. */
export const legacySteps: readonly Step<LegacyRun>[] = [
  { name: 'name', run: checkName },
  { name: 'cluster-logging', run: checkClusterLogging },
  { name: 'items', run: checkItems },
  { name: 'service-account', run: checkServiceAccount },
  { name: 'resolution', run: configureLegacy },
  ...deployment,
  { name: 'ready', run: sayLegacyReady },
  delivery,
];

/** Of observability.openshift.io/v1: everything that is wrong is said at once. */
export const observabilitySteps: readonly Step<ObservabilityRun>[] = [
  { name: 'management', run: checkManagement },
  { name: 'annotations', run: readAnnotations },
  { name: 'authorization', run: authorize },
  { name: 'validation', run: checkSpec },
  { name: 'decision', run: decide },
  { name: 'resolution', run: configure },
  ...deployment,
  { name: 'ready', run: sayReady },
  delivery,
];
