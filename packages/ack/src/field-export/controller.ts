// FieldExports: a field of a resource, copied into a ConfigMap or a Secret whenever it changes.
import {
  type Controller,
  keyOfObject,
  mergePatchOf,
  type ReconcileResult,
  splitKey,
  startController,
} from '@pergola/controller-kit';
import { hasCode, KubeApiError, type KubeResource } from '@pergola/kube-client';
import type { Kind } from '../kind/kind.ts';
import { Dependents } from '../runtime/cluster/dependents.ts';
import { fieldExports } from '../runtime/cluster/custom-types.ts';
import { dependency } from '../runtime/cluster/lookup.ts';
import type { WatchedKind } from '../runtime/cluster/watched-kind.ts';
import { type Condition, Conditions, conditionsOf, hasCondition } from '../runtime/conditions.ts';
import { messageOf } from '../runtime/faults.ts';
import { conditionTypes } from '../runtime/names.ts';
import type { AckContext } from '../runtime/run.ts';
import { type ExportTarget, writeTarget } from './export-target.ts';
import { parseFieldPath, valueAtPath } from './field-path.ts';

/** A target that somebody changed is looked at as often. */
const checkMs = 60_000;
const finalizer = 'finalizers.services.k8s.aws/FieldExport';

type ExportContext = Pick<AckContext, 'client' | 'clock' | 'logger' | 'recorder' | 'crossNamespace'>;

export class FieldExportController implements AsyncDisposable {
  readonly #context: ExportContext;
  readonly #kinds: ReadonlySet<string>;
  readonly #sources = new Map<string, WatchedKind>();
  readonly #dependents = new Dependents();
  #controller: Controller | undefined;
  #exports: WatchedKind | undefined;

  constructor(context: ExportContext, kinds: readonly Kind[]) {
    this.#context = context;
    this.#kinds = new Set(kinds.map(({ group, kind }) => `${kind}.${group}`));
  }

  addSource({ group, kind }: Kind, watched: WatchedKind): void {
    this.#sources.set(`${kind}.${group}`, watched);
  }

  start(exports: WatchedKind): void {
    const { clock, logger } = this.#context;
    this.#exports = exports;
    const controller = startController({
      name: 'ack-field-exports',
      watches: [],
      reconcile: (key) => this.#reconcile(key),
      clock,
      logger,
    });
    this.#controller = controller;
    exports.onChange((previous, current) => {
      if (current === undefined) {
        if (previous) this.#dependents.forget(keyOfObject(previous));
        return;
      }
      const { generation, deletionTimestamp } = current.metadata;
      const isSame =
        previous?.metadata.generation === generation &&
        previous?.metadata.deletionTimestamp === deletionTimestamp;
      if (!isSame) controller.enqueue(keyOfObject(current));
    });
  }

  changed(name: string): void {
    for (const key of this.#dependents.of(name)) this.#controller?.enqueue(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#controller?.[Symbol.asyncDispose]();
  }

  async #reconcile(key: string): Promise<ReconcileResult | undefined> {
    const { name, namespace = '' } = splitKey(key);
    const object = this.#exports?.get({ namespace, name });
    if (!object) return undefined;
    if (object.metadata.deletionTimestamp !== undefined) return this.#letGo(object);
    const from = sourceOf(object);
    // Another operator's: it serves the kinds that we do not.
    if (!this.#kinds.has(`${from.kind}.${from.group}`)) return undefined;
    this.#dependents.set(
      key,
      new Set([dependency.target(from.group, from.kind, { namespace, name: from.name })]),
    );
    const conditions = new Conditions();
    try {
      await this.#export(object, from);
      conditions.set(conditionTypes.synced, 'True');
    } catch (error) {
      if (error instanceof KubeApiError && error.code === 0) throw error;
      conditions.set(conditionTypes.recoverable, 'True', { message: messageOf(error) });
    }
    await this.#writeStatus(object, conditions);
    return { requeueAfterMs: checkMs };
  }

  async #export(object: KubeResource, from: Source): Promise<void> {
    const { namespace = '' } = object.metadata;
    const segments = parseFieldPath(from.path);
    if (segments === undefined) throw new Error(`unable to parse path: '${from.path}'`);
    const source = this.#sources.get(`${from.kind}.${from.group}`)?.get({ namespace, name: from.name });
    if (!source) throw new Error(`the source resource ${from.kind} ${namespace}/${from.name} does not exist`);
    if (!hasCondition(source['status'], conditionTypes.synced))
      throw new Error('the source resource is not synced yet');
    const value = valueAtPath(source, segments);
    if (value === undefined || value === null)
      throw new Error(`path does not exist in this object: ${from.path}`);
    if (typeof value === 'object') throw new Error(`what ${from.path} names is no string, number or boolean`);
    const target = targetOf(object);
    if (target.namespace !== namespace && !this.#context.crossNamespace) {
      throw new Error(
        'cross-namespace field export is not allowed: the operator runs with --disable-cross-namespace',
      );
    }
    if (await writeTarget(this.#context.client, target, String(value))) {
      const message = `wrote ${target.key} of the ${target.kind} ${target.namespace}/${target.name}`;
      this.#context.recorder.record(object, { type: 'Normal', reason: 'Exported', message });
    }
  }

  /** What was exported stays, as ACK leaves it: whoever reads it need not fail with the export. */
  async #letGo(object: KubeResource): Promise<undefined> {
    const finalizers = object.metadata.finalizers ?? [];
    if (!finalizers.includes(finalizer)) return;
    const { namespace, name, uid, resourceVersion } = object.metadata;
    const metadata = { uid, resourceVersion, finalizers: finalizers.filter((each) => each !== finalizer) };
    try {
      await this.#context.client.patch(
        fieldExports,
        { namespace, name },
        { kind: 'merge', body: { metadata } },
      );
    } catch (error) {
      if (!hasCode(error, 404)) throw error;
    }
  }

  async #writeStatus(object: KubeResource, conditions: Conditions): Promise<void> {
    const { namespace, name, uid } = object.metadata;
    const before = conditionsOf(object['status']);
    const after: readonly Condition[] = conditions.list(before, this.#context.clock.nowMs());
    const patch = mergePatchOf({ status: { conditions: before } }, { status: { conditions: after } });
    if (patch === undefined) return;
    try {
      const body = { ...(patch as object), metadata: { uid } };
      await this.#context.client.patch(
        fieldExports,
        { namespace, name },
        { kind: 'merge', body, subresource: 'status' },
      );
    } catch (error) {
      if (!hasCode(error, 404)) throw error;
    }
  }
}

interface Source {
  readonly path: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

function sourceOf(object: KubeResource): Source {
  const { path = '', resource = {} } = object['spec']?.from ?? {};
  const { group = '', kind = '', name = '' } = resource;
  return { path: String(path), group: String(group), kind: String(kind), name: String(name) };
}

function targetOf(object: KubeResource): ExportTarget {
  const { namespace: own = '', name: exportName } = object.metadata;
  const to = object['spec']?.to ?? {};
  const kind = String(to.kind ?? '').toLowerCase() === 'secret' ? 'secret' : 'configmap';
  const { namespace = own, name = '', key = `${own}.${exportName}` } = to;
  return { kind, namespace: String(namespace), name: String(name), key: String(key) };
}
