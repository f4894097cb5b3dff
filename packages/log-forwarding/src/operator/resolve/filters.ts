// Filters as the collector reads them; what logging 5 writes into a pipeline becomes a filter here.
import type { AuditPolicy, DropTest, FilterConfig } from '../../config/collector-config.ts';
import type { Filter } from '../spec/forwarder-spec.ts';
import type { LegacyPipeline } from '../spec/legacy-forwarder-spec.ts';
import type { FilterBodies } from '../spec/shared-spec.ts';

const defaultOmittedCodes = [404, 409, 422, 429];

type AnyFilter = FilterBodies & Pick<Filter, 'name' | 'type' | 'openshiftLabels'>;

/** A validated filter of either group. */
export function resolveFilter(filter: AnyFilter): FilterConfig {
  const { name, type, openshiftLabels = {}, prune } = filter;
  if (type === 'drop') return { name, type, drop: dropTests(filter) };
  if (type === 'prune') return { name, type, prune: { in: prune?.in, notIn: prune?.notIn } };
  if (type === 'openshiftLabels') return { name, type, labels: openshiftLabels };
  if (type === 'kubeAPIAudit') return { name, type, kubeAPIAudit: auditPolicy(filter) };
  return { name, type: type === 'parse' ? 'parse' : 'detectMultilineException' };
}

function dropTests({ drop = [] }: FilterBodies): DropTest[] {
  return drop.map(({ test = [] }) => ({
    test: test.map(({ field = '', matches, notMatches }) => ({
      field,
      // Empty is absent in Go.
      matches: matches || undefined,
      notMatches: notMatches || undefined,
    })),
  }));
}

function auditPolicy({ kubeAPIAudit = {} }: FilterBodies): AuditPolicy {
  const { rules = [], omitStages = [], omitResponseCodes } = kubeAPIAudit;
  return { rules, omitStages, omitResponseCodes: omitResponseCodes ?? defaultOmittedCodes };
}

/**
 * The filters that the pipeline's own fields stand for, in the order in which they run: lines are joined before anything
 * looks at them, parsed last but for labels. Their names cannot be those of a user's filter.
 */
export function pipelineFilters(pipeline: LegacyPipeline): { before: FilterConfig[]; after: FilterConfig[] } {
  const { name = '', labels = {}, parse, detectMultilineErrors } = pipeline;
  const before: FilterConfig[] = detectMultilineErrors
    ? [{ name: 'pipeline/multiline', type: 'detectMultilineException' }]
    : [];
  const after: FilterConfig[] = [];
  if (parse === 'json') after.push({ name: 'pipeline/parse', type: 'parse' });
  if (Object.keys(labels).length > 0) {
    after.push({ name: `pipeline/${name}/labels`, type: 'openshiftLabels', labels });
  }
  return { before, after };
}
