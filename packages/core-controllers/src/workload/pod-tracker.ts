// The pods of one kind of workload: which belong to whom, making and removing them, and waiting until the informer
// shows what was made or removed.
import { controllerIndex, keyOfObject, type Watch } from '@pergola/controller-kit';
import {
  type Informer,
  type KubeResource,
  type ResourceType,
  resourceTypes,
  selectorMatches,
} from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { claim } from './claim.ts';
import { Expectations } from './expectations.ts';
import { controllerOf, controllerReference } from './ownership.ts';
import { createPodControl, type PodControl, podFromTemplate, slowStart } from './pod-control.ts';

export class PodTracker {
  /** Reconciles the owner of a pod, and those that may adopt it. */
  readonly watch: Watch;
  readonly #ownerType: ResourceType;
  readonly #owners: Informer;
  readonly #pods: Informer;
  readonly #client: ControllerContext['client'];
  readonly #control: PodControl;
  readonly #expectations: Expectations;

  constructor(context: ControllerContext, ownerType: ResourceType, component: string) {
    this.#ownerType = ownerType;
    this.#client = context.client;
    this.#control = createPodControl(context.client, context.recorderFor(component));
    this.#expectations = new Expectations(context.clock);
    this.#owners = context.informers.of(ownerType);
    this.#pods = context.informers.of(resourceTypes.pods);
    // Registered before the queue's own handlers: a run that follows must find its expectations met.
    this.#pods.onAdd((pod) => this.#appeared(pod));
    this.#pods.onUpdate((_before, pod) => pod.metadata.deletionTimestamp && this.#vanished(pod));
    this.#pods.onDelete((pod) => this.#vanished(pod));
    this.#owners.onDelete((owner) => this.#expectations.forget(keyOfObject(owner)));
    this.watch = { informer: this.#pods, keysOf: (pod) => this.#ownersOf(pod).map(keyOfObject) };
  }

  /** False while pods made or removed for `owner` have not been seen yet. */
  settled(owner: KubeResource): boolean {
    return this.#expectations.satisfied(keyOfObject(owner));
  }

  /** The owner's pods, after adopting orphans and releasing those that no longer match. */
  podsOf(owner: KubeResource): Promise<KubeResource[]> {
    const own = this.#pods.byIndex(controllerIndex, `${owner.metadata.uid}`);
    const orphans = this.#pods.list(owner.metadata.namespace).filter((pod) => !controllerOf(pod));
    return claim(this.#client, {
      ownerType: this.#ownerType,
      owner,
      type: resourceTypes.pods,
      candidates: [...own, ...orphans],
    });
  }

  /** A new pod of `owner`, from its template. */
  podFor(owner: KubeResource): KubeResource {
    const reference = controllerReference(this.#ownerType, owner);
    return podFromTemplate(owner, owner.spec.template, reference);
  }

  /** Creates the pods. Returns the first error. */
  async create(owner: KubeResource, pods: readonly KubeResource[]): Promise<unknown> {
    const key = keyOfObject(owner);
    this.#expectations.expect(key, pods.length);
    const rest = pods.values();
    const { created, error } = await slowStart(pods.length, async () => {
      const next = rest.next();
      if (!next.done) await this.#control.create(owner, next.value);
    });
    for (let missing = created; missing < pods.length; missing++) this.#expectations.created(key);
    return error;
  }

  /** Deletes the pods. Returns the first error. */
  async remove(owner: KubeResource, pods: readonly KubeResource[]): Promise<unknown> {
    const key = keyOfObject(owner);
    const uids = pods.map((pod) => `${pod.metadata.uid}`);
    this.#expectations.expect(key, 0, uids);
    let firstError: unknown;
    await Promise.all(
      pods.map(async (pod) => {
        try {
          await this.#control.remove(owner, pod);
        } catch (error) {
          firstError ??= error;
          this.#expectations.deleted(key, `${pod.metadata.uid}`);
        }
      }),
    );
    return firstError;
  }

  #appeared(pod: KubeResource): void {
    const key = this.#ownKey(pod);
    if (key === undefined) return;
    // A pod that is already on its way out when it is first seen was no creation to wait for.
    if (pod.metadata.deletionTimestamp) this.#expectations.deleted(key, `${pod.metadata.uid}`);
    else this.#expectations.created(key);
  }

  #vanished(pod: KubeResource): void {
    const key = this.#ownKey(pod);
    if (key !== undefined) this.#expectations.deleted(key, `${pod.metadata.uid}`);
  }

  #ownKey(pod: KubeResource): string | undefined {
    const owner = controllerOf(pod);
    return owner?.kind === this.#ownerType.kind ? `${pod.metadata.namespace}/${owner.name}` : undefined;
  }

  #ownersOf(pod: KubeResource): KubeResource[] {
    const reference = controllerOf(pod);
    const { namespace, labels } = pod.metadata;
    if (!reference) {
      return this.#owners.list(namespace).filter((owner) => selectorMatches(owner.spec?.selector, labels));
    }
    if (reference.kind !== this.#ownerType.kind) return [];
    const owner = this.#owners.get({ namespace, name: reference.name });
    return owner && owner.metadata.uid === reference.uid ? [owner] : [];
  }
}
