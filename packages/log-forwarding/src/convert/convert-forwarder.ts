// From a ClusterLogForwarder of logging.openshift.io/v1 to the one of observability.openshift.io/v1 that does the same:
// the same logs, in groups of the same names, with the same role.
import type { KubeResource } from '@pergola/kube-client';
import { placementOf } from '../operator/cluster-logging/placement.ts';
import { observabilityTypes } from '../operator/forwarder/collected-types.ts';
import { isLegacyInstance, legacyServiceAccount } from '../operator/names.ts';
import type { LogType } from '../operator/permissions.ts';
import type { ForwarderSpec, Output } from '../operator/spec/forwarder-spec.ts';
import type { ClusterLoggingSpec, LegacyForwarderSpec } from '../operator/spec/legacy-forwarder-spec.ts';
import { type Pipeline, reservedInputs } from '../operator/spec/shared-spec.ts';
import { collectRoleName } from '../operator/workload/access-objects.ts';
import { type Conversion, type ConversionContext, ConversionError, Notes } from './conversion.ts';
import { convertFilter, PipelineFilters } from './convert-filters.ts';
import { convertInput } from './convert-inputs.ts';
import { type ConvertedOutput, convertOutput } from './convert-outputs.ts';
import { convertPipeline } from './convert-pipelines.ts';
import { ItemNames } from './item-names.ts';

const rbac = 'rbac.authorization.k8s.io';

/**
 * The forwarder with the ServiceAccount and the bindings that it needs now, and what to know of them. Throws
 * ConversionError when `legacy` is no such forwarder or the context lacks something.
 */
export function convertForwarder(legacy: KubeResource, context: ConversionContext = {}): Conversion {
  if (legacy.apiVersion !== 'logging.openshift.io/v1' || legacy.kind !== 'ClusterLogForwarder') {
    throw new ConversionError(
      `expected a ClusterLogForwarder of logging.openshift.io/v1, got ${legacy.kind} of ${legacy.apiVersion}`,
    );
  }
  // A file may be anything.
  const { name = '', namespace = 'openshift-logging' } =
    (legacy.metadata as KubeResource['metadata'] | undefined) ?? {};
  if (name === '') throw new ConversionError('metadata.name is missing: field names are case-sensitive');
  const notes = new Notes();
  const identity = { apiVersion: 'logging.openshift.io/v1', namespace, name } as const;
  const former: LegacyForwarderSpec = legacy['spec'] ?? {};
  const account = isLegacyInstance(identity) ? legacyServiceAccount : (former.serviceAccountName ?? '');
  if (account === '') throw new ConversionError('spec.serviceAccountName is missing');
  const spec = convertSpec(former, { account, context, notes });
  const forwarder: KubeResource = {
    apiVersion: 'observability.openshift.io/v1',
    kind: 'ClusterLogForwarder',
    metadata: { name, namespace },
    spec,
  };
  addGeneralNotes(notes, account, isLegacyInstance(identity));
  const resources = [...accessFor(namespace, account, observabilityTypes(spec)), forwarder];
  return { resources, notes: notes.texts };
}

interface Surroundings {
  readonly account: string;
  readonly context: ConversionContext;
  readonly notes: Notes;
}

function convertSpec(former: LegacyForwarderSpec, { account, context, notes }: Surroundings): ForwarderSpec {
  const filterNames = new ItemNames('filter', notes);
  const inputNames = new ItemNames('input', notes, reservedInputs);
  const outputNames = new ItemNames('output', notes);
  const pipelineNames = new ItemNames('pipeline', notes);
  const inputs = byName(former.inputs, (input) => convertInput(input, inputNames, notes));
  const outputs = byName(former.outputs, (output) =>
    convertOutput(output, { context, names: outputNames, notes }),
  );
  const filters = byName(former.filters, (filter) => convertFilter(filter, filterNames, notes));
  const pipelineFilters = new PipelineFilters(filterNames);
  const pipelines = (former.pipelines ?? []).flatMap((pipeline, index) =>
    convertPipeline(
      { ...pipeline, name: pipeline.name || `pipeline-${index}` },
      { inputs, outputs, filters, pipelineFilters },
      { names: pipelineNames, notes },
    ),
  );
  if (pipelines.length === 0) throw new ConversionError('no pipeline is left that could be converted');
  const allFilters = [...filters.values(), ...pipelineFilters.filters];
  const allInputs = [...inputs.values()].flatMap((input) => input.inputs);
  return {
    ...managementOf(context),
    serviceAccount: { name: account },
    ...(allInputs.length > 0 ? { inputs: allInputs } : {}),
    ...(allFilters.length > 0 ? { filters: allFilters } : {}),
    outputs: usedOutputs(outputs.values(), pipelines),
    pipelines,
  };
}

/** What became of each item, by its former name; those that are left out are absent. */
function byName<T extends { readonly name?: string }, R>(
  items: readonly T[] | undefined,
  convert: (item: T) => R | undefined,
): Map<string, R> {
  const converted = new Map<string, R>();
  for (const item of items ?? []) {
    const result = convert(item);
    if (result !== undefined) converted.set(item.name ?? '', result);
  }
  return converted;
}

function usedOutputs(outputs: Iterable<ConvertedOutput>, pipelines: readonly Pipeline[]): Output[] {
  const used = new Set(pipelines.flatMap(({ outputRefs = [] }) => outputRefs));
  const all = [...outputs].flatMap(({ application, others }) => [application, others]);
  return [...new Set(all)].filter(({ name }) => used.has(name));
}

function managementOf({
  clusterLogging,
}: ConversionContext): Pick<ForwarderSpec, 'collector' | 'managementState'> {
  const spec: ClusterLoggingSpec = clusterLogging?.['spec'] ?? {};
  const { placement } = placementOf(spec);
  return {
    ...(spec.managementState === undefined ? {} : { managementState: spec.managementState }),
    ...(Object.keys(placement).length > 0 ? { collector: placement } : {}),
  };
}

function accessFor(namespace: string, account: string, types: readonly LogType[]): KubeResource[] {
  const bindings = types.map((type) => ({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: `${namespace}-${account}-${collectRoleName(type)}` },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: collectRoleName(type) },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  }));
  const serviceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } };
  return [serviceAccount, ...bindings];
}

function addGeneralNotes(notes: Notes, account: string, legacy: boolean): void {
  notes.add(
    'names of log streams differ: <namespace>_<pod>_<container> instead of kubernetes.var.log.pods.<namespace>_<pod>_<uid>.<container>.<n>.log for containers, and .auditd, .kubeapi, .openshiftapi, .ovn instead of .linux-audit.log, .k8s-audit.log, .openshift-audit.log, .ovn-audit.log; a restarted container writes on in the same stream',
  );
  notes.add(
    `the forwarder runs as ServiceAccount "${account}", as before, so the role's trust policy stays as it is; who may collect is said by the ClusterRoleBindings now`,
  );
  notes.add(
    'delete the former forwarder when the new one is there: while both run, logs are sent twice; the new collectors begin with what the nodes still keep',
  );
  if (legacy) notes.add('the ClusterLogging has no successor and can be deleted with the former forwarder');
}
