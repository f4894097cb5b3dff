// Who may collect which logs: asked of the cluster, remembered for a while, asked again as soon as roles change.
import { type Clock, LruMap } from '@pergola/kernel';
import { type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import type { OperatorContext } from '../context.ts';
import { customResources } from '../custom-resources.ts';
import type { LogType } from '../permissions.ts';
import { WatchedObjects } from './watched-objects.ts';

/** The API server itself learns of roles by a watch, so an answer right after a change may be an old one. */
const rememberedMs = 30_000;
const rememberedMax = 1_000;

export class CollectPermissions implements AsyncDisposable {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #allowed = new LruMap<string, number>(rememberedMax);
  readonly #watched: readonly WatchedObjects[];

  /** `changed` is called when roles or bindings of the whole cluster changed. */
  constructor(context: OperatorContext, changed: () => void) {
    this.#client = context.client;
    this.#clock = context.clock;
    const { clusterroles, clusterrolebindings } = resourceTypes;
    this.#watched = [clusterroles, clusterrolebindings].map((type) => new WatchedObjects(context, type));
    for (const watched of this.#watched) {
      watched.onChange(() => {
        this.#allowed.clear();
        changed();
      });
    }
  }

  /** Whether the user may collect logs of the type. Only consent is remembered. */
  async mayCollect(user: string, type: LogType): Promise<boolean> {
    const key = `${type} ${user}`;
    const nowMs = this.#clock.monotonicMs();
    const untilMs = this.#allowed.get(key);
    if (untilMs !== undefined && nowMs < untilMs) return true;
    const answer = await this.#client.create(customResources.subjectAccessReviews, reviewOf(user, type));
    const allowed = answer['status']?.allowed === true;
    if (allowed) this.#allowed.set(key, nowMs + rememberedMs);
    return allowed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#watched.map((each) => each[Symbol.asyncDispose]()));
  }
}

function reviewOf(user: string, type: LogType): KubeResource {
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: { name: '' },
    spec: {
      user,
      resourceAttributes: {
        group: 'observability.openshift.io',
        resource: 'logs',
        verb: 'collect',
        name: type,
      },
    },
  };
}
