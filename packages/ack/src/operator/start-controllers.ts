// The operator's controllers over shared watches. Kinds whose definitions the cluster lacks begin when they come.
import { createEventRecorder } from '@pergola/controller-kit';
import { Disposal } from '@pergola/kernel';
import type { ResourceType } from '@pergola/kube-client';
import { FieldExportController } from '../field-export/controller.ts';
import type { Kind } from '../kind/kind.ts';
import { AwsAccess } from '../runtime/aws/aws-access.ts';
import { fieldExports, roleSelectors } from '../runtime/cluster/custom-types.ts';
import { Dependents } from '../runtime/cluster/dependents.ts';
import { LiveCluster } from '../runtime/cluster/live-cluster.ts';
import { servedTypes } from '../runtime/cluster/served-types.ts';
import type { Counters } from '../runtime/counters.ts';
import { standardResourceTags } from '../runtime/default-tags.ts';
import { Memory } from '../runtime/memory.ts';
import { typeOf } from '../runtime/names.ts';
import { Owners } from '../runtime/owners.ts';
import { ResourceControllers } from '../runtime/resource-controllers.ts';
import type { AckContext } from '../runtime/run.ts';
import { Turns } from '../runtime/turns.ts';
import type { AckOperatorOptions } from './operator-options.ts';

const defaultDriftCheckMs = 60_000;
const definitionsCheckMs = 10_000;

/** Resolves when the resources of all kinds that are served have been seen. */
export async function startControllers(
  options: AckOperatorOptions,
  counters: Counters,
): Promise<AsyncDisposable> {
  const { client, clock, random, logger } = options;
  const disposal = new Disposal();
  const recorder = createEventRecorder({ client, clock, logger, component: 'pergola-ack' });
  disposal.defer(() => recorder.flush());
  const namespaces = options.watchNamespaces?.length ? [...new Set(options.watchNamespaces)] : [undefined];
  const cluster = disposal.use(
    new LiveCluster({
      client,
      clock,
      random,
      logger,
      namespaces,
      systemNamespace: options.systemNamespace ?? 'ack-system',
      onChange: (dependency) => {
        controllers.changed(dependency);
        exports.changed(dependency);
      },
    }),
  );
  const context = contextOf(options, counters, { cluster, recorder });
  const controllers = disposal.use(
    new ResourceControllers({
      context,
      driftCheckMs: () => driftDelay(options),
      workers: options.workers ?? 8,
    }),
  );
  const exports = disposal.use(new FieldExportController(context, options.kinds));
  try {
    await cluster.start();
    const starter = new Starter(options.kinds, { cluster, controllers, exports, options });
    disposal.use(starter);
    await starter.start();
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
  return disposal;
}

/** Spread out, so that checks of many resources do not come together, and never later than the period. */
function driftDelay({ driftCheckMs = defaultDriftCheckMs, random }: AckOperatorOptions): number | undefined {
  return driftCheckMs > 0 ? driftCheckMs * (0.8 + 0.2 * random.fraction()) : undefined;
}

function contextOf(
  options: AckOperatorOptions,
  counters: Counters,
  { cluster, recorder }: { readonly cluster: LiveCluster; readonly recorder: AckContext['recorder'] },
): AckContext {
  const { client, aws, clock, random, logger, deletionPolicy } = options;
  return {
    client,
    clock,
    logger,
    recorder,
    counters,
    memory: new Memory(random),
    dependents: new Dependents(),
    owners: new Owners(),
    turns: new Turns(),
    aws: new AwsAccess({
      target: aws,
      callAws: options.callAws,
      callsPerSecond: options.callsPerSecond,
      clock,
      random,
      counters,
    }),
    lookup: cluster,
    defaults: { region: aws.region, deletionPolicy },
    resourceTags: options.resourceTags ?? standardResourceTags,
    crossNamespace: options.crossNamespace ?? true,
  };
}

interface Parts {
  readonly cluster: LiveCluster;
  readonly controllers: ResourceControllers;
  readonly exports: FieldExportController;
  readonly options: AckOperatorOptions;
}

/** Begins with each type once the cluster serves it. */
class Starter implements AsyncDisposable {
  readonly #parts: Parts;
  readonly #stop = new AbortController();
  #missing: { readonly type: ResourceType; readonly begin: () => Promise<void> }[];
  #waiting: Promise<void> = Promise.resolve();

  constructor(kinds: readonly Kind[], parts: Parts) {
    this.#parts = parts;
    const { cluster, controllers, exports } = parts;
    this.#missing = [
      { type: roleSelectors, begin: () => cluster.addRoleSelectors() },
      ...kinds.map((kind) => ({
        type: typeOf(kind),
        begin: async () => {
          const watched = await cluster.add(typeOf(kind));
          controllers.add(kind, watched);
          exports.addSource(kind, watched);
        },
      })),
      { type: fieldExports, begin: async () => exports.start(await cluster.add(fieldExports)) },
    ];
  }

  async start(): Promise<void> {
    await this.#beginServed();
    if (this.#missing.length === 0) return;
    const { logger } = this.#parts.options;
    const names = this.#missing.map(({ type }) => `${type.plural}.${type.group}`);
    logger.warn({ missing: names }, 'the cluster lacks definitions of custom resources; waiting for them');
    this.#waiting = this.#wait();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the operator was stopped'));
    await this.#waiting;
  }

  async #beginServed(): Promise<void> {
    const { client } = this.#parts.options;
    const served = new Set(
      await servedTypes(
        client,
        this.#missing.map(({ type }) => type),
      ),
    );
    const ready = this.#missing.filter(({ type }) => served.has(type));
    this.#missing = this.#missing.filter(({ type }) => !served.has(type));
    // Selectors first, all kinds before what is exported from them: nothing is reconciled with half of what it needs.
    for (const { begin } of ready.slice(0, 1)) await begin();
    await Promise.all(ready.slice(1).map(({ begin }) => begin()));
  }

  async #wait(): Promise<void> {
    const { clock, logger } = this.#parts.options;
    while (this.#missing.length > 0) {
      try {
        await clock.sleep(definitionsCheckMs, this.#stop.signal);
      } catch {
        // Stopped while waiting.
        return;
      }
      try {
        await this.#beginServed();
      } catch (error) {
        logger.warn({ error }, 'the cluster could not be asked which definitions it has');
      }
    }
  }
}
