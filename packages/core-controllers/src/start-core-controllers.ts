// All controllers of a cluster in one process, over shared informers.
import { type Clock, Disposal, type Logger, type Random } from '@pergola/kernel';
import { createEventRecorder, createSharedInformers, type EventRecorder } from '@pergola/controller-kit';
import type { KubeClient } from '@pergola/kube-client';
import type { ControllerContext } from './context.ts';
import { startDaemonSetController } from './daemon-set/controller.ts';
import { startDeploymentController } from './deployment/controller.ts';
import { startEndpointsController } from './endpoints/controller.ts';
import { startGarbageCollector } from './garbage-collector/controller.ts';
import { startJobController } from './job/controller.ts';
import { startNamespaceController } from './namespace/controller.ts';
import type { OperatorPackage } from './olm/catalog.ts';
import { startOlm } from './olm/start-olm.ts';
import { startReplicaSetController } from './replica-set/controller.ts';
import { startScheduler } from './scheduler/controller.ts';
import { startServiceAccountController } from './service-account/controller.ts';

export interface CoreControllersOptions {
  /** Needs the rights of system:kube-controller-manager and system:kube-scheduler. Not disposed. */
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** PEM that verifies the API server, published to every namespace. */
  readonly rootCa: string;
  /** PEM that verifies Services' certificates. Default: the root CA. */
  readonly serviceCa?: string;
  /** The operators that Subscriptions may ask for. Without it there is no Operator Lifecycle Manager. */
  readonly catalog?: readonly OperatorPackage[] | undefined;
}

/** Starts every controller and resolves when they have seen the whole cluster. */
export async function startCoreControllers(options: CoreControllersOptions): Promise<AsyncDisposable> {
  const { client, clock, random, logger, rootCa, serviceCa = rootCa } = options;
  const disposal = new Disposal();
  const recorders: EventRecorder[] = [];
  disposal.defer(async () => {
    await Promise.all(recorders.map((recorder) => recorder.flush()));
  });
  const context: ControllerContext = {
    client,
    clock,
    random,
    logger,
    informers: disposal.use(createSharedInformers({ client, clock, random, logger })),
    recorderFor(component) {
      const recorder = createEventRecorder({ client, clock, logger, component });
      recorders.push(recorder);
      return recorder;
    },
  };
  const starts = [
    () => startServiceAccountController(context, { rootCa, serviceCa }),
    () => startScheduler(context),
    () => startReplicaSetController(context),
    () => startDeploymentController(context),
    () => startDaemonSetController(context),
    () => startJobController(context),
    () => startEndpointsController(context),
    () => startNamespaceController(context),
  ];
  for (const start of starts) disposal.use(start());
  // It discovers the cluster by itself and nobody waits for it.
  disposal.use(startGarbageCollector(context));
  try {
    const [olm] = await Promise.all([
      options.catalog && startOlm(context, options.catalog),
      context.informers.synced(),
    ]);
    if (olm) disposal.use(olm);
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
  return disposal;
}
