// The filters of a pipeline, compiled, in their order.
import type { FilterConfig } from '../../config/collector-config.ts';
import type { MutableRecord } from '../records/container-record.ts';
import { compileAuditPolicy } from './audit-policy.ts';
import { compileDrop } from './drop.ts';
import type { RecordFilter } from './filter-function.ts';
import { labelFilter } from './openshift-labels.ts';
import { parseMessage } from './parse.ts';
import { compilePrune } from './prune.ts';

export interface FilterChain {
  /** Exceptions that are spread over lines are put together before anything else. */
  readonly joinsExceptions: boolean;
  /** True when no filter looks at what a line brings: then they run once for a container and not for each line. */
  readonly isStatic: boolean;
  readonly filters: readonly RecordFilter[];
}

/** The filters of a pipeline in their order. */
export function compileFilters(configs: readonly FilterConfig[]): FilterChain {
  const others = configs.filter(({ type }) => type !== 'detectMultilineException');
  return {
    joinsExceptions: others.length < configs.length,
    isStatic: others.every(({ type }) => type === 'prune' || type === 'openshiftLabels'),
    filters: others.map(compileFilter),
  };
}

function compileFilter(config: FilterConfig): RecordFilter {
  switch (config.type) {
    case 'drop':
      return compileDrop(config.drop);
    case 'prune':
      return compilePrune(config.prune);
    case 'kubeAPIAudit':
      return compileAuditPolicy(config.kubeAPIAudit);
    case 'parse':
      return parseMessage;
    case 'openshiftLabels':
      return labelFilter(config.labels);
    case 'detectMultilineException':
      return () => true;
  }
}

/** Runs all filters; false when one of them dropped the record. */
export function applyFilters(chain: FilterChain, record: MutableRecord): boolean {
  return chain.filters.every((filter) => filter(record));
}
