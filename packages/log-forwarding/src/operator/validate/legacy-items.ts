// Validation of inputs, filters and pipelines of logging.openshift.io/v1, in the words of logging 5.9.
import { invalid, isReady, type NewCondition, notReady, plainReady } from '../conditions.ts';
import type { LegacyFilter, LegacyForwarderSpec, LegacyInput } from '../spec/legacy-forwarder-spec.ts';
import { auditSources, infrastructureSources, isReservedInput } from '../spec/shared-spec.ts';
import { dropProblems, pruneProblems } from './filter-bodies.ts';
import { type Findings, goList, type ItemConditions } from './findings.ts';

const glob = /^[a-zA-Z0-9*-]*$/;

export function validateLegacyInputs({ inputs = [] }: LegacyForwarderSpec, found: Findings): void {
  for (const [index, input] of inputs.entries()) {
    const problem = inputProblem(input, found.inputs);
    const name = input.name || `input_${index}_`;
    found.inputs.set(name, [problem ?? plainReady]);
  }
}

function inputProblem(input: LegacyInput, seen: ItemConditions): NewCondition | undefined {
  const { name = '', application, infrastructure, audit, receiver } = input;
  if (name === '') return notReady('Invalid', 'input must have a name');
  if (isReservedInput(name)) return notReady('Invalid', `input name ${JSON.stringify(name)} is reserved`);
  if (seen.has(name)) return notReady('Invalid', `duplicate name: ${JSON.stringify(name)}`);
  const kinds = [application, infrastructure, audit, receiver].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) {
    return notReady(
      'Invalid',
      'inputspec must define one and only one of: application, infrastructure, audit or receiver',
    );
  }
  if (receiver) return notReady('Invalid', 'receiver inputs are not implemented');
  if (application) return applicationProblem(application);
  const [what, sources, known] = infrastructure
    ? (['infrastructure', infrastructure.sources, infrastructureSources] as const)
    : (['audit', audit?.sources, auditSources] as const);
  return sources === undefined || isSubset(sources, known)
    ? undefined
    : invalid(`${what} inputs must define at least one valid source: ${known.toSorted().join(',')}`);
}

function applicationProblem(application: NonNullable<LegacyInput['application']>): NewCondition | undefined {
  const { containerLimit, groupLimit, namespaces = [], includes = [], excludes = [] } = application;
  if (containerLimit && groupLimit) {
    return invalid('application input must define only one of container or group limit');
  }
  if (groupLimit) return invalid('groupLimit is not implemented: use containerLimit');
  if ((containerLimit?.maxRecordsPerSecond ?? 0) < 0) {
    return invalid('application input cannot have a negative limit threshold');
  }
  const lists = {
    namespaces,
    'namespace excludes': excludes.map(({ namespace = '' }) => namespace),
    'container excludes': excludes.map(({ container = '' }) => container),
    'namespace includes': includes.map(({ namespace = '' }) => namespace),
    'container includes': includes.map(({ container = '' }) => container),
  };
  const wrong = Object.entries(lists).find(([, globs]) => globs.some((each) => !glob.test(each)));
  return wrong && invalid(`invalid glob for ${wrong[0]}. Must match '${String.raw`^[a-zA-Z0-9\*\-]*$`}"`);
}

function isSubset(sources: readonly string[], known: readonly string[]): boolean {
  return sources.length > 0 && sources.every((source) => known.includes(source));
}

/** True when every filter is right. */
export function validateLegacyFilters({ filters = [] }: LegacyForwarderSpec, found: Findings): boolean {
  const names = new Set<string>();
  for (const [index, filter] of filters.entries()) {
    const { name = '' } = filter;
    const problems =
      name === '' || names.has(name)
        ? new Map([
            [
              `filter_${index}_`,
              name === '' ? 'filter must have a name' : `duplicate name: ${JSON.stringify(name)}`,
            ],
          ])
        : filterProblems(filter, name);
    for (const [key, message] of problems) found.filters.set(key, [notReady('Invalid', message)]);
    names.add(name);
  }
  return found.filters.size === 0;
}

/** By the place where each is shown: a drop filter has one for each test. */
function filterProblems(
  { type, drop, prune, kubeAPIAudit }: LegacyFilter,
  name: string,
): Map<string, string> {
  const bodies: Readonly<Record<string, unknown>> = { drop, prune, kubeAPIAudit };
  if (bodies[type ?? ''] === undefined) {
    return new Map([[name, 'Additional type specific spec is required for the filter type']]);
  }
  if (type === 'drop') {
    return new Map(
      [...dropProblems(drop ?? [])].map(([test, problem]) => [`${name}: test[${test}]`, problem]),
    );
  }
  const problems = type === 'prune' ? pruneProblems(prune ?? {}, ['.log_type', '.message']) : [];
  return problems.length > 0 ? new Map([[name, goList(problems)]]) : new Map<string, string>();
}

/** Needs the findings on inputs and outputs. Returns the names of the pipelines that are wrong. */
export function validateLegacyPipelines(spec: LegacyForwarderSpec, found: Findings): string[] {
  const { pipelines = [], filters = [] } = spec;
  const filterNames = new Set(filters.map(({ name }) => name ?? ''));
  for (const [index, pipeline] of pipelines.entries()) {
    const { name = '', inputRefs = [], outputRefs = [], filterRefs = [] } = pipeline;
    if (name === '' || found.pipelines.has(name)) {
      const problem = name === '' ? 'pipeline must have a name' : `duplicate name ${JSON.stringify(name)}`;
      found.pipelines.set(`pipeline_${index}_`, [notReady('Invalid', problem)]);
      continue;
    }
    const problems = [
      ...refProblems('inputs', inputRefs, (ref) => isReservedInput(ref) || isFine(found.inputs, ref)),
      ...refProblems('outputs', outputRefs, (ref) => isFine(found.outputs, ref)),
      ...refProblems('filters', filterRefs, (ref) => filterNames.has(ref)),
    ];
    found.pipelines.set(name, [
      problems.length > 0 ? invalid(`invalid: ${problems.join(', ')}`) : plainReady,
    ]);
  }
  return [...found.pipelines].filter(([, [condition]]) => !isReady(condition)).map(([name]) => name);
}

function isFine(items: ItemConditions, name: string): boolean {
  return isReady(items.get(name)?.[0]);
}

function refProblems(what: string, refs: readonly string[], fits: (ref: string) => boolean): string[] {
  const bad = [...new Set(refs.filter((ref) => !fits(ref)))].sort();
  const good = refs.some(fits);
  return [
    ...(bad.length > 0 ? [`unrecognized ${what}: ${goList(bad)}`] : []),
    ...(what !== 'filters' && !good ? [`no valid ${what}`] : []),
  ];
}
