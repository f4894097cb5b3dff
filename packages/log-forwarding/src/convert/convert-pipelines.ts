// Pipelines: one becomes two where the logs of applications go elsewhere than the others.
import type { Filter } from '../operator/spec/forwarder-spec.ts';
import type { LegacyPipeline } from '../operator/spec/legacy-forwarder-spec.ts';
import { isReservedInput, type Pipeline } from '../operator/spec/shared-spec.ts';
import type { Notes } from './conversion.ts';
import type { PipelineFilters } from './convert-filters.ts';
import { type ConvertedInput, reservedInput } from './convert-inputs.ts';
import type { ConvertedOutput } from './convert-outputs.ts';
import type { ItemNames } from './item-names.ts';

export interface Converted {
  /** By the former names. */
  readonly inputs: ReadonlyMap<string, ConvertedInput>;
  readonly outputs: ReadonlyMap<string, ConvertedOutput>;
  readonly filters: ReadonlyMap<string, Filter>;
  readonly pipelineFilters: PipelineFilters;
}

export function convertPipeline(
  pipeline: LegacyPipeline,
  converted: Converted,
  { names, notes }: { readonly names: ItemNames; readonly notes: Notes },
): Pipeline[] {
  const { name = '', inputRefs = [], outputRefs = [], filterRefs = [] } = pipeline;
  const inputs = inputRefs.flatMap((ref) =>
    isReservedInput(ref) ? reservedInput(ref) : (converted.inputs.get(ref) ?? []),
  );
  const outputs = outputRefs.flatMap((ref) => converted.outputs.get(ref) ?? []);
  if (inputs.length === 0 || outputs.length === 0) {
    notes.add(`pipeline "${name}" was left out: nothing is left that it could forward, or where to`);
    return [];
  }
  const own = filterRefs.flatMap((ref) => converted.filters.get(ref)?.name ?? []);
  const refs = converted.pipelineFilters.refsOf(pipeline, own);
  const pipelineOf = (pipelineName: string, kind: 'application' | 'others'): Pipeline => ({
    name: pipelineName,
    inputRefs: unique(inputs.flatMap((input) => input[kind])),
    outputRefs: unique(outputs.map((output) => output[kind].name)),
    ...(refs.length > 0 ? { filterRefs: refs } : {}),
  });
  const first = names.take(name);
  const application = pipelineOf(first, 'application');
  const others = pipelineOf(first, 'others');
  const together = application.outputRefs?.join() === others.outputRefs?.join();
  if (together) {
    const all = unique(inputs.flatMap((input) => [...input.application, ...input.others]));
    return [{ ...application, inputRefs: all }];
  }
  const parts = [application, others].filter(({ inputRefs: taken = [] }) => taken.length > 0);
  const [one, two] = parts;
  return one && two ? [one, { ...two, name: names.derive(`${first}-by-type`) }] : parts;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
