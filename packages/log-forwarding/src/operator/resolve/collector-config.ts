// From a validated forwarder to what its collectors read: everything resolved, nothing left to look up.
import type {
  CollectorConfig,
  FilterConfig,
  ForwarderIdentity,
  InputConfig,
  PipelineConfig,
} from '../../config/collector-config.ts';
import type { ForwarderSpec } from '../spec/forwarder-spec.ts';
import type { LegacyForwarderSpec } from '../spec/legacy-forwarder-spec.ts';
import type { Pipeline } from '../spec/shared-spec.ts';
import type { SecretReader } from './credentials.ts';
import { pipelineFilters, resolveFilter } from './filters.ts';
import { reservedInput, resolveInput, resolveLegacyInput } from './inputs.ts';
import { resolveLegacyOutput, resolveOutput } from './outputs.ts';

/** What a configuration takes from the cluster. */
export interface Surroundings {
  readonly forwarder: ForwarderIdentity;
  readonly clusterId: string;
  /** The prefix of log groups where a forwarder names none. */
  readonly clusterPrefix: string;
  readonly readSecret: SecretReader;
}

export function resolveLegacyForwarder(spec: LegacyForwarderSpec, around: Surroundings): CollectorConfig {
  const pipelines = spec.pipelines ?? [];
  const added = pipelines.map(pipelineFilters);
  const filters = new Map<string, FilterConfig>();
  for (const filter of spec.filters ?? []) {
    const { name = '', type = '' } = filter;
    filters.set(name, resolveFilter({ ...filter, name, type }));
  }
  for (const { before, after } of added) {
    for (const filter of [...before, ...after]) filters.set(filter.name, filter);
  }
  return {
    version: 1,
    forwarder: around.forwarder,
    clusterId: around.clusterId,
    inputs: inputsOf(pipelines, (spec.inputs ?? []).map(resolveLegacyInput)),
    filters: usedFilters(
      pipelines.flatMap(({ filterRefs = [] }) => filterRefs),
      filters,
      added.flatMap(({ before, after }) => [...before, ...after]),
    ),
    outputs: usedOutputs(pipelines, spec.outputs ?? []).map((output) =>
      resolveLegacyOutput(output, around.readSecret, around.clusterPrefix),
    ),
    pipelines: pipelines.map((pipeline, index): PipelineConfig => {
      const { before = [], after = [] } = added[index] ?? {};
      const refs = [...before.map(nameOf), ...(pipeline.filterRefs ?? []), ...after.map(nameOf)];
      return { ...pipelineOf(pipeline), filters: refs };
    }),
  };
}

export function resolveForwarder(spec: ForwarderSpec, around: Surroundings): CollectorConfig {
  const pipelines = spec.pipelines ?? [];
  const filters = new Map((spec.filters ?? []).map((filter) => [filter.name, resolveFilter(filter)]));
  return {
    version: 1,
    forwarder: around.forwarder,
    clusterId: around.clusterId,
    inputs: inputsOf(pipelines, (spec.inputs ?? []).map(resolveInput)),
    filters: usedFilters(
      pipelines.flatMap(({ filterRefs = [] }) => filterRefs),
      filters,
      [],
    ),
    outputs: usedOutputs(pipelines, spec.outputs ?? []).map((output) =>
      resolveOutput(output, around.readSecret),
    ),
    pipelines: pipelines.map((pipeline) => ({
      ...pipelineOf(pipeline),
      filters: pipeline.filterRefs ?? [],
    })),
  };
}

function pipelineOf({ name = '', inputRefs = [], outputRefs = [] }: Pipeline) {
  return { name, inputs: inputRefs, outputs: outputRefs };
}

/** Each input that a pipeline names, once. */
function inputsOf(
  pipelines: readonly Pipeline[],
  defined: readonly (InputConfig | undefined)[],
): InputConfig[] {
  const byName = new Map(defined.flatMap((input) => (input ? [[input.name, input] as const] : [])));
  const names = new Set(pipelines.flatMap(({ inputRefs = [] }) => inputRefs));
  return [...names].flatMap((name) => byName.get(name) ?? reservedInput(name) ?? []);
}

function usedOutputs<T extends { readonly name?: string }>(
  pipelines: readonly Pipeline[],
  outputs: readonly T[],
): T[] {
  const names = new Set(pipelines.flatMap(({ outputRefs = [] }) => outputRefs));
  return outputs.filter(({ name = '' }) => names.has(name));
}

function usedFilters(
  refs: readonly string[],
  filters: ReadonlyMap<string, FilterConfig>,
  added: readonly FilterConfig[],
): FilterConfig[] {
  const names = new Set([...refs, ...added.map(nameOf)]);
  return [...filters].flatMap(([name, filter]) => (names.has(name) ? [filter] : []));
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
