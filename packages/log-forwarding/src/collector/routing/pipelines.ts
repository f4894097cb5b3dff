// The pipelines of a configuration, compiled: which of them take a log, with what filters, to which outputs.
import type { CollectorConfig, InputConfig, OutputConfig } from '../../config/collector-config.ts';
import { compileFilters, type FilterChain } from '../filters/record-filter.ts';
import type { LogOrigin } from '../names/log-names.ts';
import type { Output } from '../outputs/output.ts';
import { inputTakes } from './input-match.ts';

export interface PipelineOutput {
  readonly config: OutputConfig;
  readonly output: Output;
}

export interface Pipeline {
  readonly name: string;
  readonly inputs: readonly InputConfig[];
  readonly chain: FilterChain;
  readonly outputs: readonly PipelineOutput[];
}

/** A pipeline that takes a log, by the first of its inputs that does. */
export interface TakenBy {
  readonly pipeline: Pipeline;
  readonly input: InputConfig;
}

/** Compiles the pipelines. Throws when one names what is not there, or a filter cannot be compiled. */
export function compilePipelines(config: CollectorConfig, outputs: ReadonlyMap<string, Output>): Pipeline[] {
  const find = <T extends { readonly name: string }>(
    items: readonly T[],
    name: string,
    pipeline: string,
  ): T => {
    const found = items.find((item) => item.name === name);
    if (!found) throw new Error(`pipeline ${pipeline} names ${name}, which is not there`);
    return found;
  };
  return config.pipelines.map(({ name, inputs, filters, outputs: outputNames }) => ({
    name,
    inputs: inputs.map((input) => find(config.inputs, input, name)),
    chain: compileFilters(filters.map((filter) => find(config.filters, filter, name))),
    outputs: outputNames.map((outputName) => {
      const output = outputs.get(outputName);
      if (!output) throw new Error(`pipeline ${name} names the output ${outputName}, which is not there`);
      return { config: find(config.outputs, outputName, name), output };
    }),
  }));
}

/** The pipelines that take a log. */
export function pipelinesOf(pipelines: readonly Pipeline[], origin: LogOrigin): TakenBy[] {
  return pipelines.flatMap((pipeline) => {
    const input = pipeline.inputs.find((candidate) => inputTakes(candidate, origin));
    return input ? [{ pipeline, input }] : [];
  });
}
