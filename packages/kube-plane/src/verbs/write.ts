// What the writing verbs share: the facts of one write, and the checks and stamps before it is stored.
import type {
  AdmissionRequest,
  Call,
  Operation,
  Plane,
  ResourceDefinition,
  StrategyContext,
} from '../contract.ts';
import { type FieldFault, faults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { type WriteOptions, writeOptionsOf } from '../request/options.ts';
import { ruleFaults } from '../validation/rule-faults.ts';
import { schemaFaults } from '../validation/schema-faults.ts';
import { metaFaults } from '../validation/object-meta.ts';

/** One write by one user on one kind; made from a call, or by the plane for writes that follow from another. */
export interface Write {
  readonly call: Call;
  readonly definition: ResourceDefinition;
  readonly plane: Plane;
  readonly options: WriteOptions;
  readonly namespace: string;
  readonly subresource: string;
}

const OPTION_KINDS: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

export function writeOf(call: Call, definition: ResourceDefinition, plane: Plane): Write {
  const { namespace, subresource, verb } = call.info;
  return {
    call,
    definition,
    plane,
    options: writeOptionsOf(call, OPTION_KINDS[verb] ?? 'CreateOptions'),
    namespace: definition.namespaced ? namespace : '',
    subresource,
  };
}

/** Every write is stamped more than once, and many fall into one second. */
let lastSecond = { second: Number.NaN, text: '' };

/** RFC 3339 with whole seconds, as metav1.Time. `offsetSeconds` is a whole number. */
export function timestamp(plane: Pick<Plane, 'clock'>, offsetSeconds = 0): string {
  const second = Math.floor(plane.clock.nowMs() / 1000) + offsetSeconds;
  if (second !== lastSecond.second) {
    lastSecond = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  }
  return lastSecond.text;
}

export function strategyContext(write: Write): StrategyContext {
  return {
    plane: write.plane,
    user: write.call.user,
    nowIso: timestamp(write.plane),
    warn: (text) => addWarning(write.call, text),
  };
}

/** A warning is sent once, however many times a write is tried. */
export function addWarning(call: Call, text: string): void {
  if (!call.warnings.includes(text)) call.warnings.push(text);
}

export function resourceName(definition: ResourceDefinition) {
  return { group: definition.group, resource: definition.plural };
}

export function kindName(definition: ResourceDefinition) {
  return { group: definition.group, kind: definition.kind };
}

/** The request that admission sees. */
export function admissionRequest(
  write: Write,
  operation: Operation,
  objects: { readonly object?: KubeObject | undefined; readonly oldObject?: KubeObject | undefined },
): AdmissionRequest {
  const { options } = write;
  return {
    operation,
    definition: write.definition,
    subresource: write.subresource,
    namespace: write.namespace,
    name: objects.object?.metadata.name ?? objects.oldObject?.metadata.name ?? '',
    object: objects.object,
    oldObject: objects.oldObject,
    options: {
      kind: OPTION_KINDS[operation.toLowerCase()] ?? 'CreateOptions',
      apiVersion: 'meta.k8s.io/v1',
      ...(options.dryRun ? { dryRun: ['All'] } : {}),
      ...(options.namedManager === '' ? {} : { fieldManager: options.namedManager }),
    },
    dryRun: options.dryRun,
    user: write.call.user,
    warnings: write.call.warnings,
  };
}

/**
 * Throws the 422 Status when metadata, schema or the kind's own rules speak against the object. `previous` is undefined
 * for a new one.
 */
export async function assertValid(
  write: Write,
  object: KubeObject,
  previous: KubeObject | undefined,
  more: (context: StrategyContext) => readonly FieldFault[],
): Promise<void> {
  const { definition } = write;
  const context = strategyContext(write);
  const errors = [
    ...metaFaults(definition, object),
    ...schemaFaults(definition, object),
    ...((await definition.strategy.validate?.(object, context)) ?? []),
    ...more(context),
  ];
  // Rules may rely on what the schema demands.
  if (errors.length === 0) errors.push(...(await ruleFaults(definition, object, previous)));
  if (errors.length > 0) throw faults.invalid(kindName(definition), object.metadata.name, errors);
}
