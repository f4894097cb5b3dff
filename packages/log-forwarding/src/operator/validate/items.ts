// Validation of inputs, filters and pipelines of observability.openshift.io/v1, in the words of logging 6.
import { quantityValue } from '../quantity.ts';
import type { NewCondition } from '../conditions.ts';
import type { ContainerTuning, Filter, ForwarderSpec, Input } from '../spec/forwarder-spec.ts';
import { isReservedInput, type Pipeline } from '../spec/shared-spec.ts';
import { dropProblems, pruneProblems } from './filter-bodies.ts';
import { type Findings, goList } from './findings.ts';

const glob = /^[a-zA-Z0-9*-]*$/;
const globText = String.raw`^[a-zA-Z0-9\*\-]*$`;
const missingBody = 'Additional type specific spec is required for the';

export type ItemName = 'Input' | 'Output' | 'Filter' | 'Pipeline';

/** `observability.openshift.io/Valid<Item>-<name>`: true when there is no problem. */
export function itemCondition(item: ItemName, name: string, problems: readonly string[]): NewCondition {
  const valid = problems.length === 0;
  return {
    type: `observability.openshift.io/Valid${item}-${name}`,
    status: valid ? 'True' : 'False',
    reason: valid ? 'ValidationSuccess' : 'ValidationFailure',
    message: valid ? `${item.toLowerCase()} ${JSON.stringify(name)} is valid` : problems.join(','),
  };
}

export function validateInputs({ inputs = [] }: ForwarderSpec, found: Findings): void {
  for (const input of inputs) {
    const problems = found.inputs.has(input.name) ? [duplicate(input.name)] : inputProblems(input);
    found.inputs.set(input.name, [itemCondition('Input', input.name, problems)]);
  }
}

function inputProblems(input: Input): string[] {
  const { name, type, application } = input;
  if (isReservedInput(name)) return [`input name ${JSON.stringify(name)} is reserved`];
  if (type === 'receiver') return ['receiver inputs are not implemented'];
  if (input[type] === undefined) return [`${name} has nil ${type} spec`];
  // A null application means all of them, as in the original.
  if (type === 'application') {
    const { tuning, ...selection } = application ?? {};
    return [...globProblems(selection), ...tuningProblems(tuning)];
  }
  const { sources, tuning } = sourcesOf(input);
  if (sources?.length === 0) return [`${name} must define at least one valid source`];
  return tuningProblems(tuning);
}

function sourcesOf({ type, infrastructure, audit }: Input) {
  return type === 'infrastructure'
    ? { sources: infrastructure?.sources, tuning: infrastructure?.tuning?.container }
    : { sources: audit?.sources, tuning: undefined };
}

function globProblems({ includes = [], excludes = [] }: NonNullable<Input['application']>): string[] {
  const wrong = Object.entries({ includes, excludes }).flatMap(([list, globs]) =>
    globs.flatMap((each, index) =>
      (['namespace', 'container'] as const)
        .filter((part) => !glob.test(each[part] ?? ''))
        .map((part) => `${list}[${index}].${part}`),
    ),
  );
  return wrong.length > 0 ? [`globs must match "${globText}" for: ${wrong.join(',')}`] : [];
}

function tuningProblems({ rateLimitPerContainer, maxMessageSize }: ContainerTuning = {}): string[] {
  const problems: string[] = [];
  if ((rateLimitPerContainer?.maxRecordsPerSecond ?? 0) < 0) {
    problems.push('rateLimitPerContainer.maxRecordsPerSecond must not be negative');
  }
  const bytes = maxMessageSize === undefined ? 1 : quantityValue(maxMessageSize);
  if (bytes === undefined || bytes <= 0) problems.push('maxMessageSize must be a positive quantity');
  return problems;
}

export function validateFilters({ filters = [] }: ForwarderSpec, found: Findings): void {
  for (const filter of filters) {
    const problems = found.filters.has(filter.name) ? [duplicate(filter.name)] : filterProblems(filter);
    found.filters.set(filter.name, [itemCondition('Filter', filter.name, problems)]);
  }
}

function filterProblems(filter: Filter): string[] {
  const { name, type, drop = [], prune = {}, kubeAPIAudit, openshiftLabels } = filter;
  const bodies: Readonly<Record<string, unknown>> = {
    drop: filter.drop,
    prune: filter.prune,
    kubeAPIAudit,
    openshiftLabels,
  };
  if (type in bodies && bodies[type] === undefined) return [`${missingBody} filter type`];
  if (type === 'drop') {
    if (drop.length === 0) return [`${JSON.stringify(name)} drop filter must have at least one test spec'd`];
    return [...dropProblems(drop)].map(([index, problem]) => `${name}: test[${index}] ${problem}`);
  }
  if (type !== 'prune') return [];
  if (!prune.in && !prune.notIn) return [`${name} prune filter must have one or both of \`in\`, \`notIn\``];
  const problems = pruneProblems(prune, ['.log_type', '.log_source', '.message']);
  return problems.length > 0 ? [`${name}: ${goList(problems)}`] : [];
}

export function validatePipelines(spec: ForwarderSpec, found: Findings): void {
  const { inputs = [], outputs = [], filters = [], pipelines = [] } = spec;
  const known: KnownNames = {
    inputs: new Set([...inputs.map(({ name }) => name), 'application', 'audit', 'infrastructure']),
    outputs: new Set(outputs.map(({ name }) => name)),
    filters: new Set(filters.map(({ name }) => name)),
  };
  for (const pipeline of pipelines) {
    const { name = '' } = pipeline;
    const problems = pipelineProblems(pipeline, known);
    if (found.pipelines.has(name)) problems.push(duplicate(name));
    found.pipelines.set(name, [itemCondition('Pipeline', name, problems)]);
  }
}

type KnownNames = Readonly<Record<'inputs' | 'outputs' | 'filters', ReadonlySet<string>>>;

function pipelineProblems({ inputRefs = [], outputRefs = [], filterRefs = [] }: Pipeline, known: KnownNames) {
  const refs = { inputs: inputRefs, outputs: outputRefs, filters: filterRefs };
  const lost = (['inputs', 'outputs', 'filters'] as const).flatMap((kind) => {
    const unknown = refs[kind].filter((ref) => !known[kind].has(ref));
    return unknown.length > 0 ? [`${kind}${goList(unknown)}`] : [];
  });
  const problems = lost.length > 0 ? [`refs not found: ${lost.join(',')}`] : [];
  if (inputRefs.length === 0) problems.push('inputRefs must name at least one input');
  if (outputRefs.length === 0) problems.push('outputRefs must name at least one output');
  return problems;
}

function duplicate(name: string): string {
  return `duplicate name: ${JSON.stringify(name)}`;
}
