// The loop of every controller: keys from informers into a queue, workers that reconcile one key at a time.
import type { Clock, Logger } from '@pergola/kernel';
import { hasCode, type Informer, type KubeResource } from '@pergola/kube-client';
import type { ReconcileResult } from './steps.ts';
import { WorkQueue } from './work-queue.ts';

/** Which keys to reconcile when an object of `informer` appears, changes or goes. */
export interface Watch {
  readonly informer: Informer;
  readonly keysOf: (object: KubeResource) => readonly string[];
}

export interface ControllerOptions {
  readonly name: string;
  readonly watches: readonly Watch[];
  /** Brings what `key` names to its wanted state. Throwing means: again, later. */
  readonly reconcile: (key: string) => Promise<ReconcileResult | undefined>;
  /** How many keys are reconciled at a time. Default 4. */
  readonly workers?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A running controller. Disposing it waits for the reconciliations under way. */
export interface Controller extends AsyncDisposable {
  /** Asks for a reconciliation from outside of the watches. */
  enqueue(key: string, delayMs?: number): void;
}

/** The watch that reconciles each object of `informer` itself. */
export function watchSelf(informer: Informer): Watch {
  return { informer, keysOf: (object) => [keyOfObject(object)] };
}

/** `namespace/name`, or the name of a cluster-scoped object. */
export function keyOfObject(object: KubeResource): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

/** The parts of a key; `namespace` is undefined for a cluster-scoped object. */
export function splitKey(key: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf('/');
  return slash === -1
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** Starts the workers once all informers have synced, so that no reconciliation sees half a cluster. */
export function startController(options: ControllerOptions): Controller {
  const { watches, workers = 4, clock } = options;
  const queue = new WorkQueue(clock);
  const unsubscribes = watches.flatMap((watch) => subscribe(watch, queue));
  const running = Promise.all(watches.map(({ informer }) => informer.synced)).then(
    () => Promise.all(Array.from({ length: workers }, () => work(queue, options))),
    // Closed before the first sync: there is nothing to do.
    () => undefined,
  );
  return {
    enqueue: (key, delayMs = 0) => queue.addAfter(key, delayMs),
    async [Symbol.asyncDispose]() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      queue.close();
      await running;
    },
  };
}

function subscribe({ informer, keysOf }: Watch, queue: WorkQueue): (() => void)[] {
  const enqueue = (object: KubeResource) => {
    for (const key of keysOf(object)) queue.add(key);
  };
  return [
    informer.onAdd(enqueue),
    informer.onUpdate((previous, current) => {
      // An object that left a group concerns that group too (a pod that changed its owner).
      enqueue(previous);
      enqueue(current);
    }),
    informer.onDelete(enqueue),
  ];
}

async function work(queue: WorkQueue, options: ControllerOptions): Promise<void> {
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    await reconcileOne(queue, key, options);
    queue.done(key);
  }
}

async function reconcileOne(queue: WorkQueue, key: string, options: ControllerOptions): Promise<void> {
  try {
    const result = await options.reconcile(key);
    queue.forget(key);
    if (result?.requeueAfterMs !== undefined) queue.addAfter(key, result.requeueAfterMs);
  } catch (error) {
    const { logger, name } = options;
    // Another writer was faster: ordinary, and cured by looking again.
    const ordinary = hasCode(error, 409);
    const because = error instanceof Error ? error.message : String(error);
    logger[ordinary ? 'debug' : 'warn'](
      { controller: name, key, because },
      'reconciliation failed; trying again',
    );
    queue.addRateLimited(key);
  }
}
