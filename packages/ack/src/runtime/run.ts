// One reconciliation of one resource: what its steps read and find out, and what becomes of the object.
import type { EventRecorder } from '@pergola/controller-kit';
import type { Clock, Logger } from '@pergola/kernel';
import type { KubeClient, KubeResource, ResourceType } from '@pergola/kube-client';
import type { AwsError } from '@pergola/aws-client';
import type { AwsCall, Difference, JsonObject, Kind, Observed, Wanted } from '../kind/kind.ts';
import type { AwsAccess, Caller } from './aws/aws-access.ts';
import type { Dependents } from './cluster/dependents.ts';
import type { Lookup } from './cluster/lookup.ts';
import { type Condition, Conditions, conditionsOf } from './conditions.ts';
import type { Counters } from './counters.ts';
import { RecoverableFault } from './faults.ts';
import type { Memory, Remembered } from './memory.ts';
import { finalizerOf, ownAnnotations, typeOf } from './names.ts';
import type { Owners } from './owners.ts';
import type { Defaults, Settings } from './settings.ts';
import type { Turns } from './turns.ts';

/** What all reconciliations share. */
export interface AckContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly recorder: EventRecorder;
  readonly counters: Counters;
  readonly memory: Memory;
  readonly dependents: Dependents;
  readonly owners: Owners;
  readonly turns: Turns;
  readonly aws: AwsAccess;
  readonly lookup: Lookup;
  readonly defaults: Defaults;
  /** `key=value` with placeholders, as `--resource-tags` takes them. */
  readonly resourceTags: readonly string[];
  /** References, secrets and exports may cross namespaces. */
  readonly crossNamespace: boolean;
}

/** A call that may have changed something, and what AWS answered. */
export interface NotedCall {
  readonly operation: string;
  readonly error: AwsError | undefined;
}

export class Run {
  readonly context: AckContext;
  readonly kind: Kind;
  readonly type: ResourceType;
  readonly key: string;
  readonly namespace: string;
  readonly remembered: Remembered;
  readonly conditions = new Conditions();
  readonly dependencies: Set<string>;
  readonly calls: NotedCall[] = [];
  readonly #crossings = new Set<string>();
  /** As the API server has it now. */
  object: KubeResource;
  /** Of the spec that this run is about; that of `object` is newer when somebody has changed it meanwhile. */
  generation: number | undefined;
  /** As AWS has it now. */
  observed: Observed | undefined;
  differences: readonly Difference[] = [];
  /** By path, which version of the Secret has the text that is in `wanted`, and the text's digest. */
  readonly secrets = new Map<string, { readonly version: string; readonly digest: string }>();
  /** `status.ackResourceMetadata` but for the ARN. */
  metadata: JsonObject = {};
  wanted: Wanted;
  call: AwsCall;
  #settings: Settings | undefined;
  #atEnd: () => void = () => {};

  constructor(context: AckContext, kind: Kind, key: string, object: KubeResource) {
    this.context = context;
    this.dependencies = context.dependents.track(key);
    this.kind = kind;
    this.type = typeOf(kind);
    this.key = key;
    this.object = object;
    this.generation = object.metadata.generation;
    this.namespace = object.metadata.namespace ?? '';
    this.remembered = context.memory.of(key);
    const status: JsonObject = object['status'] ?? {};
    this.metadata = (status['ackResourceMetadata'] ?? {}) as JsonObject;
    const arn = this.metadata['arn'];
    this.wanted = {
      spec: object['spec'] ?? {},
      status,
      arn: typeof arn === 'string' ? arn : undefined,
      defaultTags: {},
      account: '',
      region: context.defaults.region,
      partition: 'aws',
      annotations: object.metadata.annotations ?? {},
      changedSecrets: [],
    };
    this.call = () => Promise.reject(new RecoverableFault('no AWS session is open'));
  }

  get settings(): Settings {
    if (this.#settings === undefined) throw new RecoverableFault('the settings have not been read');
    return this.#settings;
  }

  set settings(settings: Settings) {
    this.#settings = settings;
  }

  get isBeingDeleted(): boolean {
    return this.object.metadata.deletionTimestamp !== undefined;
  }

  /** The finalizer says that the resource in AWS is ours. */
  get isManaged(): boolean {
    return this.object.metadata.finalizers?.includes(finalizerOf(this.kind)) === true;
  }

  /** The generation that AWS last had; undefined when that is not known. */
  get appliedGeneration(): number | undefined {
    const noted = this.annotation(ownAnnotations.appliedGeneration);
    return this.remembered.appliedGeneration ?? (noted === undefined ? undefined : Number(noted));
  }

  /** A condition as the status has it now, from an earlier run. */
  conditionBefore(type: string): Condition | undefined {
    return conditionsOf(this.object['status']).find((condition) => condition.type === type);
  }

  annotation(name: string): string | undefined {
    return this.object.metadata.annotations?.[name];
  }

  want(change: Partial<Wanted>): void {
    this.wanted = { ...this.wanted, ...change };
  }

  /** For whom the calls are made, kept in the status: region and account never change once they stand there. */
  belongTo(caller: Caller, region: string): void {
    this.want({ ...caller, region });
    this.metadata = { ...this.metadata, ownerAccountID: caller.account, region, partition: caller.partition };
  }

  /** What AWS chose for a resource that is gone names nothing any more. */
  forgetIdentity(): void {
    const { arn: _, ...rest } = this.metadata;
    this.metadata = rest;
    this.observed = undefined;
    this.want({ status: {}, arn: undefined });
  }

  /** What is read of other namespaces is for everybody to see: whoever may write the resource may use it. */
  adviseCrossing(what: string): void {
    this.#crossings.add(what);
    const all = [...this.#crossings].join(', ');
    this.conditions.advise(
      'CrossNamespace',
      `it uses ${all} of another namespace; the operator's option --disable-cross-namespace refuses that`,
    );
  }

  /** What is done when the run is over, however it ended. */
  atEnd(act: () => void): void {
    this.#atEnd = act;
  }

  end(): void {
    this.#atEnd();
  }

  say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.recorder.record(this.object, { type, reason, message });
  }
}
